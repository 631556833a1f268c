"""One class per thing the system does; each sees ports, never adapters."""
