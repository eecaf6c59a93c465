"""What holds now."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.gateway.present import Present
from tests.gateway.telling import heard, interleaved


def test_a_race_has_its_splits_until_it_is_closed() -> None:
    """They are for the pair on the ice; the sheet keeps all of them."""
    messages = [one for one in heard("2022-olympics-beijing") if one.stream in {"standings", "pace"}]
    closed = next(number for number, one in enumerate(messages) if b'"status":"UNOFFICIAL"' in one.value)
    before = Present(one.told() for one in messages[:closed])
    after = Present(one.told() for one in messages[: closed + 1])

    assert len(before.of("pace")) == 30
    assert after.of("pace") == []


def test_who_was_pushed_lower_is_no_longer_secure() -> None:
    """No message takes it back, but a later podium shows it."""
    secure = [one for one in heard("2022-olympics-beijing") if b"podium.secured" in one.value]
    podiums = [one for one in heard("2022-olympics-beijing") if b"podium.changed" in one.value]
    medal = json.loads(secure[-1].value)
    changed: dict[str, Any] = json.loads(podiums[-1].value)
    changed["podium"] = [
        one for one in changed["podium"] if one["competitor"]["id"] != medal["competitor"]["id"]
    ]
    ruled = podiums[-1].told()
    without = type(podiums[-1])("podium", 99, json.dumps(changed).encode(), "ruled")

    present = Present(one.told() for one in secure)
    present.take(ruled)
    stands = [one.payload for one in present.of("podium")]
    present.take(without.told())

    assert secure[-1].value in stands
    assert secure[-1].value not in [one.payload for one in present.of("podium")]


@settings(max_examples=40)
@given(st.integers(0, 10**6))
def test_what_holds_in_the_end_is_the_same_in_every_gateway(seed: int) -> None:
    """However the topics were interleaved when they were read."""
    messages = heard("torture")
    in_order = Present(message.told() for message in messages)
    mixed = Present(message.told() for message in interleaved(messages, seed))

    assert {one.payload for one in mixed.told()} == {one.payload for one in in_order.told()}
