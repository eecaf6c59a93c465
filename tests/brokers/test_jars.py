"""The cache of jars: where it is, what it refuses, and how it is filled."""

import asyncio
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from streams.brokers import BrokerError
from streams.brokers.jars import KAFKA, LOG4J, cache_folder, fetch, is_filled, locked, verified, verify
from tests.brokers.bell import Bell

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # SHA-256 of "abc", FIPS 180-2
LOCK = {"one.jar": ABC, "two.jar": ABC}


def quiet(_: str) -> None:
    """Drop what would be said to the reader."""


@pytest.fixture
def jars(tmp_path: Path) -> Path:
    """A folder with exactly what LOCK lists."""
    folder = tmp_path / "jars"
    folder.mkdir()
    for name in LOCK:
        (folder / name).write_bytes(b"abc")
    return folder


def pretended_maven(folder: Path, body: str) -> str:
    """Write an `mvn` that runs a few lines of Python instead; `target` is the folder it shall fill."""
    program = folder / "mvn"
    target = "next(a for a in sys.argv if a.startswith('-DoutputDirectory=')).partition('=')[2]"
    program.write_text(
        f"#!{sys.executable}\nimport pathlib, signal, sys\ntarget = pathlib.Path({target})\n{body}\n"
    )
    program.chmod(0o755)
    return str(program)


def test_the_cache_is_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SLOTRIT_CACHE goes before XDG_CACHE_HOME, which goes before the home folder and must be absolute."""
    monkeypatch.setenv("HOME", str(tmp_path))
    name = f"kafka-{KAFKA}"
    assert cache_folder({"SLOTRIT_CACHE": "/c", "XDG_CACHE_HOME": "/x"}) == Path("/c") / name
    assert cache_folder({"SLOTRIT_CACHE": "~/c"}) == tmp_path / "c" / name
    assert cache_folder({"XDG_CACHE_HOME": "/x"}) == Path("/x/slotrit") / name
    assert cache_folder({"XDG_CACHE_HOME": "x"}) == tmp_path / ".cache" / "slotrit" / name
    assert cache_folder({}) == tmp_path / ".cache" / "slotrit" / name


def test_the_lock_lists_the_pinned_versions() -> None:
    """Every entry is a jar with a SHA-256, and the versions pinned in the code are among them."""
    lock = locked()
    assert {f"kafka_2.13-{KAFKA}.jar", f"log4j-slf4j-impl-{LOG4J}.jar"} <= lock.keys()
    assert all(name.endswith(".jar") for name in lock)
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in lock.values())


def test_jars_as_listed_are_accepted(jars: Path) -> None:
    """Exactly the listed jars pass; other files do not matter."""
    (jars / "pom.xml").write_text("<project/>")
    verify(jars, LOCK)


def spoil(jars: Path) -> None:
    """Flip a jar's contents."""
    (jars / "two.jar").write_bytes(b"abd")


def lose(jars: Path) -> None:
    """Remove a jar."""
    (jars / "two.jar").unlink()


def slip_in(jars: Path) -> None:
    """Add a jar that nobody asked for."""
    (jars / "three.jar").write_bytes(b"abc")


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (spoil, "two.jar: SHA-256 must be ba7816bf8f01…, got a52d159f262b…"),
        (lose, "two.jar: is missing"),
        (slip_in, "three.jar: is not on the list"),
    ],
)
def test_damage_is_named_with_what_to_do(jars: Path, damage: Callable[[Path], None], complaint: str) -> None:
    """A wrong, a missing and an extra jar are each one line: folder, jar, what is wrong, what to do."""
    damage(jars)
    with pytest.raises(BrokerError) as caught:
        verify(jars, LOCK)
    message = str(caught.value)
    assert message.startswith(f"{jars}: {complaint}")
    assert message.endswith("delete the folder, it will be fetched again")


async def test_a_filled_cache_is_not_fetched_again(jars: Path) -> None:
    """With the folder there, Maven is not run."""
    await fetch(jars, say=quiet, maven="/no/such/mvn")


async def test_without_maven_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty cache and no mvn: one line with the package to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(
        BrokerError, match=r"there is no mvn to fetch it; install Maven \(Debian: apt-get install"
    ):
        await fetch(tmp_path / "cache", say=quiet)


BRING = "for name in ('one.jar', 'two.jar'): (target / name).write_bytes(b'abc')"


