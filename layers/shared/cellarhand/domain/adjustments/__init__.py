"""A change after sync that staff must carry over by hand."""
