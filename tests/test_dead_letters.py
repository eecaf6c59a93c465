"""What was set aside can be listed, read and taken out again, whatever is in it."""

import asyncio
from types import SimpleNamespace
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer  # type: ignore[import-untyped]

from streams.cli import run
from streams.dead_letters import in_a_line, in_full, letter_of
from streams.processing.messages import Published, Received, dead_letter
from streams.settings import Settings
from streams.topic_setup import create_topics

RACE = b"cup/M500/A"
AT_MS = 1_700_000_000_000


def _record(letter: Published) -> SimpleNamespace:
    """Make the record that Kafka gives of a letter."""
    return SimpleNamespace(key=letter.key, value=letter.value, headers=letter.headers, timestamp=AT_MS)


def test_a_letter_says_all_that_is_known_of_it() -> None:
    """Place, key, reason and traceback, and the headers that were its own."""
    received = Received("timing", 3, 1042, RACE, b'{"type":', (("ce_id", b"7"), ("station", b"north")))

    letter = letter_of(_record(dead_letter(received, "value: is no JSON", "Traceback\n  in fold")))

    assert in_a_line(letter) == "2023-11-14 22:13:20Z  skating.timing/3/1042  cup/M500/A  value: is no JSON"
    assert in_full(letter).splitlines() == [
        "stood at   skating.timing/3/1042",
        "set aside  2023-11-14T22:13:20.000+00:00",
        "key        cup/M500/A",
        "reason     value: is no JSON",
        "header     station: north",
        'value      {"type":',
        "traceback",
        "    Traceback",
        "      in fold",
    ]


def test_what_a_terminal_would_obey_is_escaped() -> None:
    """A message from anywhere must not move the cursor of whoever reads it."""
    received = Received("timing", 0, 1, b"\x1b[2J", b"\xff\x07", (("\x1b[1m", b"\r"),))

    letter = letter_of(_record(dead_letter(received, "race_id: got '\x1b]0;x\x07'")))

    told = in_full(letter) + in_a_line(letter)
    assert told.replace("\n", "").isprintable()
    assert r"\xff\x07" in told


async def _published(settings: Settings, *letters: Published) -> None:
    await create_topics(settings)
    async with AIOKafkaProducer(bootstrap_servers=list(settings.brokers or ())) as producer:
        for letter in letters:
            await producer.send_and_wait(
                f"{settings.topic_prefix}skating.dead-letters",
                letter.value,
                key=letter.key,
                headers=list(letter.headers),
            )


def test_letters_on_kafka_are_listed_once_and_shown_to_the_byte(
    kafka_address: str, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A worker that died may have said one twice; `--value` gives what is to be mended."""
    settings = Settings(brokers=(kafka_address,), topic_prefix=f"{uuid4().hex[:8]}.", partitions=1)
    first = dead_letter(Received("timing", 0, 4, RACE, b'{"type": "x"}\xff'), "type: is not one of ours")
    second = dead_letter(Received("reference", 0, 9, None, b"{}"), "type: is missing")
    asyncio.run(_published(settings, first, second, first))
    monkeypatch.setenv("SLOTRIT_TOPIC_PREFIX", settings.topic_prefix)
    monkeypatch.setenv("SLOTRIT_BROKERS", kafka_address)

    assert run(["dead-letters", "list"]) == 0
    listed = capfdbinary.readouterr().out.decode().splitlines()
    assert run(["dead-letters", "show", "skating.timing/0/4", "--value"]) == 0
    value = capfdbinary.readouterr().out
    assert run(["dead-letters", "show", "skating.reference/0/9"]) == 0
    shown = capfdbinary.readouterr().out.decode()
    assert run(["dead-letters", "show", "skating.timing/0/5"]) == 1
    complaint = capfdbinary.readouterr().err.decode()

    assert [line.split("  ")[1:] for line in listed] == [
        ["skating.timing/0/4", "cup/M500/A", "type: is not one of ours"],
        ["skating.reference/0/9", "(no key)", "type: is missing"],
    ]
    assert value == b'{"type": "x"}\xff'
    assert "reason     type: is missing" in shown
    assert complaint.startswith("slotrit: nothing was set aside of skating.timing/0/5")
