"""How the three brokers are set up."""

from pathlib import Path

from bench.chaos.cluster import server_settings


def test_a_broker_is_one_of_three_on_this_machine_only() -> None:
    """Everything is copied thrice, two must have it, and nobody listens but on loopback."""
    settings = server_settings(Path("/data"), 2, (1, 2, 3), (11, 12, 13))

    assert settings["node.id"] == "2"
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:2,CONTROLLER://127.0.0.1:12"
    assert settings["controller.quorum.voters"] == "1@127.0.0.1:11,2@127.0.0.1:12,3@127.0.0.1:13"
    assert settings["min.insync.replicas"] == "2"
    assert settings["offsets.topic.replication.factor"] == "3"
