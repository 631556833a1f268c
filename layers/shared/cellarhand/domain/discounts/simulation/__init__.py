"""Pricing by a draft: one visit, or a replay of stored reservations."""
