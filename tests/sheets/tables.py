"""World Cup points of 2025/26 (RULES: World Cup points), as the events that list them."""

from schemas.reference import PointsTableListed

_A = (60, 54, 48, 43, 40, 38, 36, 34, 32, *range(31, 20, -1))
_B = (28, 24, 21, *range(17, 0, -1))
_B_LONG = (32, 28, 25, *range(21, 0, -1))
_B_PURSUIT = (40, 36, 33, 29, 28, 27, 26, 25)

TABLES = {
    table.name: table
    for table in (
        PointsTableListed(name="A", points=_A),
        PointsTableListed(name="A-last-for-DNF", points=_A, irm_scores={"DNF": "last"}),
        PointsTableListed(name="A-mass-start", points=(*_A, 20, 19, 18, 17)),
        PointsTableListed(name="B", points=_B),
        PointsTableListed(name="B-long", points=_B_LONG),
        PointsTableListed(name="B-pursuit", points=_B_PURSUIT, irm_scores={"DNF": "last"}),
        PointsTableListed(name="B-mass-start", points=tuple(range(20, 0, -1))),
    )
}
"""By name. In the 500 m of the A division and in pursuits a DNF scores as the last rank."""


def table_of(discipline: str, division: str) -> PointsTableListed:
    """Find the table of a race; 5000 m of women and 10000 m, which neither weekend had, have none here."""
    if discipline.endswith("MS"):
        return TABLES[f"{division}-mass-start"]
    if division == "A":
        last_for_dnf = discipline.endswith("TP") or discipline[1:] == "500"
        return TABLES["A-last-for-DNF" if last_for_dnf else "A"]
    if discipline.endswith("TP"):
        return TABLES["B-pursuit"]
    return TABLES["B-long" if discipline in ("W3000", "M5000") else "B"]
