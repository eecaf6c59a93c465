"""Ways to reach somebody: each makes one attempt to deliver a word, and says what came of it."""

from collections.abc import Awaitable, Callable

from streams.alerts.answers import Answer
from streams.alerts.outbox import Parcel

Send = Callable[[Parcel], Awaitable[Answer]]
"""Makes one attempt; what the other end does wrong is an answer, no exception."""
