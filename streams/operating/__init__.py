"""How a worker is doing: what it counts, whether it goes on, and what became of each message."""
