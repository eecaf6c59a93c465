"""Slotrit: a live results feed for long-track speed skating."""
