"""The sport, tested without Kafka, clock or files."""
