"""A person in the CRM, which of several records is meant, and who owns an e-mail."""
