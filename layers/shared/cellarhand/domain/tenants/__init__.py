"""A winery: its settings, events, access keys and audit entries."""
