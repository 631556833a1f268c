"""The discount schema: the document that a winery writes."""
