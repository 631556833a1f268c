"""Adjustments: changes after sync that staff must apply in the CRM by hand."""
