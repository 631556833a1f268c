"""What joins the ports to the outside world: one file or folder per outside system."""
