"""A reservation and its life: intake, guest, order, changes after sync."""
