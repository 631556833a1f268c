"""What the probe asks, a module per subject."""
