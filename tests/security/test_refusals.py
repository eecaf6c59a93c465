"""What a client's exception means for people, as far as no broker is needed to find out."""

import ssl

import pytest
from aiokafka import TopicPartition  # type: ignore[import-untyped]
from aiokafka.errors import (  # type: ignore[import-untyped]
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    TopicAuthorizationFailedError,
)

from streams.refusals import refusal
from streams.settings import Settings

SETTINGS = Settings(
    brokers=("kafka.example:9093",),
    security_protocol="SASL_SSL",
    sasl_mechanism="SCRAM-SHA-512",
    sasl_username="me",
    sasl_password="kwispelbeest",  # noqa: S106 - to see that it is not said
)


@pytest.mark.parametrize(
    "error",
    [
        TopicAuthorizationFailedError("skating.pace"),
        TopicAuthorizationFailedError({"skating.pace"}),
        TopicAuthorizationFailedError(TopicPartition("skating.pace", 3)),
    ],
)
def test_a_topic_is_named_however_the_client_names_it(error: Exception) -> None:
    """By its name, in a set, or as a partition; also where the exception is what caused another one."""
    outer = RuntimeError("while sending")
    outer.__cause__ = error
    said = refusal(outer, SETTINGS)
    assert said is not None
    assert "does not let User:me use the topic skating.pace: it needs an ACL for Read; " in said


def test_a_group_that_is_not_named_is_ours() -> None:
    """The client sometimes leaves out which group it was."""
    said = refusal(GroupAuthorizationFailedError(), SETTINGS, "producer")
    assert said is not None
    assert "use the group slotrit: it needs an ACL for Describe; " in said


def test_a_broker_that_is_away_refuses_nothing() -> None:
    """Waiting helps there, and so it is somebody else's to tell."""
    assert refusal(KafkaConnectionError("connection closed"), SETTINGS) is None
    assert refusal(None, SETTINGS) is None


def test_no_tls_at_the_other_end_is_told() -> None:
    """The port of a listener in the clear is easily taken for another."""
    error = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")
    said = refusal(error, SETTINGS)
    assert said is not None
    assert said.startswith("the Kafka broker at kafka.example:9093 and we do not come to terms over TLS (")


@pytest.mark.parametrize(
    ("topic", "told"),
    [
        (
            "skating.dead-letters",
            "Read; `slotrit topics --acls operator=User:me` prints the commands that grant it",
        ),
        ("skating.pace", "Read; `slotrit topics --acls viewer=User:me` prints the commands that grant it"),
        ("skating.results", "Read; kafka-acls.sh grants it"),
    ],
)
def test_the_role_that_is_named_has_what_is_lacking(topic: str, told: str) -> None:
    """A recording may be of any topic, and no command may be named that would not grant it."""
    said = refusal(TopicAuthorizationFailedError(topic), SETTINGS, "operator")
    assert said is not None
    assert said.endswith(f"use the topic {topic}: it needs an ACL for {told}")
