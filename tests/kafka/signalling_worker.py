"""A worker that sends a signal in its first recovery: `-m tests.kafka.signalling_worker STEP SIGNAL [PID]`.

Without PID it sends it to itself. From outside nobody can tell when a recovery has come to a step.
"""

import os
import signal
import sys
from typing import Any

from streams.agents.recovery import HeldFlowRecovery
from streams.app import run_worker
from streams.logging import configure_logging
from streams.settings import load_settings


def signal_at(step: str, number: signal.Signals, pid: int) -> None:
    """Have a recovery send a signal before it takes a step for the first time.

    Args:
        step: the name of the recovery's method.
        number: what is sent.
        pid: to which process.
    """
    before = getattr(HeldFlowRecovery, step)

    async def signalling(recovery: HeldFlowRecovery, *arguments: Any, **named: Any) -> None:
        setattr(HeldFlowRecovery, step, before)
        os.kill(pid, number)
        await before(recovery, *arguments, **named)

    setattr(HeldFlowRecovery, step, signalling)


if __name__ == "__main__":
    signal_at(sys.argv[1], signal.Signals[sys.argv[2]], int(sys.argv[3]) if sys.argv[3:] else os.getpid())
    configure_logging("json", "INFO")
    sys.exit(run_worker(load_settings().settings))
