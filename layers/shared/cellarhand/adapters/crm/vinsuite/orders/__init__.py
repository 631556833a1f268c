"""Orders and products: reading, writing, and the windows to read in."""
