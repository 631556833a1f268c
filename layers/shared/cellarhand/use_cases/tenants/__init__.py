"""Onboarding, settings, access keys, audit."""
