"""Being the same process each time, so that the same seed leads a fuzzer to the same inputs.

What a fuzzer tries next depends on where the program went, and that now and then on the order of a set, which
is that of hashes: of texts, which Python chooses by chance unless told, and of objects, which are addresses,
and those Linux chooses by chance unless told.
"""

import ctypes
import os
import sys
from collections.abc import Sequence

NOT_REPEATABLE = "the same seed may try other inputs here: addresses cannot be fixed, as in some containers"

_ASKED_ONLY = 0xFFFFFFFF
_ADDRESSES_AS_THEY_COME = 0x0040000
"""`ADDR_NO_RANDOMIZE` of Linux's personality(2); it holds from the next program on that the process runs."""


def repeatable(command: Sequence[str]) -> bool:
    """See that this process is the same each time, or run the command in its place, which is.

    Args:
        command: what Python is to run, as it would be called again: its arguments without its name.

    Returns:
        Whether it is. Some containers do not let a process fix its addresses; then runs differ.
    """
    personality = ctypes.CDLL(None).personality
    now = personality(_ASKED_ONLY)
    is_fixed = bool(now & _ADDRESSES_AS_THEY_COME)
    is_allowed = is_fixed or personality(now | _ADDRESSES_AS_THEY_COME) != -1
    if os.environ.get("PYTHONHASHSEED") != "0" or is_allowed > is_fixed:
        os.execve(  # noqa: S606 - ourselves
            sys.executable, [sys.executable, *command], {**os.environ, "PYTHONHASHSEED": "0"}
        )
    return is_allowed
