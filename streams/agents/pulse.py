"""Looking at the agents once a second: how far each is, and whether something waits that it does not finish.

Nothing is asked of the broker and nothing is added to what a message costs: how far the agents are they know,
and how far Kafka is came with its last answer.
"""

import asyncio
from typing import NoReturn

import structlog

from streams.agents.shell import Shell, worker_consumer
from streams.agents.worker_app import WorkerApp
from streams.operating.life import Seen

log = structlog.get_logger(__name__)

PULSE_S = 1.0
HEARD_S = 10.0
"""For how many seconds Kafka may say nothing of a partition before that is a sign too. It answers an idle
fetch after 0.1 s; nothing is heard of a partition that nobody fetches from, or from a broker that hangs."""


def look(shell: Shell) -> tuple[Seen, dict[int, int]]:
    """See how an agent is, and how many messages wait in each of its partitions.

    Where nothing of a partition was ever handled or committed, what waits is not known and not told. Offsets
    of a compacted topic have holes, also at its end: what seems to wait there need not exist.
    """
    consumer = worker_consumer(shell.app)
    topic = shell.source.get_topic_name()
    lag: dict[int, int] = {}
    ages: list[float | None] = []
    for tp in [tp for tp in consumer.assignment() if tp.topic == topic]:
        end, age = consumer.heard(tp)
        reached = 0 if end == 0 else consumer.reached(tp)
        ages.append(age)
        if end is not None and reached is not None:
            lag[tp.partition] = max(0, end - reached)
    heard_s = None if None in ages else max((age for age in ages if age is not None), default=0.0)
    in_hand, behind = shell.delivery.in_hand, sum(lag.values())
    silent = heard_s is None or heard_s > HEARD_S
    waits = in_hand > 0 or silent or (behind > 0 and shell.step.gapless)
    return Seen(shell.finished, in_hand, behind, waits, heard_s), lag


async def beat(app: WorkerApp) -> NoReturn:
    """Tell once a second that the loop goes round, and what is seen while messages are taken."""
    while True:
        seen = {}
        try:
            for shell in () if app.life.recovering else app.shells.values():
                seen[shell.step.name], lag = look(shell)
                app.metrics.lag(shell.step.reads, lag)
        except Exception:
            # Who looks on and errs must not have a worker restarted that does its work.
            log.exception("pulse.failed")
        app.life.beat(seen)
        await asyncio.sleep(PULSE_S)
