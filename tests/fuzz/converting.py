"""The fuzz target of the converter: a recording made up from bytes, as a file and as a live connection.

Half of the recordings are told line by line, sound and nearly sound; the others are bytes as they come.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from schemas.reference import REFERENCE
from schemas.timing import TIMING
from streams.skating.fold import Refused, fold
from streams.skating.race import Race
from streams.sources.vantage import (
    ContractEvent,
    Converted,
    Problem,
    Tally,
    convert_recording,
    foreseen,
    live,
    wire,
)
from tests.fuzz.draws import Draws, beside
from tests.fuzz.spoiling import spoiled, written
from tests.skating.a_race import TEN
from tests.sources import tape

FIRST_LINES = 3
"""How many lines of a recording mostly say what meeting it is of, and which distances it has."""

MORE_LINES = (1,) * 6 + (2,) * 8 + (3,) * 8 + (4,) * 6 + (6,) * 4 + (9, 9, 14, 24)
"""How many lines are read after those, each as likely as it is often here."""

HOWS = ("Optical", "Transponder", "Photofinish", "Manual", "Guessed")
SKATERS = (
    tape.Skater("Anna Aalto", "FIN", 0, best=750_000_000),
    tape.Skater("Berit Brand", "NOR", 1),
    tape.Skater("Cora Claes", "BEL", 0, best=1),
    tape.Skater("Dora Dahl", "NOR", 1),
)
TEAMS = (tape.Skater("Norway", "NOR", 0, team=True), tape.Skater("Belgium", "BEL", 1, team=True))


@dataclass(slots=True)
class _Recorder:
    draws: Draws
    at: float = 0.0

    def now(self) -> float:
        """Go on by some seconds, or stay, or go back: copies, and clocks."""
        self.at += self.draws.of((1, 0, 10, 60, 0.001, -5, 3600))
        return self.at

    def heat(self) -> tape.Heat:
        chosen = self.draws.byte()
        number, round_ = 1 + chosen % 3, 1 + (chosen // 3 % 8 == 7)
        gun = (0.0, 10.0, 10.005, 100.0)[chosen // 64]
        if chosen // 24 % 4 == 3:
            return tape.Heat("Men Team Pursuit", number, TEAMS, gun, round_)
        first = chosen % 4
        skaters = (SKATERS[first], SKATERS[(first + 1) % 4])[: 1 + (chosen % 5 > 0)]
        return tape.Heat("Ladies 1000 meter", number, skaters, gun, round_)

    def measured(self, heat: tape.Heat) -> tape.Line:
        skater = self.draws.of(heat.skaters)
        split = self.draws.of((180, 480, 780, 20, 2000))
        ticks = split * 1_000_000 + self.draws.below(8) * 3_000
        flags = self.draws.of((33, 1, 49, 17, 32, 0, 255))
        fixed = self.draws.of((None, None, 0, 1, 2, 7, -1))
        when = self.draws.of((None, self.at, heat.gun, -1e6))
        return tape.measurement(heat, skater, ticks, self.draws.of(HOWS), flags=flags, fixed=fixed, when=when)

    def lap(self) -> tape.Line:
        heat = self.heat()
        old = self.draws.of((None, None, 180_000_000, 780_000_000))
        return tape.lap(self.now(), heat, self.measured(heat), old=old)

    def committed(self) -> tape.Line:
        heat = self.heat()
        names = [skater.name for skater in heat.skaters]
        laps = {name: [self.measured(heat) for _ in range(self.draws.below(3))] for name in names}
        said = dict.fromkeys(names[: self.draws.below(2)], self.draws.below(6))
        info = dict.fromkeys(names, self.draws.byte())
        official = dict.fromkeys(names[: self.draws.below(3)], self.draws.byte() * 4_000_000)
        return tape.committed(self.now(), heat, laps, invalid=said, info=info, official=official)

    def activated(self) -> tape.Line:
        heat = self.heat()
        out = {heat.skaters[0].name: self.draws.below(6)} if self.draws.one_in(4) else None
        return tape.activated(self.now(), heat, out)

    def distance(self) -> tape.Line:
        return tape.distance(self.now(), self.draws.of((tape.LADIES_1000, tape.MEN_PURSUIT)))

    def line(self) -> bytes:
        makers: tuple[Callable[[], tape.Line], ...] = (
            *(self.lap,) * 6,
            *(self.activated,) * 3,
            *(self.committed,) * 2,
            lambda: tape.started(self.now(), self.heat()),
            lambda: tape.cleared(self.now(), self.heat()),
            lambda: tape.deactivated(self.now(), self.heat()),
            self.distance,
            lambda: tape.meeting(self.now()),
        )
        line: Any = self.draws.of(makers)()
        if not self.draws.one_in(8):
            return json.dumps(line).encode()
        return written(spoiled(line, self.draws), self.draws)


def recording(data: bytes, most: int) -> bytes:
    """Make up a recording of at most so many lines, mostly one that begins with its distances."""
    draws = Draws(data)
    if draws.one_in(2):
        return b"\n".join(data[1:].split(b"\n", most)[:most])
    recorder = _Recorder(draws)
    lines = []
    if not draws.one_in(16):
        lines = [
            json.dumps(line).encode()
            for line in (
                tape.meeting(0.0),
                tape.distance(0.0),
                tape.distance(0.0, tape.MEN_PURSUIT),
            )
        ]
    while draws.left and len(lines) < most:
        lines.append(recorder.line())
        if draws.one_in(8):
            lines.append(draws.of(lines))
    return b"\n".join(lines)


def converted(data: bytes) -> None:
    """Convert what bytes make up, and hold what comes of it against the contract.

    Nothing raises, what is converted can be folded, a file that is looked through beforehand is converted
    too, and a live connection that is restored knows what it knew.

    Raises:
        AssertionError: where that does not hold.
    """
    chosen = beside(data)
    text = recording(data, FIRST_LINES + chosen.of(MORE_LINES)).decode(errors="replace")
    tally = Tally()
    races: dict[str, Race] = {}
    problems = 0
    for each in convert_recording(StringIO(text), tally):
        if isinstance(each, Problem):
            problems += 1
            assert each.reason
        else:
            _folded(each, races)
    assert tally.problems == problems
    assert tally.read == tally.used + sum(tally.dropped.values())
    if chosen.one_in(8):
        state = foreseen(StringIO(text))
        for _ in convert_recording(StringIO(text), Tally(), state):
            pass
    if chosen.one_in(8):
        _live(text)


def _folded(each: Converted, races: dict[str, Race]) -> None:
    """Fold what was converted: nothing of it may be refused, listings may not either."""
    if each.json.startswith('{"type":"record.listed"'):
        REFERENCE.validate_json(each.json)
        return
    event = TIMING.validate_json(each.json)
    after = fold(races.get(event.race_id), event)
    assert not isinstance(after, Refused), f"{after.reason}: {each.json}"
    races[event.race_id] = after


def _live(text: str) -> None:
    """Hear the lines as a connection brings them, and come back to the last thing said from what was kept."""
    heard, journals = live.connected(live.Live()), []
    last: tuple[ContractEvent, ...] = ()
    now: datetime = TEN
    for line in text.splitlines():
        now += timedelta(milliseconds=1)
        with suppress(wire.UnreadableError):
            said = live.hear(heard, line, now)
            heard = said.live
            if said.journal:
                journals.append(said.journal)
                last = said.events
    assert live.restored(reversed(journals)).last_events == last
