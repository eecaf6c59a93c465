"""The synthetic recording: an evening with every mess that a real one was seen to have.

`python -m tests.sources.synthetic` writes `fixtures/recordings/vantage-synthetic.jsonl`. Names and times are
invented; the mess is not.
"""

from datetime import datetime
from pathlib import Path

from tests.sources import tape
from tests.sources.tape import SECOND, Heat, Line, Skater

FILE = Path(__file__).parents[2] / "fixtures" / "recordings" / "vantage-synthetic.jsonl"

AALTO = Skater("Anna Aalto", "FIN", 0, best=81_570 * 10_000)
BRAND = Skater("Berit Brand", "NOR", 1, best=80_250 * 10_000)
COSTA = Skater("Carla Costa", "ITA", 0, best=78_100 * 10_000)
DAHL = Skater("Doris Dahl", "SWE", 1, best=None)
EVERS = Skater("Ellen Evers", "NED", 0, best=74_000 * 10_000)
FABER = Skater("Femke Faber", "NED", 1, best=75_500 * 10_000)
LATVIA = Skater("Latvia", "LAT", 0, team=True)
FRANCE = Skater("France", "FRA", 1, team=True)

FIRST_TRY = Heat("Ladies 1000 meter", 1, (AALTO, BRAND), gun=100.011)
HEAT_1 = FIRST_TRY._replace(gun=400.002)
HEAT_2 = Heat("Ladies 1000 meter", 2, (COSTA, DAHL), gun=600.099)
HEAT_3 = Heat("Ladies 1000 meter", 3, (EVERS, FABER), gun=800.915)
HEAT_4 = Heat("Ladies 1000 meter", 4, (COSTA._replace(lane=1),), gun=1000.5)
PURSUIT = Heat("Men Team Pursuit", 1, (LATVIA, FRANCE), gun=3000.42)

COOL_DOWN = 49
HIDDEN = 1


def evening() -> list[Line]:
    """Write the whole recording, in the order in which the recorder got it."""
    lines = [*_opening(), *_heat_1(), *_heat_2(), *_heat_3(), *_heat_4(), *_again(), *_pursuit()]
    return sorted(lines, key=lambda line: datetime.fromisoformat(line["_time"]))


def _late(heat: Heat, measured: Line, delay: float = 0.1) -> Line:
    return tape.lap(heat.gun + measured["time"] / SECOND + delay, heat, measured)


def _opening() -> list[Line]:
    return [tape.meeting(0.0), tape.meeting(0.003), tape.distance(10.0)]


def _heat_1() -> list[Line]:
    """A false start, a withdrawal with a ghost in the empty lane, and a transponder that is preferred."""
    ghost = tape.measurement(HEAT_1, AALTO, 191_306_000)
    laps = [
        tape.measurement(HEAT_1, BRAND, 190_417_000, "Transponder", flags=HIDDEN),
        tape.measurement(HEAT_1, BRAND, 190_338_000),
        tape.measurement(HEAT_1, BRAND, 483_151_000, flags=HIDDEN),
        tape.measurement(HEAT_1, BRAND, 483_214_000, "Transponder"),
        tape.measurement(HEAT_1, BRAND, 795_036_000, flags=HIDDEN),
        tape.measurement(HEAT_1, BRAND, 795_118_000, "Transponder"),
        tape.measurement(HEAT_1, BRAND, 795_049_999, "Photofinish", fixed=2, when=494.0),
    ]
    false_start = tape.measurement(FIRST_TRY, BRAND, 186_731_000, "Transponder", flags=HIDDEN)
    return [
        tape.activated(10.09, HEAT_1._replace(gun=0), invalid={AALTO.name: 4}),
        tape.started(100.7, FIRST_TRY),
        *tape.loop(106.0, FIRST_TRY, BRAND, 66_120_000),
        _late(FIRST_TRY, false_start),
        *tape.scoreboard(118.8, FIRST_TRY, BRAND, None),
        tape.cleared(140.0, FIRST_TRY),
        tape.started(400.2, HEAT_1),
        _late(HEAT_1, ghost),
        *(_late(HEAT_1, measured, 0.2) for measured in (laps[1], laps[0], laps[2], laps[3])),
        tape.lap(470.5, HEAT_1, {**ghost, "flags": COOL_DOWN}, old=191_306_000),
        *(_late(HEAT_1, measured) for measured in laps[4:6]),
        tape.lap(494.1, HEAT_1, laps[6]),
        tape.committed(505.0, HEAT_1, {BRAND.name: laps}, invalid={AALTO.name: 4}),
        tape.deactivated(505.01, HEAT_1),
    ]


