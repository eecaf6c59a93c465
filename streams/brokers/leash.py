"""Run a command that dies with the process that wanted it: `python leash.py PARENT_PID COMMAND…`.

A broker must not outlive a parent that was killed with SIGKILL, which cannot clean up. Linux can promise
that: `prctl(PR_SET_PDEATHSIG)` has the kernel kill a process when its parent dies, and the wish survives
`exec`. So this script makes the wish and becomes the command, under the same process id. It is a program of
its own instead of a `preexec_fn`, which may deadlock in a parent that has threads and which Python warns
about.

Two things to know. The kernel watches the *thread* that started the process, so that thread has to live as
long as the broker: the one that runs the event loop, never one of a pool. And only Linux has it: elsewhere a
broker outlives a parent that was killed with SIGKILL (every other end is cleaned up by the parent).

Only the standard library, and nothing of this project, so that it starts in some 20 ms.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask the kernel for the leash and become the command; exits with 1 if the parent is gone already."""
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
            sys.exit(f"prctl(PR_SET_PDEATHSIG): {os.strerror(ctypes.get_errno())}")
        # A parent that died before the call above sends no signal any more.
        if os.getppid() != int(parent):
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
