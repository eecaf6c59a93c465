"""A short run that a seed repeats: a cluster, two workers, a season, and what goes wrong with them."""

import os
from pathlib import Path

import pytest

from bench.chaos.order import Order
from bench.chaos.plan import KINDS, SESSION_S, Waits, plan
from bench.chaos.run import run
from streams.broker_connection import quiet_client
from streams.event_files import read_events
from tests.kafka.meeting import FIXTURES

SEED = int(os.environ.get("SEED", "7"))
BRIEFLY = Waits(rest_s=(0.2, 0.5), away_s=(2.0, 3.0), asleep_s=(SESSION_S + 2.1, SESSION_S + 2.5))
"""What is frozen has to outlast its session; all else is as short as it can be."""


@pytest.mark.kafka
async def test_a_cluster_is_broken_and_everything_holds(tmp_path: Path) -> None:
    """Each kind of fault strikes once in mid-season, and every promise is held."""
    order = Order(
        seed=SEED,
        events=400,
        workers=2,
        per_s=60,
        plan=plan(SEED, 1, KINDS, BRIEFLY),
        concurrent=8,
        fixtures=list(read_events([FIXTURES / "torture.jsonl"])),
        within_s=120,
    )

    assert any(b'"type":"start_list.added"' in arrival.value for arrival in order.season())
    with quiet_client():
        account = await run(order, tmp_path, lambda _: None)

    assert [(each.name, each.broken) for each in account.promises if each.broken] == []
    assert [each.fault for each in account.injected] == list(order.plan)
    assert account.published == len(list(order.season()))
    assert account.losses == 0
