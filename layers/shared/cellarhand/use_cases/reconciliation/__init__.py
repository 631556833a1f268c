"""Scheduled checks after a run, and the report staff ask for."""
