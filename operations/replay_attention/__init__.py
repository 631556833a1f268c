"""Tries again what waits for a person at one winery, once the cause is mended: guests and refused orders."""
