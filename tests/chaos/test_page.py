"""The page that a run writes."""

from bench.chaos.order import RECOVERED_WITHIN_S, Order
from bench.chaos.page import page
from bench.chaos.plan import plan


def test_the_page_has_what_was_printed_and_how_it_was_asked_for() -> None:
    """Every line of the account as it is, the command, and how many events there were."""
    order = Order(seed=1, events=1234, workers=2, per_s=1, plan=plan(1, 1))

    text = page(["seed 1: 1234 events", "", "held    lag  back to zero"], order, "python -m bench.chaos", 3.0)

    assert "    seed 1: 1234 events\n\n    held    lag  back to zero\n" in text
    assert "    python -m bench.chaos\n" in text
    assert "1,234 events" in text
    assert f"{RECOVERED_WITHIN_S:g} s after its end" in " ".join(text.split())
    assert "$" not in text
