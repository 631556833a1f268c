"""Members: reading and writing."""
