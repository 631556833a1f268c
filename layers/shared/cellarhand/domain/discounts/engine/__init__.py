"""From rules and a visit to a price: compile, match, combine, explain."""
