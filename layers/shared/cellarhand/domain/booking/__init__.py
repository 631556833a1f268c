"""What the booking engine says: the reservation snapshot and its guest."""
