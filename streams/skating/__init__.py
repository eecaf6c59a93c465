"""The sport: frozen data and plain functions, without Kafka, clock, files or logging."""
