"""What a run was measured on: machine and versions."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from bench.peers.starting import QUIX_PYTHON, ROOT
from streams.brokers.jars import KAFKA
from streams.brokers.java import find_java

_ASK_QUIX = "import importlib.metadata as m; print(m.version('quixstreams'))"
_ASK_WITHIN_S = 30.0
_IDLE = 0.3
"""Of a machine that has only its own to do, fewer programs want a processor at a time."""
_OURS = ("faust-streaming", "aiokafka", "pydantic")


def described() -> list[str]:
    """Give a line of Markdown for each thing that figures depend on."""
    java = find_java()
    cores = f"{os.cpu_count()} cores ({_processor()}), {_memory_gb():.0f} GB"
    python = {"Python": platform.python_version(), **{name: version(name) for name in _OURS}}
    python["quixstreams"] = _quix() or "not installed"
    return [
        f"- {cores}, {platform.system()} {platform.release()}; broker, measured and measuring share them",
        "- " + ", ".join(f"{name} {told}" for name, told in python.items()),
        f"- Slotrit at commit {_commit()}",
        f"- {_at_work()}; niceness {os.nice(0)}",
        f"- Apache Kafka {KAFKA}, one broker; Java {'none' if java is None else java.major}",
    ]


def _at_work() -> str:
    """Say who else wanted the processor before the run, and what that makes of the figures."""
    loads = os.getloadavg()
    told = "{:.1f}, {:.1f} and {:.1f}".format(*loads)
    alone = "the machine was as good as idle" if loads[0] < _IDLE else "**others were at work**"
    return f"Before it began {told} programs wanted a processor at a time, over 1, 5 and 15 minutes: {alone}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9


def _commit() -> str:
    """Name the commit that is measured, and say where files differ from it; nothing where there is no git."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    asked = subprocess.run(
        [git, "-C", ROOT, "describe", "--always", "--dirty"],
        capture_output=True,
        text=True,
        check=False,
        timeout=_ASK_WITHIN_S,
    )
    return asked.stdout.strip() or "unknown"


def _quix() -> str | None:
    if not QUIX_PYTHON.exists():
        return None
    asked = subprocess.run(
        [QUIX_PYTHON, "-c", _ASK_QUIX], capture_output=True, text=True, check=False, timeout=_ASK_WITHIN_S
    )
    return asked.stdout.strip() or None
