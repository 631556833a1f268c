"""Every route, by subject; a function's app.py names the ones it serves."""
