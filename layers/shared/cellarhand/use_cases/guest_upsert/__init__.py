"""Getting a guest into the CRM, at once or later."""
