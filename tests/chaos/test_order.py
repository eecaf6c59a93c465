"""What a run is told to do."""

from bench.chaos.order import Order
from bench.chaos.plan import plan
from streams.event_files import Line


def test_events_last_as_long_as_there_are_faults() -> None:
    """Before each fault there are events left for it and those after it; after the last all may come."""
    faults = plan(1, 60)
    fixtures = [Line("file", 1, b"{}", "timing", b"race"), Line("file", 2, b"{}", "reference", b"book")]
    order = Order(seed=1, events=99, workers=2, per_s=10, plan=faults, fixtures=fixtures)

    allowed = [order.allowed(begun) for begun in range(len(faults) + 1)]

    assert allowed == sorted(allowed)
    assert allowed[0] == 100 / (len(faults) + 1)
    assert allowed[-2] < 100
    assert allowed[-1] == 100


def test_the_books_of_fixtures_come_after_our_own() -> None:
    """Reference events of the fixtures are published too, their timing is not among them."""
    fixtures = [Line("file", 1, b"{}", "timing", b"race"), Line("file", 2, b"{}", "reference", b"book")]
    order = Order(seed=1, events=1, workers=2, per_s=1, plan=plan(1, 1), fixtures=fixtures)

    *ours, last = order.books()

    assert (last.stream, last.key) == ("reference", b"book")
    assert all(arrival.key != b"book" for arrival in ours)
