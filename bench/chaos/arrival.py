"""What is given to the brokers."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Arrival:
    """One input message, in the order of arrival."""

    stream: Literal["timing", "reference"]
    key: bytes | None
    value: bytes
