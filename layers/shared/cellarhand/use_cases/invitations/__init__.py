"""Invite lists, and whether a guest may book an invite-only event."""
