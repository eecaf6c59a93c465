"""Temporary folders for brokers, which do not pile up even where whoever used them was killed.

A process that is ended by SIGKILL, or by a SIGTERM that it does not handle, cannot remove its folder. So a
folder has a lock that the operating system releases with its process, and whoever makes the next folder
removes those that nobody holds any more.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "slotrit-"
LOCK = "in-use"


@contextmanager
def broker_folder(kind: str) -> Iterator[Path]:
    """Make a temporary folder for the length of a block, and remove those of brokers whose process is gone.

    Args:
        kind: Becomes part of the folder's name, for whoever wonders.

    Yields:
        The folder; it holds nothing but the file that says that it is in use.
    """
    remove_abandoned(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=f"{PREFIX}{kind}-") as name:
        folder = Path(name)
        coming = folder / "coming"
        with coming.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # Under its name only once it is held, so that nobody takes the folder for an abandoned one.
            coming.rename(folder / LOCK)
            yield folder


def remove_abandoned(place: Path) -> None:
    """Remove the folders of brokers whose process is gone; leaves alone what is in use or somebody else's.

    Args:
        place: The folder in which temporary folders are made.
    """
    for lock in place.glob(f"{PREFIX}*/{LOCK}"):
        try:
            if lock.stat().st_uid != os.getuid():
                continue
            with lock.open("r+") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(lock.parent, ignore_errors=True)
        except OSError:
            # In use, or removed by somebody else just now.
            continue
