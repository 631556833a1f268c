"""Sync runs and the schedule that starts them."""
