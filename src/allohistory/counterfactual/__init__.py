"""Other worlds: interventions under history's own luck, and what they cost in bits."""
