"""The steps, without Kafka: a step turns its state and one message into a new state and messages."""
