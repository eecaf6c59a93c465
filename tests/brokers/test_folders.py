"""Temporary folders of brokers: in use, abandoned, or not ours."""

import tempfile
from pathlib import Path

import pytest

from streams.brokers.folders import LOCK, PREFIX, broker_folder, remove_abandoned


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary folders are made, empty at first."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def names(folder: Path) -> list[str]:
    """List what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_is_there_for_the_block_only(temporary: Path) -> None:
    """It says that it is in use, and is gone afterwards with all that was put into it."""
    with broker_folder("apache") as folder:
        assert folder.parent == temporary
        assert folder.name.startswith("slotrit-apache-")
        assert names(folder) == [LOCK]
        (folder / "data").mkdir()
    assert names(temporary) == []


def test_folders_in_use_are_left_alone() -> None:
    """Two brokers at once do not take each other's folder away."""
    with broker_folder("apache") as first, broker_folder("tansu") as second:
        remove_abandoned(first.parent)
        assert first.is_dir()
        assert second.is_dir()


def test_an_abandoned_folder_is_removed_by_the_next(temporary: Path) -> None:
    """A lock that nobody holds marks a folder whose process is gone."""
    abandoned = temporary / f"{PREFIX}apache-abandoned"
    (abandoned / "data").mkdir(parents=True)
    (abandoned / LOCK).touch()
    with broker_folder("apache") as folder:
        assert names(temporary) == [folder.name]


def test_what_is_not_a_brokers_folder_stays(temporary: Path) -> None:
    """A folder without the lock, or with another name, is somebody else's."""
    (temporary / f"{PREFIX}notes").mkdir()
    (temporary / "other").mkdir()
    (temporary / "other" / LOCK).touch()
    remove_abandoned(temporary)
    assert names(temporary) == ["other", f"{PREFIX}notes"]
