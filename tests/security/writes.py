"""What a command writes to: found out from inside, by a hook that Python calls before it opens anything."""

from collections.abc import Mapping
from pathlib import Path

HOOK = """
import os, sys

_log = os.open(os.environ["WRITES_SEEN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_EVENTS = {
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod",
    "os.chown", "os.utime", "sqlite3.connect", "tempfile.mkstemp", "tempfile.mkdtemp",
}

def _hook(event, arguments):
    if event == "open":
        path, _, flags = arguments
        if isinstance(path, int) or not flags & _WRITING:
            return
    elif event not in _EVENTS:
        return
    file = arguments[0]
    path = repr(file) if isinstance(file, int) else os.fsdecode(file)
    os.write(_log, f"{event} {path}\\n".encode())

sys.addaudithook(_hook)
"""


def noting_writes(folder: Path) -> tuple[Mapping[str, str], Path]:
    """Give the variables with which a Python process notes what it is about to write to, and where."""
    (folder / "sitecustomize.py").write_text(HOOK, "utf-8")
    log = folder / "writes"
    log.touch()
    # As in the image: no byte code is written beside the sources.
    return {"PYTHONPATH": str(folder), "WRITES_SEEN": str(log), "PYTHONDONTWRITEBYTECODE": "1"}, log


def seen(log: Path) -> set[str]:
    """Give what was written to, but for the device that forgets everything."""
    return set(log.read_text("utf-8").splitlines()) - {"open /dev/null"}
