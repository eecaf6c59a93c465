"""The page of figures says what was measured, and what was not."""

from itertools import pairwise

from bench.delay import Delay
from bench.page import WIDTH, Figures, flowing, page
from bench.recovery import Recovery
from bench.speed import Speed
from bench.workers import Shared


def test_medians_are_told() -> None:
    """The middle of the rounds is told, a peer that fell behind is named so, a recovery less its session."""
    figures = Figures("make bench", 3, 1000, machine=["- 2 cores"], core=["| core |"])
    figures.delays = {"ours": {100: Delay(5.25, 20.5), 1000: None}}
    figures.workers = {
        1: [Shared(Speed(1000, wall_s, 1.0, 90.0), 0) for wall_s in (1.0, 2.0, 4.0)],
        2: [Shared(Speed(1000, 1.0, 2.0, 80.0), 2)],
    }
    figures.recoveries = {0: [Recovery(0, 10, 1.5, 4.0, 12.5, 100.0, 110.0)]}

    text = page(figures, 12.3)

    assert "12 minutes" in text
    assert "| Slotrit (Faust) | 5.2 | 20.5 | falls behind |  |" in text
    assert "| 1 | 500 | 1.00 | 1000 | 90 | 0 of 3 |" in text
    assert "| 2 | 1000 | 2.00 | 500 | 80 | 2 of 3 |" in text
    assert "| 0 | 10 | 2 | 12.5 | 2.5 | 4.0 | 100 | 110 |" in text


def test_what_was_left_out_is_said() -> None:
    """A part that was not measured is named instead of told from another run."""
    assert page(Figures("make bench", 1, 100), 1.0).count("Not measured in this run.") == 10


def test_text_flows_whatever_the_figures_are() -> None:
    """No line of a paragraph or a list ends before it is full, and none is too long."""
    for rounds, events in ((1, 100), (12, 1_000_000)):
        text = page(Figures("make bench", rounds, events, machine=["- 2 cores", f"- {'Linux ' * 30}"]), 1.0)
        assert flowing(text) == text
        for block in text.split("\n\n"):
            lines = block.splitlines()
            if not block.startswith(("#", "|", "    ")):
                assert max(map(len, lines)) <= WIDTH
                for line, following in pairwise(lines):
                    assert following.startswith("- ") or len(f"{line} {following.split()[0]}") > WIDTH, line


def test_tables_and_code_are_left_alone() -> None:
    """Their lines mean something."""
    text = "# A heading\n\n| a |\n|--:|\n| 1 |\n\n    make bench\n\na\nword\n\n- an\n  item\n- another\n"
    assert flowing(text) == text.replace("a\nword", "a word").replace("an\n  item", "an item")
