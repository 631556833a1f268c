"""An order as the CRM will see it: number, lines, what changed, what to correct."""
