"""What the client complains of is kept from the log while somebody listens to it, and only then."""

import logging

import pytest

from streams.broker_connection import quiet_client

CLIENT = logging.getLogger("aiokafka.client")


@pytest.mark.parametrize(
    ("ends", "heard"),
    [((0, 1), ["", "node 2"]), ((1, 0), ["node 2", "node 1"])],
    ids=["in the order they began", "the last one first"],
)
def test_blocks_may_overlap(
    ends: tuple[int, int], heard: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Two tasks that read at once: it is quiet until both are done, and then as it was.

    Who began last of those that are there hears the complaint.
    """
    blocks = [quiet_client(), quiet_client()]
    words = [block.__enter__() for block in blocks]

    CLIENT.error("node %s", 1)
    blocks[ends[0]].__exit__(None, None, None)
    CLIENT.error("node %s", 2)
    blocks[ends[1]].__exit__(None, None, None)
    CLIENT.error("node %s", 3)

    assert [record.getMessage() for record in caplog.records] == ["node 3"]
    assert [each.message for each in words] == heard
