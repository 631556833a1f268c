"""Groups of routes, for a function that has too many for its `app.py`."""
