"""What somebody is to be told about one subject, given what they may have heard of it.

Not the messages are handed on, but what holds is: a sink that was never reached by a time that has been
corrected is told the right one only, and never of a record that fell before the word of it got out. An
attempt whose answer never came may have arrived or not; then the sink may believe either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

What = Literal[
    "record", "miss", "correction", "official", "retraction", "revocation", "podium", "podium.event"
]
"""`revocation` tells of a revoked record somebody who had not been told of it, `podium.event` of one change
or certainty; neither is ever followed up."""
FOLLOWED_UP: tuple[What, ...] = ("record", "miss", "correction", "official", "retraction", "podium")


class Said(NamedTuple):
    """The gist of what is told: told again only where it differs. `text` is a time, or who is where."""

    form: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A word to a sink about a subject. `said` is None in a retraction.

    `fate`: `waiting` for its turn, `failed` for good unless asked again, `delivered`, or `dropped` because
    something else holds by now. `doubtful`: an attempt may have arrived, though no answer says so.
    """

    id: int
    ce_id: str
    what: What
    said: Said | None
    official: bool
    fate: Literal["waiting", "failed", "delivered", "dropped"]
    doubtful: bool

    @property
    def is_open(self) -> bool:
        """Whether it may still be sent."""
        return self.fate in {"waiting", "failed"}

    @property
    def may_be_heard(self) -> bool:
        """Whether the sink has it, or may have it."""
        return self.fate == "delivered" or self.doubtful


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do: words to drop, by id, and what to say then.

    `after` is the last word that may have been heard, `instead_of` an undelivered one whose turn the new
    word takes.
    """

    dropped: tuple[int, ...] = ()
    what: What | None = None
    after: Sent | None = None
    instead_of: int | None = None


def beliefs(chain: Sequence[Sent]) -> frozenset[Said | None]:
    """Give everything that a sink may believe now; None is that it knows of nothing that holds.

    Args:
        chain: all words to the sink about the subject, in their order.
    """
    possible: frozenset[Said | None] = frozenset({None})
    for sent in chain:
        if sent.fate == "delivered":
            possible = frozenset({sent.said})
        elif sent.doubtful:
            possible |= {sent.said}
    return possible


def last_heard(chain: Sequence[Sent]) -> Sent | None:
    """Give the last word that arrived or may have."""
    return next((sent for sent in reversed(chain) if sent.may_be_heard), None)


def fallen(chain: Sequence[Sent]) -> Plan:
    """Plan for a record that does not stand: the retraction for whoever may have heard of it, nobody else."""
    open_ = [sent for sent in chain if sent.is_open]
    if beliefs(chain) == {None}:
        return Plan(_ids(open_))
    if open_ and open_[-1].said is None:
        return Plan(_ids(open_[:-1]))
    return Plan(_ids(open_), "retraction", last_heard(chain))


def suspended(chain: Sequence[Sent]) -> Plan:
    """Plan for a podium that is open again: what was said stays said, what was not is not said now."""
    return Plan(_ids([sent for sent in chain if sent.is_open]))


def standing(
    chain: Sequence[Sent],
    said: Said,
    first: What,
    *,
    wanted: bool,
    official: bool = False,
    official_too: bool = False,
) -> Plan:
    """Plan for something that holds.

    Args:
        chain: all words to the sink about the subject, in their order.
        said: what holds.
        first: what the first word about it is.
        wanted: whether a rule asks for it as something new; who has heard of it is kept up to date anyway.
        official: whether it is official.
        official_too: whether the sink wants to hear that it has become official.
    """
    possible = beliefs(chain)
    open_ = [sent for sent in chain if sent.is_open]
    planned = open_[-1] if open_ else None
    if not (wanted or possible != {None} or any(sent.said is not None for sent in open_)):
        return Plan()
    heard = last_heard(chain)
    word_of_it: What = "correction" if heard and heard.said not in {None, said} else first
    becomes_official = (
        official_too and official and not any(sent.official for sent in chain if sent.may_be_heard)
    )
    if planned is not None and planned.said == said:
        if planned.doubtful:
            more: What | None = "official" if becomes_official and not planned.official else None
            return Plan(_ids(open_[:-1]), more, heard)
        what = planned.what if planned.what == "official" else word_of_it
        return Plan(_ids(open_), what, heard, planned.id)
    if possible == {said}:
        return Plan(_ids(open_), "official" if becomes_official else None, heard)
    # What was refused for good was another word; this one has all attempts before it.
    takes_its_turn = planned is not None and planned.fate == "waiting" and possible == {None}
    return Plan(_ids(open_), word_of_it, heard, planned.id if planned and takes_its_turn else None)


def still_true(chain: Sequence[Sent], sent: Sent) -> bool:
    """Say, when the turn of a word has come, whether it is still to be said.

    A retraction is not where nothing arrived after all of what it takes back: an attempt that was under way
    when the record fell has been refused since.
    """
    return sent.what != "retraction" or beliefs([one for one in chain if one.id != sent.id]) != {None}


def _ids(words: Sequence[Sent]) -> tuple[int, ...]:
    return tuple(sent.id for sent in words)
