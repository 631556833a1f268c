"""Per-tenant schedules, and the sweep for due work."""
