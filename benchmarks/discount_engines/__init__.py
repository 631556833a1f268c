"""The same discount decisions made by Cellarhand, by zen-engine and by a plain loop over all rules."""
