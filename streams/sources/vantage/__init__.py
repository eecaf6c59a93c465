"""Recordings of Emando Vantage, the competition software of Dutch and international meetings.

`convert_recording` reads a file; `foreseen` looks through one beforehand, for whole start lists. `wire.read`
and `step` do the same for one event of a live connection.
"""

from streams.sources.vantage.fold import step
from streams.sources.vantage.recording import Converted, Problem, Tally, convert_recording, foreseen
from streams.sources.vantage.state import ContractEvent, State, Step

__all__ = [
    "ContractEvent",
    "Converted",
    "Problem",
    "State",
    "Step",
    "Tally",
    "convert_recording",
    "foreseen",
    "step",
]
