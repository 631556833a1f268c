"""Pricing by a draft of the schema, nothing stored."""
