"""List and resolve adjustments."""
