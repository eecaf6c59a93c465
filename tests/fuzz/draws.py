"""Choices read from bytes, so that a fuzzer that changes bytes changes what is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

_Item = TypeVar("_Item")


@dataclass(slots=True)
class Draws:
    """Bytes that are read one after the other; behind the last one there are zeros without end."""

    data: bytes
    at: int = 0

    @property
    def left(self) -> int:
        """How many bytes have not been read."""
        return max(0, len(self.data) - self.at)

    def byte(self) -> int:
        """Read a byte."""
        self.at += 1
        return self.data[self.at - 1] if self.at <= len(self.data) else 0

    def below(self, limit: int) -> int:
        """Choose a number from 0, below a limit of at most 256."""
        return self.byte() % limit

    def one_in(self, count: int) -> bool:
        """Say yes once in so many times; never where nothing is left to read."""
        return self.byte() % count == count - 1

    def of(self, items: Sequence[_Item]) -> _Item:
        """Choose one of at most 256 items; the first one where nothing is left to read."""
        return items[self.below(len(items))]

    def take(self, count: int) -> bytes:
        """Read so many bytes, fewer at the end."""
        taken = self.data[self.at : self.at + count]
        self.at += count
        return taken


def beside(data: bytes) -> Draws:
    """Give 32 choices that follow from an input but are not the fuzzer's to make.

    A fuzzer keeps what reaches the most, so whatever it may choose grows as long and as dear as it can. How
    much of an input is tried and how thoroughly is chosen here, and spread over inputs as it is meant to be.
    """
    return Draws(sha256(data).digest())
