"""The contract as models: what they take, and what they refuse."""
