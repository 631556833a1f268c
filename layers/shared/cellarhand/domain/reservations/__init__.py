"""The reservation aggregate: intake, guest, order, and changes after sync."""
