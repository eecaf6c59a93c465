"""What the client complains of is kept from the log while somebody listens to it, and only then."""

import logging

import pytest

from streams.broker_connection import quiet_client

CLIENT = logging.getLogger("aiokafka.client")


@pytest.mark.parametrize("ends", [(0, 1), (1, 0)], ids=["in the order they began", "the last one first"])
def test_blocks_may_overlap(ends: tuple[int, int], caplog: pytest.LogCaptureFixture) -> None:
    """Two tasks that read at once: it is quiet until both are done, and then as it was."""
    blocks = [quiet_client(), quiet_client()]
    words = [block.__enter__() for block in blocks]

    CLIENT.error("Unable connect to node with id %s", 1)
    blocks[ends[0]].__exit__(None, None, None)
    CLIENT.error("Unable connect to node with id %s", 2)
    blocks[ends[1]].__exit__(None, None, None)
    CLIENT.error("Unable connect to node with id %s", 3)

    assert [record.getMessage() for record in caplog.records] == ["Unable connect to node with id 3"]
    assert words[ends[0]].message == "Unable connect to node with id 1"
    assert words[ends[1]].message == "Unable connect to node with id 2"
