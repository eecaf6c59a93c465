"""The jars of Apache Kafka: fetched once from Maven Central, cached, and never run unverified.

`kafka-VERSION.sha256`, next to this file, lists every jar with its SHA-256 in the format of `sha256sum`. It
is the whole class path: a jar that is wrong, missing or not on the list is an error, so that what runs here
is what ran where the list was made. To move to another version, change `KAFKA` (and `LOG4J` to the version
Kafka asks for), run the Maven command of `fetch` by hand, and write the new list with `sha256sum *.jar`.
"""

import functools
import hashlib
import os
import tempfile
from collections.abc import Callable, Mapping
from importlib import resources
from pathlib import Path

from streams.brokers.failure import BrokerError
from streams.brokers.java import INSTALL_MAVEN, find_maven
from streams.brokers.process import completed, last_lines

# 4.4.0 is the newest release on Maven Central, but one of its dependencies (kafka-tools-api) is not there.
KAFKA = "4.3.1"
LOG4J = "2.25.4"
COPY_DEPENDENCIES = "org.apache.maven.plugins:maven-dependency-plugin:3.11.0:copy-dependencies"
FETCH_WITHIN_S = 900.0

# Kafka's own dependencies log through SLF4J but leave the binding to whoever runs it.
POM = f"""<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>slotrit</groupId>
  <artifactId>broker</artifactId>
  <version>{KAFKA}</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{KAFKA}</version>
    </dependency>
    <dependency>
      <groupId>org.apache.logging.log4j</groupId>
      <artifactId>log4j-slf4j-impl</artifactId>
      <version>{LOG4J}</version>
    </dependency>
  </dependencies>
</project>
"""


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Say where the jars of this version are kept.

    `$SLOTRIT_CACHE`, else `$XDG_CACHE_HOME/slotrit` (which counts only if absolute, as the XDG specification
    has it), else `~/.cache/slotrit`; in it a folder for each version of Kafka.
    """
    chosen, xdg = environment.get("SLOTRIT_CACHE"), environment.get("XDG_CACHE_HOME", "")
    if chosen:
        base = Path(chosen).expanduser().absolute()
    elif Path(xdg).is_absolute():
        base = Path(xdg) / "slotrit"
    else:
        base = Path("~/.cache/slotrit").expanduser()
    return base / f"kafka-{KAFKA}"


def is_filled(folder: Path) -> bool:
    """Say whether jars were put there; whether they are the right ones is for `verify`."""
    return folder.is_dir()


def locked() -> dict[str, str]:
    """Read the lock file: the SHA-256 (lower-case hexadecimal) of every jar by its file name."""
    lines = resources.files(__package__).joinpath(f"kafka-{KAFKA}.sha256").read_text("utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def verify(folder: Path, lock: Mapping[str, str]) -> None:
    """Compare the jars of a folder with the lock file.

    Raises:
        BrokerError: A jar is missing, differs or is not on the list; names the first one and what to do.
    """
    remedy = "delete the folder, it will be fetched again"
    try:
        present = {path.name for path in folder.iterdir() if path.suffix == ".jar"}
        for name in sorted(lock.keys() | present):
            if name not in present:
                raise BrokerError(f"{folder}: {name}: is missing; {remedy}")
            if name not in lock:
                raise BrokerError(f"{folder}: {name}: is not on the list for Kafka {KAFKA}; {remedy}")
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
            if digest != lock[name]:
                raise BrokerError(
                    f"{folder}: {name}: SHA-256 must be {lock[name][:12]}…, got {digest[:12]}…; {remedy}"
                )
    except OSError as error:
        raise BrokerError(f"{folder}: cannot be read: {error.strerror}; {remedy}") from error


@functools.cache
def verified(folder: Path) -> tuple[Path, ...]:
    """Give the class path of a cache folder, verified at the first use in this process (about 0.1 s).

    Raises:
        BrokerError: As `verify`; asked again, it looks again.
    """
    lock = locked()
    verify(folder, lock)
    return tuple(folder / name for name in lock)


async def fetch(folder: Path, *, say: Callable[[str], None], maven: str | None = None) -> None:
    """Fill the cache folder from Maven Central, unless it is filled already.

    Maven is used rather than plain downloads because it knows the proxies and mirrors of the place. The jars
    come into a folder next to the one wanted and are verified there; one rename puts them in place, so that
    no interruption leaves half a cache, and of two who fetch at once one wins.

    Args:
        folder: Where the jars shall be, from `cache_folder`.
        say: Gets a line for the reader before a download.
        maven: The path of `mvn`; by default the one on the path.

    Raises:
        BrokerError: There is no Maven, the folder cannot be written, Maven fails or takes more than 15
            minutes, or what it brought is not what the lock file lists.
    """
    if is_filled(folder):
        return
    maven = maven or find_maven()
    if maven is None:
        raise BrokerError(
            f"Apache Kafka {KAFKA} is not in {folder} and there is no mvn to fetch it; {INSTALL_MAVEN}"
        )
    say(f"Fetching Apache Kafka {KAFKA} from Maven Central (44 MB, once) into {folder}")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as scratch:
            arriving = Path(scratch) / folder.name
            await _copy_dependencies(maven, arriving, Path(scratch) / "maven.log")
            _verify_arrival(arriving)
            _put_in_place(arriving, folder)
    except OSError as error:
        raise BrokerError(
            f"{folder}: cannot be written: {error.strerror}; set SLOTRIT_CACHE to a folder that can"
        ) from error


async def _copy_dependencies(maven: str, arriving: Path, log: Path) -> None:
    pom = _written_pom(arriving)
    command = (
        *(
            maven,
            "--batch-mode",
            "--quiet",
            "--no-transfer-progress",
            "--strict-checksums",
            "-Dstyle.color=never",
        ),
        *("--file", str(pom), COPY_DEPENDENCIES, "-DincludeScope=runtime", f"-DoutputDirectory={arriving}"),
    )
    code = await completed(command, log, FETCH_WITHIN_S)
    if code is None:
        raise BrokerError(
            f"mvn did not fetch Apache Kafka {KAFKA} within {FETCH_WITHIN_S:.0f} s; is the network slow?"
        )
    if code != 0:
        lines = last_lines(log, 200)
        reason = next((line for line in lines if line.startswith("[ERROR]")), f"[ERROR] exit code {code}")
        raise BrokerError(f"mvn could not fetch Apache Kafka {KAFKA}: {reason.removeprefix('[ERROR] ')}")


def _written_pom(arriving: Path) -> Path:
    arriving.mkdir()
    pom = arriving / "pom.xml"
    pom.write_text(POM, "utf-8")
    return pom


def _verify_arrival(arriving: Path) -> None:
    try:
        verify(arriving, locked())
    except BrokerError as error:
        what = str(error).removeprefix(f"{arriving}: ").split(";")[0]
        raise BrokerError(
            f"Maven brought other jars than the list for Kafka {KAFKA} has: {what}; "
            f"check its mirror, or delete the jar from Maven's local repository (~/.m2/repository)"
        ) from error


def _put_in_place(arriving: Path, folder: Path) -> None:
    try:
        arriving.rename(folder)
    except OSError:
        # Somebody else fetched at the same time and was first; theirs is verified before it is used.
        if not is_filled(folder):
            raise
