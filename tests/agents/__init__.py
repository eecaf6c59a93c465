"""The agents, without Kafka."""
