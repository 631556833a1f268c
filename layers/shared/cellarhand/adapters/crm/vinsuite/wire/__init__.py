"""SOAP: envelopes, transport, reading replies, outcomes."""
