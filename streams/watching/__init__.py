"""Watching live in a terminal: what was heard, how it is said, and how it is drawn."""
