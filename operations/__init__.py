"""What operators run from their own machine, against AWS or the local stack; never deployed."""