def _heat_2() -> list[Line]:
    """Two optical pulses at one crossing, lines out of order, and a split that only the commit tells."""
    costa = [
        tape.measurement(HEAT_2, COSTA, 187_214_000, "Transponder"),
        tape.measurement(HEAT_2, COSTA, 187_239_000, flags=HIDDEN),
        tape.measurement(HEAT_2, COSTA, 475_602_000),
        tape.measurement(HEAT_2, COSTA, 793_115_000, "Transponder", flags=HIDDEN),
        tape.measurement(HEAT_2, COSTA, 793_188_000),
        tape.measurement(HEAT_2, COSTA, 793_180_000, "Photofinish", fixed=2, when=689.5),
    ]
    second_pulse = tape.measurement(HEAT_2, COSTA, 187_530_000, flags=HIDDEN)
    dahl = [
        tape.measurement(HEAT_2, DAHL, 189_640_000),
        tape.measurement(HEAT_2, DAHL, 481_377_000),
        tape.measurement(HEAT_2, DAHL, 806_233_000),
        tape.measurement(HEAT_2, DAHL, 806_230_000, "Photofinish", fixed=2, when=690.7),
    ]
    shown = {**costa[1], "flags": 33}
    hidden = {**costa[0], "flags": HIDDEN}
    return [
        tape.activated(505.1, HEAT_2._replace(gun=0)),
        tape.started(600.3, HEAT_2),
        _late(HEAT_2, costa[1]),
        _late(HEAT_2, second_pulse),
        _late(HEAT_2, costa[0], 0.5),
        tape.lap(647.95, HEAT_2, costa[2]),
        tape.lap(676.3, HEAT_2, hidden, old=187_214_000),
        tape.lap(676.31, HEAT_2, shown, old=187_239_000),
        tape.lap(680.4, HEAT_2, dahl[2]),
        tape.lap(680.5, HEAT_2, dahl[0]),
        *(_late(HEAT_2, measured, 2.0) for measured in costa[3:5]),
        tape.lap(689.6, HEAT_2, costa[5]),
        tape.lap(690.8, HEAT_2, dahl[3]),
        tape.committed(711.0, HEAT_2, {COSTA.name: [hidden, shown, *costa[2:]], DAHL.name: dahl}),
        tape.deactivated(711.01, HEAT_2),
    ]


def _heat_3() -> list[Line]:
    """A finish of 0.0 s, taken back after the right one was read, a correction, and false record flags."""
    evers = [
        tape.measurement(HEAT_3, EVERS, 178_000_000),
        tape.measurement(HEAT_3, EVERS, 448_000_000),
        tape.measurement(HEAT_3, EVERS, 742_346_000),
        tape.measurement(HEAT_3, EVERS, 742_340_000, "Photofinish", fixed=2, when=917.52),
    ]
    zero = tape.measurement(HEAT_3, EVERS, 0, "Photofinish", fixed=2, when=887.6)
    faber = [
        tape.measurement(HEAT_3, FABER, 183_000_000),
        tape.measurement(HEAT_3, FABER, 455_000_000),
        tape.measurement(HEAT_3, FABER, 795_084_000),
        tape.measurement(HEAT_3, FABER, 795_080_000, "Photofinish", fixed=2, when=890.0),
    ]
    misread = {**faber[3], "time": 742_300_000}
    return [
        tape.activated(711.1, HEAT_3._replace(gun=0)),
        tape.started(801.2, HEAT_3),
        *(_late(HEAT_3, measured) for measured in (*evers[:3], *faber[:3])),
        tape.lap(887.7, HEAT_3, zero),
        tape.lap(890.1, HEAT_3, misread),
        tape.lap(895.0, HEAT_3, faber[3], old=742_300_000),
        tape.lap(917.71, HEAT_3, {**zero, "flags": COOL_DOWN}, old=0),
        tape.lap(917.74, HEAT_3, evers[3]),
        tape.committed(
            930.0,
            HEAT_3,
            {EVERS.name: evers, FABER.name: faber},
            info={EVERS.name: 4, FABER.name: 4 | 8 | 32 | 1},
        ),
        tape.deactivated(930.01, HEAT_3),
    ]


