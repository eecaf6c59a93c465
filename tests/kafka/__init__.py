"""What is promised about brokers, on a real Apache Kafka with real workers."""
