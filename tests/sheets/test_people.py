"""Who is who: one skater has one id however the name is printed, and different ones never share it."""

from tests.sheets.people import Printed, identified


def test_name_cut_short_or_without_accents_is_the_same_skater() -> None:
    """A name that lost its end, accents or capitals belongs to whoever has all of it."""
    full, cut, plain = (
        Printed("W", "SWE", name) for name in ("Åsa Bö EK-HOLM", "Åsa Bö EK-", "Asa Bo EK-Holm")
    )

    assert set(identified([cut, full, plain]).values()) == {"SWE-asa-bo-ek-holm"}


def test_others_keep_their_own_id() -> None:
    """Another country, another gender's list, or another beginning is somebody else."""
    one, other = Printed("W", "SWE", "Ada EK"), Printed("W", "SWE", "Bea EK")
    abroad, man = Printed("W", "DEN", "Ada EK"), Printed("M", "SWE", "Ada EKHOLM")

    ids = identified([one, other, abroad, man])

    assert len(set(ids.values())) == 4
