"""A real championship evening over a live connection that drops, into processes that are killed."""

import json
import random
from io import StringIO
from pathlib import Path

import pytest

from schemas.reference import REFERENCE
from schemas.timing import TIMING, TimingEvent
from streams.ingest import as_line
from streams.sources.vantage import Converted, Tally, convert_recording, wire
from tests.sources.last_standings import final
from tests.sources.outcome import lines_of
from tests.sources.test_vantage_live import lines, played

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "vantage"
EXCERPTS = [FOLDER / f"{name}.jsonl.gz" for name in ("w1000", "mtp")]

pytestmark = pytest.mark.skipif(
    not all(path.exists() for path in EXCERPTS),
    reason="no excerpts of a real recording in ../shared/data/vantage beside the checkout",
)


@pytest.mark.parametrize("excerpt", EXCERPTS, ids=lambda path: path.name)
def test_a_real_evening_survives_drops_and_kills(excerpt: Path) -> None:
    """With three drops and two kills anywhere, ten times over, the standings are those of the recording."""
    recorded = [json.loads(line) for line in lines_of(excerpt)]
    facts = [line for line in recorded if line["typeName"] not in wire.FACTLESS]
    source = StringIO("".join(json.dumps(line) + "\n" for line in facts))
    texts = [each.json for each in convert_recording(source, Tally()) if isinstance(each, Converted)]
    expected = final(
        [as_line((REFERENCE if '"record.listed"' in each else TIMING).validate_json(each)) for each in texts]
    )

    for seed in range(10):
        chance = random.Random(seed)  # noqa: S311 - no secret
        drops = {chance.randrange(1, len(facts)) for _ in range(3)}
        kills = {chance.randrange(1, len(facts)): chance.randrange(4) for _ in range(2)}
        topic = played(drops, kills, chance.randrange(4), facts)
        ids = [kept.event.event_id for kept in topic if isinstance(kept.event, TimingEvent)]

        assert len(ids) == len(set(ids)), seed
        assert final(lines(topic)) == expected, seed
