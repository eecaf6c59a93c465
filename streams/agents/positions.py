"""Noticing loss: an agent knows the next offset of each partition that it reads.

On a topic that is neither compacted nor transactional offsets follow one another. A jump means that something
was lost on the way, by the client, the framework, or a retention that was too short. To go on would be to
forget it for good, since what comes after moves the remembered offset past the hole. So the worker crashes,
and reads again from the last committed offset.
"""


class MessagesLostError(Exception):
    """Messages of a partition never reached the agent."""


class Positions:
    """The next offset of each partition, since the last rebalance."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._next: dict[int, int] = {}

    def forget(self) -> None:
        """Begin anew, after a rebalance: where reading goes on is told by `begin`."""
        self._next.clear()

    def knows(self, partition: int) -> bool:
        """Tell whether reading of a partition has begun."""
        return partition in self._next

    def begin(self, partition: int, offset: int) -> None:
        """Say at which offset the reading of a partition begins: the committed one, else the earliest."""
        self._next[partition] = offset

    def arrived(self, partition: int, offset: int) -> None:
        """Note a message; one that was read before may come again.

        Raises:
            MessagesLostError: where messages before it never came.
        """
        expected = self._next[partition]
        if offset > expected:
            msg = (
                f"{self._topic} partition {partition}: expected offset {expected}, got {offset}: "
                f"{offset - expected} messages are missing; restart to read them again, and if they are gone "
                "from the topic, restore them or reset the group's offset"
            )
            raise MessagesLostError(msg)
        self._next[partition] = max(expected, offset + 1)
