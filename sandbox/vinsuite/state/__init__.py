"""What the simulator keeps: wineries, their books, and the calls that it was sent."""
