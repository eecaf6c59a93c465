"""Which Java and which Maven this machine has."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass

JAVA_NEEDED = 17
INSTALL_JAVA = "install Java 17 or newer (Debian: apt-get install openjdk-17-jre-headless)"
INSTALL_MAVEN = "install Maven (Debian: apt-get install maven)"
ASK_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Java:
    """A Java runtime: the path of its `java` and its major version, such as 17."""

    path: str
    major: int


def find_java(environment: Mapping[str, str] = os.environ) -> Java | None:
    """Find the Java that would be used: that of `JAVA_HOME`, else the `java` on the path.

    Returns:
        None where there is none or where it does not tell its version within 20 s.
    """
    home = environment.get("JAVA_HOME")
    path = shutil.which("java", path=os.path.join(home, "bin")) if home else None  # noqa: PTH118 - a search path
    path = path or shutil.which("java", path=environment.get("PATH"))
    if path is None:
        return None
    try:
        answer = subprocess.run(  # noqa: S603 - asks a Java for its version
            [path, "-version"], capture_output=True, text=True, check=False, timeout=ASK_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    major = major_version(answer.stderr)
    return None if major is None else Java(path, major)


def find_maven(environment: Mapping[str, str] = os.environ) -> str | None:
    """Find `mvn` on the path; None where there is none."""
    return shutil.which("mvn", path=environment.get("PATH"))


def major_version(answer: str) -> int | None:
    """Read the major version from what `java -version` prints.

    Java 8 and older call themselves 1.8 and so on; newer ones 17.0.15, 21-ea or just 25.

    Returns:
        The major version, None where the text has none (macOS puts a `java` in place that only says where to
        get one).
    """
    found = re.search(r'version "(?:1\.)?(\d+)', answer)
    return int(found[1]) if found else None
