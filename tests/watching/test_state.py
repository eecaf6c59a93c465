"""What a watcher knows, folded from messages."""

from streams.watching.state import Badge, Message, Watched, forgotten, heard
from tests.watching.watched import (
    DUBREUIL,
    KROL,
    RACE_ID,
    entry,
    pace,
    podium,
    record,
    revoked,
    secured,
    standings,
)


def told(*messages: Message) -> Watched:
    """Fold messages that come a second apart."""
    state = Watched()
    for now, message in enumerate(messages):
        state = heard(state, message, float(now))
    return state


def test_an_older_version_is_never_shown_after_a_newer() -> None:
    """A worker that was restarted sends again what it had sent; the screen does not go back."""
    state = told(standings(1), standings(2, status="OFFICIAL"))

    assert heard(state, standings(1), 9.0) is state
    assert heard(state, standings(2), 9.0) is state
    assert heard(state, standings(3), 9.0) is not state


def test_what_is_sent_twice_is_told_once() -> None:
    """News, splits and records of a restarted worker come again and change nothing."""
    for message in (podium(KROL), secured(KROL), record(KROL), pace(KROL)):
        state = told(message)
        assert heard(state, message, 9.0) is state


def test_only_whose_result_changed_is_fresh() -> None:
    """Who moves down because another one finished is not highlighted, nor is anybody at the first sight."""
    state = told(
        standings(1, entry(KROL), entry(DUBREUIL, rank=1, time="1:08.32")),
        standings(2, entry(KROL, rank=1, time="1:07.92"), entry(DUBREUIL, rank=2, time="1:08.32")),
    )

    assert state.races[RACE_ID].changed == {"krol": 1.0}


def test_records_are_joined_to_the_competitor_and_fall_when_revoked() -> None:
    """The highest kind comes first, a record sent again does not double, and a revoked one is gone."""
    state = told(
        record(KROL), record(KROL, kind="NR", scope="NED"), record(KROL, status="official"), record(DUBREUIL)
    )

    assert state.races[RACE_ID].badges["krol"] == (
        Badge("NR", "NED", equalled=False),
        Badge("TR", "oval", equalled=False),
    )

    state = heard(state, revoked(KROL), 9.0)

    assert state.races[RACE_ID].badges["krol"] == (Badge("NR", "NED", equalled=False),)
    assert state.races[RACE_ID].badges["dubreuil"] == (Badge("TR", "oval", equalled=False),)


def test_records_may_come_before_the_standings() -> None:
    """Topics have no common order: what comes first waits for the rest."""
    state = told(record(KROL), pace(KROL), standings(1, entry(KROL)))

    race = state.races[RACE_ID]
    assert race.standings is not None
    assert race.badges["krol"]
    assert race.pace["krol"].distance_m == 600


def test_the_latest_news_come_first() -> None:
    """The footer shows what was told last."""
    assert told(podium(KROL), secured(KROL)).news == (secured(KROL), podium(KROL))


def test_a_topic_made_anew_starts_from_nothing() -> None:
    """Races that are forgotten may begin again at version 1; others stay."""
    other = "2022-games/W500/-"
    state = forgotten(told(standings(7), standings(3, race_id=other), podium(KROL)), frozenset({RACE_ID}))

    assert set(state.races) == {other}
    assert state.news == ()
    assert heard(state, standings(1), 9.0).races[RACE_ID].standings == standings(1)
