"""Runs: start, select, send orders, show."""
