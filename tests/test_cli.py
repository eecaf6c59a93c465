"""The command line: return codes, one clear line for an error, and what is printed where."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from streams.cli import run, slotrit

HOME = Path(__file__).parents[1]
STARTED = (
    '{"type": "pair.started", "race_id": "cup/M500/A", "pair": 1, "occurred_at": "2021-11-12T17:00:00Z"}\n'
)


@pytest.fixture(autouse=True)
def nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test in an empty directory and without variables of ours."""
    for variable in [name for name in os.environ if name.upper().startswith("SLOTRIT_")]:
        monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)


def failure(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Run a command that fails; give its code and its one line on standard error."""
    code = run(arguments)
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    return code, err.rstrip("\n")


CONTRACT = {"replay", "convert", "demo", "worker", "serve", "watch", "alert", "schema"}
"""The commands that CONTRACT.md names."""


def test_the_contract_s_commands_are_all_there() -> None:
    """Other programs call them."""
    assert set(slotrit.commands) > CONTRACT


@pytest.mark.parametrize("command", sorted(slotrit.commands))
def test_every_subcommand_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """--help explains and returns 0."""
    assert run([command, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: slotrit {command}")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """--version names command and version and returns 0."""
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("slotrit, version ")


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """`slotrit` alone is wrong use, and answers with the help."""
    assert run([]) == 2
    assert "Commands:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("skate",), "slotrit: No such command 'skate'. (see slotrit --help)"),
        (("replay",), "slotrit: Missing argument 'FILE...'. (see slotrit replay --help)"),
        (("replay", "a"), "slotrit: give either --out DIR or --kafka HOST:PORT (see slotrit replay --help)"),
        (("replay", "a", "--out", "o", "--kafka", "k:1"), "slotrit: give either --out DIR or --kafka"),
        (("replay", "a", "--out", "o", "--speed", "2"), "slotrit: --speed needs --kafka"),
        (("replay", "a", "--out", "o", "--no-wait"), "slotrit: --wait needs --kafka"),
        (("replay", "a", "--kafka", "k:1", "--openings"), "slotrit: --openings needs --out"),
        (("replay", "a", "--kafka", "k:1", "--speed", "0"), "slotrit: Invalid value for '--speed': must be"),
        (
            ("replay", "a", "--kafka", "k:1", "--speed", "nan"),
            "slotrit: Invalid value for '--speed': must be",
        ),
    ],
)
def test_wrong_use_is_one_line_and_returns_2(
    arguments: tuple[str, ...], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong use says what was wrong and where the help is."""
    code, line = failure(capsys, *arguments)

    assert code == 2
    assert line.startswith(complaint)


def test_a_malformed_line_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """File, line and reason on standard error, 1, and no directory."""
    (tmp_path / "events.jsonl").write_text(STARTED + "{oops\n", encoding="utf-8")

    code, line = failure(capsys, "replay", "events.jsonl", "--out", "out")

    assert code == 1
    assert line == "slotrit: events.jsonl:2: is no JSON: key must be a string at column 2"
    assert not (tmp_path / "out").exists()


def test_a_replay_in_memory_writes_a_file_for_each_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An event of an unknown race comes out as a dead letter; the other files are there and empty."""
    (tmp_path / "events.jsonl").write_text("# a header\n" + STARTED, encoding="utf-8")

    assert run(["replay", "events.jsonl", "--out", "out"]) == 0

    assert capsys.readouterr() == ("1 events to out: dead-letters 1\n", "")
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        f"{name}.jsonl"
        for name in ("standings", "field", "podium", "pace", "records", "needs", "rankings", "dead-letters")
    }
    letter = json.loads((tmp_path / "out" / "dead-letters.jsonl").read_text(encoding="utf-8"))
    assert letter["message"] == json.loads(STARTED)


def test_config_tells_values_and_origins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is in force goes to standard output; a variable that does nothing is a remark."""
    monkeypatch.setenv("SLOTRIT_PARTITIONS", "8")
    monkeypatch.setenv("SLOTRIT_BROKER", "kafka:9092")

    assert run(["config"]) == 0

    out, err = capsys.readouterr()
    assert "partitions 8 (SLOTRIT_PARTITIONS)" in [" ".join(line.split()) for line in out.splitlines()]
    assert err == "slotrit: SLOTRIT_BROKER: there is no such setting, it has no effect\n"


def test_a_wrong_setting_fails_every_command_alike(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The variable is named and 1 is returned."""
    monkeypatch.setenv("SLOTRIT_PARTITIONS", "many")

    code, line = failure(capsys, "topics")

    assert code == 1
    assert line.startswith("slotrit: SLOTRIT_PARTITIONS: ")


def test_without_a_broker_topics_says_how_to_name_one(capsys: pytest.CaptureFixture[str]) -> None:
    """No broker configured is a failure that names the variable and the option."""
    code, line = failure(capsys, "topics")

    assert code == 1
    assert line.startswith("slotrit: no broker is configured: set SLOTRIT_BROKERS=HOST:PORT")


def test_a_broker_that_is_not_there_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a bounded wait one line says where nobody answers; the client's own noise is not shown."""
    monkeypatch.setenv("SLOTRIT_BROKER_TIMEOUT_S", "0.2")

    code, line = failure(capsys, "topics", "--broker", "127.0.0.1:1")

    assert code == 1
    assert line.startswith("slotrit: the Kafka broker at 127.0.0.1:1 does not answer (waited 0.2 s): ")


@pytest.mark.parametrize("command", ["topics", "worker", "watch"])
def test_every_command_that_needs_kafka_says_so_alike(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A broker that does not answer ends a worker as it ends a watcher: one line, 1."""
    monkeypatch.setenv("SLOTRIT_BROKER_TIMEOUT_S", "0.2")

    code, line = failure(capsys, command, "--broker", "127.0.0.1:1")

    assert code == 1
    assert line.startswith("slotrit: the Kafka broker at 127.0.0.1:1 does not answer")


@pytest.fixture
def no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure SASL but for the password, as where secrets are only with what needs them."""
    monkeypatch.setenv("SLOTRIT_BROKERS", "127.0.0.1:1")
    monkeypatch.setenv("SLOTRIT_SECURITY_PROTOCOL", "SASL_PLAINTEXT")
    monkeypatch.setenv("SLOTRIT_SASL_MECHANISM", "PLAIN")
    monkeypatch.setenv("SLOTRIT_SASL_USERNAME", "ice")


@pytest.mark.usefixtures("no_password")
@pytest.mark.parametrize(
    "command", ["topics", "worker", "watch", "serve", "dead-letters list", "record --out x"]
)
def test_what_needs_kafka_needs_a_password_where_it_logs_in(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is missed before anybody is asked."""
    code, line = failure(capsys, *command.split())

    assert code == 1
    assert line == "slotrit: security_protocol SASL_PLAINTEXT also needs SLOTRIT_SASL_PASSWORD"


@pytest.mark.usefixtures("no_password")
@pytest.mark.parametrize(
    "command", ["topics --acls worker=User:w", "config", "replay events.jsonl --out out"]
)
def test_what_needs_no_broker_needs_no_password(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever plans ACLs or looks at the settings need not have the secrets."""
    Path("events.jsonl").write_text(STARTED, encoding="utf-8")

    assert run(command.split()) == 0

    assert capsys.readouterr().out


def test_an_unknown_fixture_of_the_demo_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """It is found out before any broker is started."""
    code, line = failure(capsys, "demo", "--fixture", "1998-nagano")

    assert code == 1
    assert line.startswith("slotrit: --fixture: there is no 1998-nagano; there are ")


def test_a_recording_is_converted_and_tallied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Problems go to standard error with their lines; only --strict makes them a failure."""
    (tmp_path / "recording.jsonl").write_text("{cut off", encoding="utf-8")

    assert run(["convert", "vantage", "recording.jsonl"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("slotrit: recording.jsonl:1: ")
    assert "1 problems" in err
    assert run(["convert", "vantage", "--strict", "recording.jsonl"]) == 1
    capsys.readouterr()

    code, line = failure(capsys, "convert", "vantage", "gone.jsonl")
    assert (code, line) == (1, "slotrit: gone.jsonl: cannot be read: No such file or directory")


def test_schemas_tell_every_type_and_the_names_on_the_wire(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Printed or written, there is a schema for each message, with `from` as it is on the wire."""
    assert run(["schema"]) == 0
    schemas = json.loads(capsys.readouterr().out)
    assert run(["schema", "--out", "schemas"]) == 0

    assert {"race.scheduled", "record.listed", "standings", "podium.secured", "pace", "record.revoked"} < set(
        schemas
    )
    assert "from" in schemas["podium.changed"]["$defs"]["PodiumChange"]["properties"]
    assert {file.name for file in (tmp_path / "schemas").iterdir()} == {
        "asyncapi.json",
        *(f"{name}.schema.json" for name in schemas),
    }


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`slotrit schema | head -1` ends without a traceback."""
    process = subprocess.Popen(
        [sys.executable, "-m", "streams.cli", "schema"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(HOME)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    process.wait()
