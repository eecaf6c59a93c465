"""The command: what is wrong is one line, and a dry run shows everything without telling anybody."""

import os
from pathlib import Path

import pytest

from streams.cli import run

FIXTURES = Path(__file__).parents[2] / "fixtures"
RULES = """
[[sinks]]
name = "desk"
type = "webhook"
url = "https://newsroom.example/hook"
secret_env = "NOT_SET_HERE"

[[sinks]]
name = "redactie"
type = "apprise"
url_file = "not-there"
language = "nl"

[[rules]]
sink = "desk"
kind = "WR"

[[rules]]
sink = "redactie"
kind = "NR"
hold_s = 120
"""


@pytest.fixture(autouse=True)
def nothing_configured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start every test beside its rules file and without variables of ours."""
    for variable in [name for name in os.environ if name.upper().startswith("SLOTRIT_")]:
        monkeypatch.delenv(variable)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "alerts.toml").write_text(RULES, encoding="utf-8")


def test_a_dry_run_shows_what_would_be_sent(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """To whom, in order, with retractions; without secrets, broker or state file.

    The record that falls after 16 s is never told to who waits for 2 minutes.
    """
    assert run(["alert", "--dry-run", str(FIXTURES / "torture.jsonl")]) == 0

    out, err = capsys.readouterr()
    lines = [line.split("  ")[1:] for line in out.splitlines()[::2]]
    assert lines == [
        ["redactie", "record", "Nationaal record 500 meter mannen: Joris Wiersma (NED) 33,90"],
        ["desk", "record", "World record, women's 1000 m: Hana Ueda (JPN) 1:11.02"],
        ["desk", "retraction", "Withdrawn: World record, women's 1000 m: Hana Ueda (JPN) 1:11.02"],
        ["desk", "record", "World record, men's 500 m: Teun Postma (NED) 33.55"],
        ["redactie", "record", "Nationaal record 500 meter mannen: Teun Postma (NED) 33,55"],
        ["desk", "retraction", "Withdrawn: World record, men's 500 m: Teun Postma (NED) 33.55"],
        ["redactie", "retraction", "Ingetrokken: Nationaal record 500 meter mannen: Teun Postma (NED) 33,55"],
    ]
    assert out.startswith("19:06:17  redactie")
    assert err == "7 alerts would be sent\n"
    assert [file.name for file in tmp_path.iterdir()] == ["alerts.toml"]


def test_a_dry_run_needs_no_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is asked, so that what it takes to log in may be elsewhere."""
    monkeypatch.setenv("SLOTRIT_SECURITY_PROTOCOL", "SASL_SSL")

    assert run(["alert", "--dry-run", str(FIXTURES / "torture.jsonl")]) == 0

    assert capsys.readouterr().err == "7 alerts would be sent\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (
            ["--rules", "none.toml"],
            1,
            "none.toml: there is no such file; begin with docs/alerts.toml.example",
        ),
        ([], 1, "no broker is configured: set SLOTRIT_BROKERS=HOST:PORT"),
        (["--broker", "127.0.0.1:1"], 1, "sink desk: secret_env: the variable NOT_SET_HERE is empty"),
        (["--pending"], 1, "alerts.sqlite3: there is no such state file"),
        (["--retry"], 1, "alerts.sqlite3: there is no such state file"),
        (["--test", "desk"], 1, "sink desk: secret_env: the variable NOT_SET_HERE is empty"),
        (["--test", "nobody"], 1, "--test: there is no sink nobody; there are desk, redactie"),
        (["--dry-run", "none.jsonl"], 1, "none.jsonl: cannot be read: No such file or directory"),
        (["--dry-run"], 2, "--dry-run needs files of events"),
        (["fixture.jsonl"], 2, "files need --dry-run"),
        (["--pending", "--from-beginning"], 2, "--pending goes alone"),
    ],
)
def test_what_is_wrong_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, said: str
) -> None:
    """And nothing else is printed."""
    assert run(["alert", *arguments]) == code

    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert said in err
