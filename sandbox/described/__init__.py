"""The API by its own description: what is sent and answered is held against docs/openapi.json."""
