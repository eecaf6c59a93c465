"""What is read from this machine's Java and Maven."""

from pathlib import Path

import pytest

from streams.brokers.java import find_java, find_maven, major_version


@pytest.mark.parametrize(
    ("answer", "major"),
    [
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17),
        ('java version "1.8.0_402"', 8),
        ('openjdk version "21-ea" 2023-09-19', 21),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "25" 2025-09-16', 25),
        ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
    ],
)
def test_the_major_version_is_read(answer: str, major: int | None) -> None:
    """Old and new ways of numbering are read; a stand-in without a version is none."""
    assert major_version(answer) == major


def pretended_java(folder: Path, version: str) -> Path:
    """Write a `java` that claims a version."""
    folder.mkdir(parents=True)
    program = folder / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)
    return program


def test_java_home_goes_before_the_path(tmp_path: Path) -> None:
    """The Java of JAVA_HOME is used, else the one on the path."""
    at_home = pretended_java(tmp_path / "home" / "bin", "21.0.1")
    on_path = pretended_java(tmp_path / "path", "17.0.1")
    environment = {"JAVA_HOME": str(tmp_path / "home"), "PATH": str(on_path.parent)}
    java = find_java(environment)
    assert java is not None
    assert (java.path, java.major) == (str(at_home), 21)
    java = find_java({"PATH": str(on_path.parent)})
    assert java is not None
    assert (java.path, java.major) == (str(on_path), 17)


def test_a_machine_without_java_and_maven(tmp_path: Path) -> None:
    """An empty path has neither."""
    assert find_java({"PATH": str(tmp_path)}) is None
    assert find_maven({"PATH": str(tmp_path)}) is None
