"""What an event changed on the podium of a race: who moved on it, and who cannot be pushed off any more."""

from dataclasses import dataclass

from schemas.podium import PodiumChanged, PodiumPlace, PodiumSecured
from schemas.timing import TimingEvent
from streams.skating.podium import Secured, cause, changes
from streams.skating.race import Race


@dataclass(frozen=True, slots=True)
class OnPodium:
    """A race, the steps of its podium, and who has one for certain."""

    race: Race
    steps: tuple[PodiumPlace, ...]
    secured: tuple[Secured, ...]


def podium_told(
    before: OnPodium | None, after: OnPodium, event: TimingEvent, version: int
) -> list[PodiumChanged | PodiumSecured]:
    """Tell what is not as it was.

    Args:
        before: the podium before the event; None where there was no race.
        after: the podium now.
        event: the event.
        version: of the race now.
    """
    messages: list[PodiumChanged | PodiumSecured] = []
    moved = changes(() if before is None else before.steps, after.steps)
    if moved:
        changed = PodiumChanged(
            race_id=event.race_id,
            version=version,
            as_of=event.occurred_at,
            changes=moved,
            podium=after.steps,
            cause=cause(None if before is None else before.race, after.race, event),
        )
        messages.append(changed)
    known = () if before is None else before.secured
    for each in after.secured:
        if each not in known:
            sure = PodiumSecured(
                race_id=event.race_id,
                version=version,
                as_of=event.occurred_at,
                competitor=each.competitor,
                worst_rank=each.worst_rank,
            )
            messages.append(sure)
    return messages
