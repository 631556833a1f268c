"""Problem codes: what each means and what to do."""
