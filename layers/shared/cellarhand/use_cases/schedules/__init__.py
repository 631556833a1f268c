"""Sync schedules of tenants, and the sweep for due work."""
