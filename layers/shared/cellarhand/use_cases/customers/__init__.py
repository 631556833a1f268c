"""Looking a customer up and recognising a guest."""
