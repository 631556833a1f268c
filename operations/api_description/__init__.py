"""Generates the description of the API (OpenAPI 3.1) from the routes and their models."""
