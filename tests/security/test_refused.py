"""What is said where a password, a certificate or an ACL is wrong: one line, from every command."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.security.guarded import ELSEWHERE, EXPIRED, GOOD, SECRET
from tests.security.installation import FIXTURES, GROUP, PREFIX, Installation

EVENTS = str(FIXTURES / "torture.jsonl")
WORKER = ("worker", "worker")
TOPICS = ("setup", "topics")
REPLAY = ("timing", "replay", EVENTS, "--speed", "max", "--no-wait", "--kafka")
WATCH = ("viewer", "watch", "--once")
LETTERS = ("duty", "dead-letters", "list")


def complaint(guarded: Installation, command: tuple[str, ...], **settings: str) -> str:
    """Run a command that is refused; give its one line."""
    user, *arguments = command
    if arguments[-1] == "--kafka":
        arguments.append(settings.get("brokers", guarded.doors[GOOD]))
    done = guarded.run(user, *arguments, **settings)
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (1, "", 1), done.stdout + done.stderr
    assert SECRET not in lines[0]
    return lines[0]


@pytest.mark.parametrize("command", [WORKER, TOPICS, REPLAY, WATCH], ids=lambda command: command[1])
def test_a_wrong_password_is_one_line(guarded: Installation, command: tuple[str, ...]) -> None:
    """It is not tried again, and the password is not told."""
    said = complaint(guarded, command, sasl_password="wrong")  # noqa: S106 - it is
    assert said == (
        f"slotrit: the Kafka broker at {guarded.doors[GOOD]} does not let the user {command[0]} in: check "
        "sasl_username and sasl_password, and that the broker knows the user for SCRAM-SHA-512"
    )


@pytest.mark.parametrize(
    ("command", "door", "authority", "words"),
    [
        (WORKER, EXPIRED, True, "has expired: it has to be renewed there"),
        (REPLAY, EXPIRED, True, "has expired: it has to be renewed there"),
        (WATCH, ELSEWHERE, True, "is for another host (IP address mismatch"),
        (TOPICS, GOOD, False, "set ssl_cafile to the authority's certificate"),
    ],
    ids=["worker-expired", "replay-expired", "watch-other-host", "topics-unknown-authority"],
)
def test_a_certificate_that_is_not_to_be_trusted_is_one_line(
    guarded: Installation, command: tuple[str, ...], door: str, authority: bool, words: str
) -> None:
    """It says what is wrong with it and what to do."""
    trusted = str(guarded.authority) if authority else ""
    said = complaint(guarded, command, brokers=guarded.doors[door], ssl_cafile=trusted)
    assert said.startswith(f"slotrit: the certificate of the Kafka broker at {guarded.doors[door]} ")
    assert words in said


@pytest.mark.parametrize(
    ("command", "lacking", "needed"),
    [
        (WATCH, ("Read", "topic", f"{PREFIX}skating.podium"), "Read"),
        (REPLAY, ("Write", "topic", f"{PREFIX}skating.reference"), "Read, Write"),
        (WORKER, ("Write", "topic", f"{PREFIX}skating.pace"), "DescribeConfigs, Write"),
        (WORKER, ("DescribeConfigs", "topic", f"{PREFIX}skating.pace"), "DescribeConfigs, Write"),
        (TOPICS, ("Describe", "topic", f"{PREFIX}skating.pace"), "Create, Describe, DescribeConfigs"),
        (LETTERS, ("Read", "topic", f"{PREFIX}skating.dead-letters"), "Read"),
    ],
    ids=[
        "watch-read",
        "replay-write",
        "worker-write",
        "worker-configuration",
        "topics-describe",
        "letters-read",
    ],
)
def test_an_acl_that_is_lacking_is_one_line(
    guarded: Installation, command: tuple[str, ...], lacking: tuple[str, str, str], needed: str
) -> None:
    """It says which, and with which command it is granted."""
    user = command[0]
    role = {"timing": "producer", "duty": "operator"}.get(user, user)
    with guarded.without(user, *lacking):
        said = complaint(guarded, command)
    assert said.removeprefix("slotrit: ").removeprefix(f"{EVENTS}:10: could not be delivered: ") == (
        f"the Kafka broker at {guarded.doors[GOOD]} does not let User:{user} use the topic "
        f"{lacking[2]}: it needs an ACL for {needed}; `slotrit topics --acls {role}=User:{user}` prints the "
        "commands that grant it"
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [("group", GROUP), ("topic", f"{PREFIX}slotrit.races.changelog"), ("transactional-id", f"{GROUP}-")],
    ids=["group", "changelog", "voice"],
)
def test_a_worker_that_is_refused_while_it_starts_ends(guarded: Installation, kind: str, name: str) -> None:
    """Also where Faust would wait for ever for partitions that it never gets."""
    if kind == "topic":
        # Only a changelog with something in it is read when a worker starts.
        with guarded.running("worker", "worker") as worker:
            worker.until("worker.started")
            guarded.ran("timing", "replay", EVENTS, "--kafka", guarded.doors[GOOD], "--speed", "max")
    operation = "Write" if kind == "transactional-id" else "Read"
    with guarded.without("worker", operation, kind, name), guarded.running("worker", "worker") as worker:
        assert worker.ended() == 1
    # Voices are claimed beside the start, which may be over before the broker has refused one.
    refused = [line for line in worker.lines if "worker.started" not in line]
    assert len(refused) == 1, worker.lines
    assert f"does not let User:worker use the {kind.replace('-', ' ')} {name}" in refused[0]
    assert ": it needs an ACL for " in refused[0]


def test_a_worker_ends_when_it_may_not_write_any_more(guarded: Installation) -> None:
    """An ACL that is taken away while it runs ends it with one line and code 1: it has lost nothing."""
    topic = f"{PREFIX}skating.dead-letters"
    with guarded.running("worker", "worker") as worker:
        worker.until("worker.started")
        with guarded.without("worker", "Write", "topic", topic):
            guarded.ran(
                "timing", "replay", EVENTS, "--kafka", guarded.doors[GOOD], "--speed", "max", "--no-wait"
            )
            assert worker.ended() == 1
    refused = [line for line in worker.lines if "message.unusable" not in line][1:]
    assert len(refused) == 1, refused
    assert f"use the topic {topic}: it needs an ACL for DescribeConfigs, Write" in refused[0]


def test_a_gateway_stays_and_says_once_why_it_is_stale(guarded: Installation) -> None:
    """It serves what it has, and goes on where it was when it is let in again."""
    topic = f"{PREFIX}skating.podium"
    with guarded.running("viewer", "serve", "--port", "0") as gateway:
        gateway.until("gateway.read")
        with guarded.without("viewer", "Read", "topic", topic):
            reason = gateway.until("gateway.kafka_away")
        gateway.until("gateway.kafka_back")
        assert gateway.process.poll() is None
    assert f"use the topic {topic}: it needs an ACL for Read" in reason
    assert sum("gateway.kafka_away" in line for line in gateway.lines) == 1


def test_a_gateway_with_a_wrong_password_stays_and_says_so_once(guarded: Installation) -> None:
    """The password may be mended on the broker; until then it tries again, and says nothing more."""
    with guarded.running("viewer", "serve", "--port", "0", sasl_password="wrong") as gateway:  # noqa: S106 - it is
        reason = gateway.until("gateway.kafka_away")
    assert "does not let the user viewer in: check sasl_username and sasl_password" in reason
    assert [line for line in gateway.lines if "gateway." in line] == [reason]


def on_screen(folder: Path) -> tuple[str, ...]:
    """Give the arguments of a dispatcher that tells podiums to the terminal."""
    rules = folder / "alerts.toml"
    rules.write_text(
        '[[sinks]]\nname = "screen"\ntype = "terminal"\n\n[[rules]]\npodium = "decided"\n', "utf-8"
    )
    return (f"--rules={rules}", f"--state={folder / 'alerts.sqlite3'}")


def test_alerts_wait_for_an_acl_and_say_once_which(guarded: Installation, tmp_path: Path) -> None:
    """They go on by themselves when they are let in."""
    topic = f"{PREFIX}skating.podium"
    with ExitStack() as taken_away:
        taken_away.enter_context(guarded.without("viewer", "Read", "topic", topic))
        with guarded.running("viewer", "alert", *on_screen(tmp_path)) as alerts:
            reason = alerts.until("cannot read")
            taken_away.close()
            alerts.until("reading again")
            assert alerts.process.poll() is None
    assert f"does not let User:viewer use the topic {topic}: it needs an ACL for Read" in reason
    assert sum("cannot read" in line for line in alerts.lines) == 1


@pytest.mark.parametrize(
    ("door", "password", "words"),
    [
        (GOOD, "wrong", "does not let the user viewer in: check sasl_username and sasl_password"),
        (EXPIRED, "", "has expired: it has to be renewed there"),
    ],
    ids=["password", "certificate"],
)
def test_alerts_that_are_not_let_in_stay_and_say_so_once(
    guarded: Installation, tmp_path: Path, door: str, password: str, words: str
) -> None:
    """What they know already still goes out; the password and the certificate may be mended on the broker."""
    told = {"brokers": guarded.doors[door], **({"sasl_password": password} if password else {})}
    with guarded.running("viewer", "alert", *on_screen(tmp_path), **told) as alerts:
        assert words in alerts.until("cannot read")
        assert alerts.process.poll() is None
    assert sum("cannot read" in line for line in alerts.lines) == 1
