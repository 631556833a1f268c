"""Stored quotes, and what a snapshot's price is checked against."""
