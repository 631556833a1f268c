"""The HTTP side of the API: routes, requests, JSON bodies, problems."""
