"""A worker that freezes its broker at a step of its recovery: `-m tests.kafka.freezing_worker PID STEP`.

From outside nobody can tell when a recovery has come to a step.
"""

import os
import signal
import sys
from typing import Any

from streams.agents.recovery import HeldFlowRecovery
from streams.app import run_worker
from streams.logging import configure_logging
from streams.settings import load_settings


def freeze_at(step: str, pid: int) -> None:
    """Have every recovery stop a process before it takes a step.

    Args:
        step: the name of the recovery's method.
        pid: the process.
    """
    before = getattr(HeldFlowRecovery, step)

    async def frozen(recovery: HeldFlowRecovery, *arguments: Any, **named: Any) -> None:
        os.kill(pid, signal.SIGSTOP)
        await before(recovery, *arguments, **named)

    setattr(HeldFlowRecovery, step, frozen)


if __name__ == "__main__":
    freeze_at(sys.argv[2], int(sys.argv[1]))
    configure_logging("json", "INFO")
    sys.exit(run_worker(load_settings().settings))
