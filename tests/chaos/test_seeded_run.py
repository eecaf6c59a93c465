"""A short run that a seed repeats: a cluster, two workers, a season, and what goes wrong with them."""

import os
from pathlib import Path

import pytest

from bench.chaos.plan import Kind, plan
from bench.chaos.run import Order, run
from streams.broker_connection import quiet_client
from streams.event_files import read_events
from tests.kafka.meeting import FIXTURES

SEED = int(os.environ.get("SEED", "7"))
# Nobody is frozen: that takes longer than a session, for which tests have no time; `make chaos` does it.
KINDS: tuple[Kind, ...] = ("kill a worker", "stop a worker", "kill a broker")


@pytest.mark.kafka
async def test_a_cluster_is_broken_and_everything_holds(tmp_path: Path) -> None:
    """A worker is killed, one is stopped, and a broker is killed, in mid-season: every promise is held."""
    order = Order(
        seed=SEED,
        events=400,
        workers=2,
        per_s=60,
        plan=plan(SEED, 1, KINDS, rest_s=(1, 3)),
        concurrent=8,
        fixtures=list(read_events([FIXTURES / "torture.jsonl"])),
    )

    assert any(b'"type":"start_list.added"' in arrival.value for arrival in order.season())
    with quiet_client():
        account = await run(order, tmp_path, lambda _: None)

    assert [(each.name, each.broken) for each in account.promises if each.broken] == []
    assert [each.fault for each in account.injected] == list(order.plan)
    assert account.published == len(list(order.season()))
    assert account.losses == 0
