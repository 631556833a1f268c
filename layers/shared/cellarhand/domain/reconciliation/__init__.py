"""The ledger held against the CRM's own orders."""