async def test_an_empty_cache_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what is fetched and where to; the jars are in place and nothing else is left."""
    monkeypatch.setattr("streams.brokers.jars.locked", lambda: LOCK)
    cache = tmp_path / "base" / "kafka"
    said: list[str] = []
    await fetch(cache, say=said.append, maven=pretended_maven(tmp_path, BRING))
    assert said == [f"Fetching Apache Kafka {KAFKA} from Maven Central (44 MB, once) into {cache}"]
    assert is_filled(cache)
    verify(cache, LOCK)
    assert list(cache.parent.iterdir()) == [cache]


async def test_of_two_who_fetch_at_once_one_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where somebody else has filled the cache meanwhile, theirs stays."""
    monkeypatch.setattr("streams.brokers.jars.locked", lambda: LOCK)
    cache = tmp_path / "base" / "kafka"
    theirs = f"{BRING}\nother = pathlib.Path('{cache}')\nother.mkdir()\n(other / 'theirs').touch()"
    await fetch(cache, say=quiet, maven=pretended_maven(tmp_path, theirs))
    assert [path.name for path in cache.iterdir()] == ["theirs"]
    assert list(cache.parent.iterdir()) == [cache]


async def test_a_failing_download_leaves_nothing(tmp_path: Path) -> None:
    """Maven's first error is passed on, and no folder is left that could be taken for a cache."""
    maven = pretended_maven(tmp_path, "print('[ERROR] no route to host')\nsys.exit(1)")
    cache = tmp_path / "base" / "kafka"
    with pytest.raises(BrokerError, match=rf"mvn could not fetch Apache Kafka {KAFKA}: no route to host"):
        await fetch(cache, say=quiet, maven=maven)
    assert list(cache.parent.iterdir()) == []


async def test_jars_that_are_not_the_listed_ones_are_not_kept(tmp_path: Path) -> None:
    """What a mirror brings is compared before it becomes the cache."""
    maven = pretended_maven(tmp_path, "(target / 'evil.jar').write_bytes(b'abc')")
    cache = tmp_path / "base" / "kafka"
    with pytest.raises(BrokerError, match=r"Maven brought other jars than the list .*; check its mirror"):
        await fetch(cache, say=quiet, maven=maven)
    assert list(cache.parent.iterdir()) == []


async def test_an_interrupted_download_leaves_nothing(tmp_path: Path) -> None:
    """Cancelled in the middle, Maven is stopped and what it had brought is removed."""
    bell = Bell(tmp_path / "bell")
    maven = pretended_maven(
        tmp_path,
        f"(target / 'half.jar').touch()\npathlib.Path('{bell.path}').write_text('half')\nsignal.pause()",
    )
    cache = tmp_path / "base" / "kafka"
    fetching = asyncio.create_task(fetch(cache, say=quiet, maven=maven))
    await bell.rung()
    assert [path.name for path in cache.parent.glob(".kafka-*/kafka/*.jar")] == ["half.jar"]
    fetching.cancel()
    with pytest.raises(asyncio.CancelledError):
        await fetching
    assert list(cache.parent.iterdir()) == []


async def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    """A file where the folder should go: the error names the setting that moves the cache."""
    (tmp_path / "base").write_text("in the way")
    maven = pretended_maven(tmp_path, "")
    with pytest.raises(BrokerError, match=r"cannot be written: .*; set SLOTRIT_CACHE to a folder that can"):
        await fetch(tmp_path / "base" / "kafka", say=quiet, maven=maven)


@pytest.mark.kafka
async def test_the_real_cache_is_refused_once_a_jar_is_damaged(tmp_path: Path) -> None:
    """A copy of the real cache passes, and is refused after one byte more in one jar."""
    cache = cache_folder()
    await fetch(cache, say=quiet)
    copy = tmp_path / cache.name
    await asyncio.to_thread(shutil.copytree, cache, copy)
    assert is_filled(copy)
    assert verified(copy) == tuple(copy / name for name in locked())
    with (copy / f"kafka_2.13-{KAFKA}.jar").open("ab") as jar:
        jar.write(b"\0")
    verified.cache_clear()
    with pytest.raises(BrokerError, match=rf"kafka_2.13-{KAFKA}.jar: SHA-256 must be .*; delete the folder"):
        verified(copy)
