"""What a process has taken of the machine: memory and processor time, as Linux counts them."""

import os
import resource
from pathlib import Path

_MB = 1e6
_TICKS = os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int | None = None) -> float:
    """Tell how much memory a process takes now, in MB.

    Args:
        pid: which; this one where nothing is said.

    Raises:
        FileNotFoundError: there is no such process.
    """
    pages = int(_of(pid, "statm").split()[1])
    return pages * resource.getpagesize() / _MB


def peak_mb(pid: int | None = None) -> float:
    """Tell how much memory a process has taken at most, in MB.

    `ru_maxrss` is no such figure: a program that is started begins with what the one that started it had.

    Args:
        pid: which; this one where nothing is said.

    Raises:
        FileNotFoundError: there is no such process.
    """
    (line,) = (line for line in _of(pid, "status").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024 / _MB


def cpu_s(pid: int | None = None) -> float:
    """Tell how many seconds of processor a process has used, its children left out.

    Args:
        pid: which; this one where nothing is said.

    Raises:
        FileNotFoundError: there is no such process.
    """
    fields = _of(pid, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _of(pid: int | None, name: str) -> str:
    return Path(f"/proc/{pid or 'self'}/{name}").read_text(encoding="ascii", errors="replace")
