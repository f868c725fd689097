"""Scores, free-run realism, question hindcast and sense tests: how far a number may be believed."""
