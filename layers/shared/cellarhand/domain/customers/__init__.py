"""Customers in the CRM, the best match among several, and the claim on an e-mail address."""
