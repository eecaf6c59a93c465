"""The steps on Kafka: agents that move messages between topics, tables and the core, and nothing else."""
