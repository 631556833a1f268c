"""What several rooms read and save of reservations."""
