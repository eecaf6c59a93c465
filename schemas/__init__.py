"""The wire contract as pydantic models; it knows nothing of Kafka or of the rules of skating."""