def _heat_4() -> list[Line]:
    """A reskate, after which nothing more is skated on this distance."""
    skater = HEAT_4.skaters[0]
    laps = [
        tape.measurement(HEAT_4, skater, 182_000_000),
        tape.measurement(HEAT_4, skater, 466_000_000),
        tape.measurement(HEAT_4, skater, 783_124_000),
        tape.measurement(HEAT_4, skater, 783_120_000, "Photofinish", fixed=2, when=1090.0),
    ]
    return [
        tape.activated(930.1, HEAT_4._replace(gun=0)),
        tape.started(1000.8, HEAT_4),
        *(_late(HEAT_4, measured) for measured in laps[:3]),
        tape.lap(1090.1, HEAT_4, laps[3]),
        tape.committed(1100.0, HEAT_4, {skater.name: laps}, info={skater.name: 2}),
        tape.deactivated(1100.01, HEAT_4),
    ]


def _again() -> list[Line]:
    """Send the last heat again, as after a lost connection, long after the distance has ended."""
    return [
        {**line, "_time": tape.local(2400.0 + number / 1000)}
        for number, line in enumerate([tape.distance(0.0), *_heat_4()])
    ]


def _pursuit() -> list[Line]:
    """Half laps, by transponder alone, and teams that roll over the line after their finish."""
    latvia = [_half(LATVIA, half) for half in range(1, 17)]
    france = [_half(FRANCE, half) for half in range(1, 17)]
    finishes = [
        tape.measurement(PURSUIT, LATVIA, 2_311_420_000, "Photofinish", fixed=15, when=3250.0),
        tape.measurement(PURSUIT, FRANCE, 2_313_510_000, "Photofinish", fixed=15, when=3251.0),
    ]
    rolling = [
        tape.measurement(PURSUIT, team, ticks, "Transponder", flags=COOL_DOWN)
        for team, ticks in ((LATVIA, 2_506_118_000), (FRANCE, 2_519_604_000))
    ]
    crossings = sorted([*latvia, *france, *rolling], key=lambda measured: int(measured["time"]))
    return [
        tape.distance(2900.0, tape.MEN_PURSUIT),
        tape.activated(2900.1, PURSUIT._replace(gun=0)),
        tape.started(3001.1, PURSUIT),
        *(_late(PURSUIT, measured, 0.3) for measured in crossings),
        tape.lap(3250.1, PURSUIT, finishes[0]),
        tape.lap(3251.1, PURSUIT, finishes[1]),
        tape.committed(
            3260.0, PURSUIT, {LATVIA.name: [*latvia, finishes[0]], FRANCE.name: [*france, finishes[1]]}
        ),
        tape.deactivated(3260.01, PURSUIT),
    ]


def _half(team: Skater, half: int) -> Line:
    late = 0 if team is LATVIA else 2_090_000
    ticks = 2_311_437_000 + late - (16 - half) * 141_800_000
    return tape.measurement(PURSUIT, team, ticks, "Transponder")


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(tape.text(evening()), encoding="utf-8")
