"""`python -m streams.brokers fetch`, which fills the cache without running a broker."""

from pathlib import Path

import pytest

from streams.brokers.__main__ import main


@pytest.mark.parametrize("arguments", [[], ["run"], ["fetch", "more"]])
def test_wrong_use_prints_the_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Anything but `fetch` is 2, with the usage on standard error."""
    assert main(arguments) == 2
    assert capsys.readouterr().err == "usage: python -m streams.brokers fetch\n"


def test_a_failure_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What went wrong is one line on standard error, and the code is 1."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SLOTRIT_CACHE", str(tmp_path / "cache"))
    assert main(["fetch"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("Apache Kafka ")
    assert printed.err.count("\n") == 1
    assert "install Maven" in printed.err


@pytest.mark.kafka
def test_a_filled_cache_is_verified(capsys: pytest.CaptureFixture[str]) -> None:
    """The last line says how many jars there are, where, and that they are as listed."""
    assert main(["fetch"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].endswith("all as listed")
