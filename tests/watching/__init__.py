"""Watching live in a terminal."""
