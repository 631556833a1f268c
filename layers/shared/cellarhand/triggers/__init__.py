"""What starts us besides HTTP: queues, the clock, a table's stream. One module per trigger."""
