"""Compare the ledger with the CRM's own orders."""
