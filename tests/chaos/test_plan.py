"""The plan of what goes wrong."""

from itertools import pairwise

import pytest

from bench.chaos.plan import KINDS, SESSION_S, plan


def test_a_seed_repeats_the_plan() -> None:
    """The same seed gives the same faults, another one others."""
    assert plan(1, 600) == plan(1, 600)
    assert plan(1, 600) != plan(2, 600)


@pytest.mark.parametrize("seed", range(20))
def test_every_kind_goes_wrong_however_short_it_is(seed: int) -> None:
    """Even a plan for one second has each kind once; a longer one fills its time and goes not beyond."""
    assert sorted(fault.kind for fault in plan(seed, 1)) == sorted(KINDS)
    assert 500 < plan(seed, 600)[-1].at_s <= 600


@pytest.mark.parametrize("seed", range(20))
def test_faults_do_not_overlap_and_the_frozen_sleep_long(seed: int) -> None:
    """One is over before the next begins, and who is frozen has lost its races when it wakes."""
    faults = plan(seed, 900)

    assert all(one.at_s + one.for_s < next_one.at_s for one, next_one in pairwise(faults))
    assert all(fault.for_s > SESSION_S + 2 for fault in faults if fault.kind == "freeze a worker")


@pytest.mark.parametrize("seed", range(20))
def test_workers_are_never_fewer_than_in_the_beginning(seed: int) -> None:
    """A worker is removed only after one was added."""
    there = 0
    for fault in plan(seed, 900):
        there += {"add a worker": 1, "remove a worker": -1}.get(fault.kind, 0)
        assert there in {0, 1}


def test_kinds_can_be_left_out() -> None:
    """Only what is asked for goes wrong."""
    assert {fault.kind for fault in plan(1, 300, ["kill a worker"])} == {"kill a worker"}
