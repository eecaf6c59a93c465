"""The rankings, pure."""
