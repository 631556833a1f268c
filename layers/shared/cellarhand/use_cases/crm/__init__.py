"""Calling a CRM: breaker, rate limit, tenant lease, time budget."""
