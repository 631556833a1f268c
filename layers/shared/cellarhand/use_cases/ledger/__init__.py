"""Read and save reservations: what several rooms share."""
