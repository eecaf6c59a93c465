"""The demo: it shows a meeting to its end, and leaves nothing behind however it ends."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import pytest
from aiokafka.admin import AIOKafkaAdminClient  # type: ignore[import-untyped]

from streams.brokers import take_stock
from streams.brokers.process import spawn, stop
from streams.demo.children import Child, until_one_ends
from streams.demo.fixtures import fixture_path
from streams.errors import SlotritError
from tests.watching.in_terminal import in_terminal

HOME = Path(__file__).parents[1]


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """Give the folder that the demo makes its temporary files in."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    return folder


def demo(temporary: Path, *arguments: str) -> subprocess.Popen[str]:
    """Start the demo with its output in a pipe, in a place where nothing is configured."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLOTRIT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "streams.cli", "demo", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=temporary.parent,
        env=kept | {"PYTHONPATH": str(HOME), "TMPDIR": str(temporary), "PYTHONUNBUFFERED": "1"},
    )


def processes_of(temporary: Path) -> list[int]:
    """Find the processes that were started for a demo: they have inherited its folder."""
    mark = f"TMPDIR={temporary}".encode()
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environment.read_bytes():
                found.append(int(environment.parent.name))
        except OSError:
            continue
    return found


def assert_nothing_is_left(temporary: Path) -> None:
    """No file and no process; what was killed may take a moment to go."""
    deadline = time.monotonic() + 10
    while processes_of(temporary) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert processes_of(temporary) == []
    assert list(temporary.iterdir()) == []


async def topics_on(address: str) -> list[str]:
    """List the topics of demos on a broker."""
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    try:
        return [name for name in await admin.list_topics() if name.startswith("slotrit-demo-")]
    finally:
        await admin.close()


def test_a_fixture_is_found_by_its_name() -> None:
    """The default one is there; a file of one's own is taken as it is."""
    assert fixture_path("2022-olympics-beijing").is_file()
    assert fixture_path(__file__) == Path(__file__)


def test_an_unknown_fixture_is_an_error_that_names_the_known_ones() -> None:
    """Nobody has to guess what there is."""
    with pytest.raises(SlotritError, match=r"^--fixture: there is no 1998-nagano; there are .*2022-olympics"):
        fixture_path("1998-nagano")


async def test_a_demo_ends_with_the_last_standings(kafka_address: str, temporary: Path) -> None:
    """Lines for each change, the official result at the end, 0, and no topics left on a broker of yours."""
    process = demo(temporary, "--broker", kafka_address, "--speed", "max")
    out, err = process.communicate(timeout=90)

    assert (process.returncode, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == f"Using the broker at {kafka_address}, as asked for."
    assert re.fullmatch(r"Scoreboard  http://127\.0\.0\.1:\d+/", lines[2])
    assert (
        "alert: Podium, men's 1000 m: 1 Thomas Krol (NED), 2 Laurent Dubreuil (CAN), "
        "3 Håvard Holmefjord Lorentzen (NOR)"
    ) in lines
    assert any(line.endswith("1. Thomas Krol NED 1:07.92") for line in lines)
    result = lines.index("Men 1000 m, Olympic Winter Games Beijing 2022: OFFICIAL")
    assert lines[result + 1 : result + 4] == [
        "  1. Thomas Krol NED 1:07.92",
        "  2. Laurent Dubreuil CAN 1:08.32 +0.40",
        "  3. Håvard Holmefjord Lorentzen NOR 1:08.48 +0.56",
    ]
    assert lines[-1].startswith("170 events replayed in ")
    assert await topics_on(kafka_address) == []
    assert_nothing_is_left(temporary)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupted_demo_cleans_up(
    number: signal.Signals, kafka_address: str, temporary: Path
) -> None:
    """Stopped in mid-race it takes worker, folder and topics with it."""
    process = demo(temporary, "--broker", kafka_address, "--speed", "1")
    assert process.stdout is not None
    for line in process.stdout:
        if line.rstrip().endswith("LIVE"):
            break
    process.send_signal(number)
    process.communicate(timeout=30)

    assert process.returncode == 130
    assert await topics_on(kafka_address) == []
    assert_nothing_is_left(temporary)


async def test_who_watches_a_demo_may_choose_a_race_and_leave(kafka_address: str, temporary: Path) -> None:
    """By keys; leaving is no failure, tells what stands, and leaves nothing behind."""
    arguments = ("demo", "--broker", kafka_address, "--fixture", "torture", "--speed", "30")
    with in_terminal(*arguments, environment={"TMPDIR": str(temporary)}) as terminal:
        terminal.until("↑↓ choose a race")
        terminal.press("/women\r")
        terminal.until("↑↓ other race")
        assert "Women 1000 m  A Made-up Evening" in terminal.shown
        terminal.press("q")

        assert terminal.until_over() == 0
        assert terminal.is_put_back()
        assert "Women 1000 m, A Made-up Evening: " in terminal.shown
        assert "events replayed" not in terminal.shown
    assert await topics_on(kafka_address) == []
    assert_nothing_is_left(temporary)


def test_a_demo_on_a_terminal_stays_for_whoever_looks(kafka_address: str, temporary: Path) -> None:
    """When all is replayed scoreboard and API go on, until the viewer leaves."""
    arguments = ("demo", "--broker", kafka_address, "--speed", "max", "--no-browser")
    with in_terminal(*arguments, environment={"TMPDIR": str(temporary)}) as terminal:
        terminal.until("everything is replayed")
        found = re.search(r"Scoreboard  (http://127\.0\.0\.1:\d+)/", terminal.raw)
        assert found is not None
        with urlopen(f"{found[1]}/") as page:  # noqa: S310 - the demo's own
            title = page.read()
        with urlopen(f"{found[1]}/api/races/2022-olympics-beijing/M1000/-/podium") as podium:  # noqa: S310 - the same
            names = podium.read().decode()
        terminal.press("q")

        assert terminal.until_over() == 0
        assert "170 events replayed in " in terminal.shown
    assert b"<title>" in title
    assert "Laurent Dubreuil" in names
    assert_nothing_is_left(temporary)


@pytest.mark.tansu
def test_a_demo_runs_where_there_is_no_java(temporary: Path) -> None:
    """The broker of the extra `embedded` is enough; it ends with the process."""
    if not take_stock().tansu:
        pytest.skip("the extra `embedded` is not installed")
    process = demo(temporary, "--broker", "tansu", "--speed", "max")
    out, err = process.communicate(timeout=120)

    assert (process.returncode, err) == (0, "")
    assert "  1. Thomas Krol NED 1:07.92" in out.splitlines()
    assert_nothing_is_left(temporary)


async def test_a_worker_that_fails_ends_the_demo_and_shows_its_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody waits for a worker that is gone, and the reason can be read."""
    log = tmp_path / "worker.log"
    process = spawn([sys.executable, "-c", "print('thin ice'); raise SystemExit(3)"], log)

    try:
        with pytest.raises(
            SlotritError, match=r"^the worker ended with code 3; the end of its log is above$"
        ):
            await until_one_ends([Child("worker", process, log)])
    finally:
        await stop(process)

    assert capsys.readouterr().err == "thin ice\n"
