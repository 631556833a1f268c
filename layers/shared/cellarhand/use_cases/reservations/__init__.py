"""Keeping, listing and retrying reservations."""
