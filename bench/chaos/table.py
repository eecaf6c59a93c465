"""The tables at the end: by kind of fault, by stream, and what was promised."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.chaos.plan import KINDS, Fault
from bench.chaos.script import TROUBLES
from bench.chaos.verdict import AGAINST, LIMITS, Counted, Promise
from streams.processing.messages import Stream

_SHOWN = 5
"""How much evidence of a broken promise is printed."""


@dataclass(frozen=True, slots=True)
class Injected:
    """A fault that was injected.

    Attributes:
        fault: as planned.
        at_ms: when, in milliseconds since 1970, as brokers date messages.
        recovered_s: after how many seconds it had been got over; None where it never was.
        standing: which partitions stood still then, in words.
    """

    fault: Fault
    at_ms: int
    recovered_s: float | None
    standing: tuple[str, ...] = ()


def fault_lines(
    injected: Sequence[Injected], again: Mapping[int, int], older: Mapping[int, int]
) -> Iterable[str]:
    """Draw up one line a kind of fault.

    Args:
        injected: what was done, in order.
        again: how many messages were said again, by the place of the fault they fell after; -1 before any.
        older: how many older versions stood over newer ones, alike.
    """
    yield _line("fault", "injected", "recovery p50", "max", "said again", "older over newer")
    for kind in KINDS:
        places = [place for place, each in enumerate(injected) if each.fault.kind == kind]
        times = [injected[place].recovered_s for place in places]
        known = [took for took in times if took is not None]
        p50 = f"{median(known):.1f} s" if known else "-"
        longest = "never" if None in times else f"{max(known):.1f} s" if known else "-"
        repeats, worse = (
            sum(again.get(place, 0) for place in places),
            sum(older.get(place, 0) for place in places),
        )
        yield _line(kind, len(places), p50, longest, repeats, worse)
    yield _line("before any", "", "", "", again.get(-1, 0), older.get(-1, 0))
    yield _line("all", len(injected), "", "", sum(again.values()), sum(older.values()))


def _line(kind: str, *cells: object) -> str:
    widths = (8, 13, 8, 11, 17)
    return f"{kind:<22}" + "".join(f" {cell!s:>{width}}" for cell, width in zip(cells, widths, strict=True))


def stream_lines(streams: Mapping[Stream, Counted]) -> Iterable[str]:
    """Draw up one line a stream: what was heard, what was wrong with it, and what it was held against.

    Below it stands what cannot be promised, and why.
    """
    yield _stream_line("stream", "messages", *TROUBLES, "said again", "held against")
    for stream, each in streams.items():
        yield _stream_line(stream, each.heard, *each.wrong, each.again, AGAINST[stream])
    yield from LIMITS


def _stream_line(stream: str, *cells: object) -> str:
    *numbers, against = cells
    widths = (9, 6, 8, 9, 12, 11)
    told = "".join(f" {cell!s:>{width}}" for cell, width in zip(numbers, widths, strict=True))
    return f"{stream:<12}{told}  {against}"


def promise_lines(promises: Sequence[Promise]) -> Iterable[str]:
    """Say of each promise whether it held, and what shows that it did not."""
    for promise in promises:
        yield f"{'held' if not promise.broken else 'BROKEN':<7} {promise.name}"
        for evidence in promise.broken[:_SHOWN]:
            yield f"          {evidence}"
        if len(promise.broken) > _SHOWN:
            yield f"          and {len(promise.broken) - _SHOWN} more"
