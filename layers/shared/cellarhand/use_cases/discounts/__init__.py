"""Quotes, the schema and its versions, allowances."""
