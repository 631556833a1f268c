"""Listing and resolving adjustments."""
