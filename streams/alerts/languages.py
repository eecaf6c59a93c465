"""English and Dutch as newsrooms write them: the words and sentences, nothing of when to say them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from schemas.reference import RecordKind
from streams.alerts.rules import Language


@dataclass(frozen=True, slots=True)
class Words:
    """A language. Sentences are templates with named gaps; `times` are what `:` and `.` of a time become."""

    times: tuple[str, str]
    kinds: Mapping[RecordKind, tuple[str, str, str]]
    genders: Mapping[str, str]
    events: Mapping[str, str]
    distance: str
    division: str
    run: str
    meeting: str
    months: tuple[str, ...]
    causes: Mapping[str, str]
    certain: Mapping[int, tuple[str, str]]
    sentences: Mapping[str, str]

    def time(self, written: str) -> str:
        """Write a time as the language does: `1:07.92` is `1.07,92` in Dutch."""
        colon, point = self.times
        return "".join({":": colon, ".": point}.get(character, character) for character in written)

    def day(self, day: date) -> str:
        """Write a day with its month as a word."""
        return f"{day.day} {self.months[day.month - 1]} {day.year}"


_ENGLISH = Words(
    times=(":", "."),
    # In a headline; one among others; the one that is in force.
    kinds={
        "WR": ("World record", "a world record", "the world record"),
        "OR": ("Olympic record", "an Olympic record", "the Olympic record"),
        "WRJ": ("Junior world record", "a junior world record", "the junior world record"),
        "NR": ("National record", "a national record", "the national record"),
        "NRJ": ("National junior record", "a national junior record", "the national junior record"),
        "TR": ("Track record", "a track record", "the track record"),
        "TRJ": ("Junior track record", "a junior track record", "the junior track record"),
        "PB": ("Personal best", "a personal best", "the personal best"),
        "SB": ("Season's best", "a season's best", "the season's best"),
        "OPENING": ("Fastest opening", "the fastest opening ever", "the fastest opening"),
    },
    genders={"M": "men's {}", "W": "women's {}", "X": "mixed {}"},
    events={"TP": "team pursuit", "TS": "team sprint", "MS": "mass start", "MR": "relay"},
    distance="{} m",
    division="{} division",
    run="race {}",
    meeting="at {}",
    months=(
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    causes={
        "corrected": "the time was corrected",
        "correction": "after a correction",
        "ruling": "after a ruling",
        "listing": "the list of records was changed",
        "reskate": "after a reskate",
        "finish": "after a finish",
    },
    certain={
        1: ("First place certain", "{who} cannot be beaten any more"),
        2: ("At least second", "{who} cannot drop below second"),
        3: ("Podium certain", "{who} cannot drop below third"),
    },
    sentences={
        "there": "in the {event} {where}",
        "record": "{who} has skated {kind} {there}: {time}{margin}. {status}.",
        "margin": ", {gap} faster than the {old}",
        "own": ", {gap} faster than the old one of {time}",
        "of": "{time} of {holder}",
        "old": "old {time}",
        "equalled": "{who} has equalled {the_kind} {there}: {time}{shared}. {status}.",
        "shared": ", shared with {holder}",
        "missed": "{who} has missed {the_kind} {there} by {gap}: {time} against the {old}.",
        "correction": "Correction: {who} has not skated {was} but {time} {there}. "
        "It is still {kind}{margin}. {status}.",
        "correction_equalled": "Correction: {who} has equalled {the_kind} {there}, not broken it: {time}"
        "{shared}. {status}.",
        "correction_set": "Correction: {who} has broken {the_kind} {there}, not equalled it: {time}"
        "{margin}. {status}.",
        "correction_missed": "Correction: {who} has missed {the_kind} {there} by {gap}: {time} against "
        "the {old}.",
        "official_set": "The {time} of {who} {there} is official: {kind}{margin}.",
        "official_equalled": "{who} has officially equalled {the_kind} {there}: {time}{shared}.",
        "retraction": "The {time} of {who} {there} does not stand as {kind} ({cause}).{in_force}",
        "in_force": " In force: {time}, {holder}.",
        "podium": "The podium of the {event} {where} is decided: {places}.",
        "podium_correction": "Correction: the podium of the {event} {where} has changed {cause}: {places}.",
        "changed": "The podium of the {event} {where} has changed {cause}: {places}.",
        "nobody": "nobody",
        "secured": "{certain} {there}.",
        "provisional": "Provisional until the race is official",
        "is_official": "Official",
        "title_record": "{headline}, {event}: {who} {time}",
        "title_equalled": "{headline} equalled, {event}: {who} {time}",
        "title_missed": "{headline} missed by {gap}, {event}: {who} {time}",
        "title_correction": "Corrected: {title}, was {was}",
        "title_corrected": "Corrected: {title}",
        "title_official": "Official: {title}",
        "title_retraction": "Withdrawn: {title}",
        "title_podium": "Podium, {event}: {places}",
        "title_changed": "Podium now, {event}: {places}",
        "title_secured": "{certain}, {event}: {who}",
    },
)  # fmt: skip

_DUTCH = Words(
    times=(".", ","),
    kinds={
        "WR": ("Wereldrecord", "een wereldrecord", "het wereldrecord"),
        "OR": ("Olympisch record", "een olympisch record", "het olympisch record"),
        "WRJ": ("Juniorenwereldrecord", "een juniorenwereldrecord", "het juniorenwereldrecord"),
        "NR": ("Nationaal record", "een nationaal record", "het nationaal record"),
        "NRJ": ("Nationaal juniorenrecord", "een nationaal juniorenrecord", "het nationaal juniorenrecord"),
        "TR": ("Baanrecord", "een baanrecord", "het baanrecord"),
        "TRJ": ("Junioren-baanrecord", "een junioren-baanrecord", "het junioren-baanrecord"),
        "PB": ("Persoonlijk record", "een persoonlijk record", "het persoonlijk record"),
        "SB": ("Beste seizoenstijd", "een beste seizoenstijd", "de beste seizoenstijd"),
        "OPENING": ("Snelste opening", "de snelste opening ooit", "de snelste opening"),
    },
    genders={"M": "{} mannen", "W": "{} vrouwen", "X": "gemengde {}"},
    events={"TP": "ploegenachtervolging", "TS": "teamsprint", "MS": "massastart", "MR": "estafette"},
    distance="{} meter",
    division="{}-groep",
    run="race {}",
    meeting="bij {}",
    months=(
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
    causes={
        "corrected": "de tijd is gecorrigeerd",
        "correction": "na een correctie",
        "ruling": "na een beslissing van de jury",
        "listing": "de recordlijst is gewijzigd",
        "reskate": "na een overgereden race",
        "finish": "na een finish",
    },
    certain={
        1: ("Zeker van de winst", "{who} kan niet meer worden verslagen"),
        2: ("Minstens tweede", "{who} kan niet lager eindigen dan tweede"),
        3: ("Zeker van het podium", "{who} kan niet lager eindigen dan derde"),
    },
    sentences={
        "there": "op de {event} {where}",
        "record": "{who} heeft {kind} gereden {there}: {time}{margin}. {status}.",
        "margin": ", {gap} sneller dan de {old}",
        "own": ", {gap} sneller dan de oude {time}",
        "of": "{time} van {holder}",
        "old": "oude {time}",
        "equalled": "{who} heeft {the_kind} geëvenaard {there}: {time}{shared}. {status}.",
        "shared": ", nu samen met {holder}",
        "missed": "{who} heeft {the_kind} gemist {there}, met {gap}: {time} tegen de {old}.",
        "correction": "Correctie: {who} heeft {there} niet {was} maar {time} gereden. "
        "Het blijft {kind}{margin}. {status}.",
        "correction_equalled": "Correctie: {who} heeft {the_kind} {there} geëvenaard, niet verbeterd: {time}"
        "{shared}. {status}.",
        "correction_set": "Correctie: {who} heeft {the_kind} {there} verbeterd, niet geëvenaard: {time}"
        "{margin}. {status}.",
        "correction_missed": "Correctie: {who} heeft {the_kind} {there} gemist met {gap}: {time} tegen "
        "de {old}.",
        "official_set": "De {time} van {who} {there} is officieel: {kind}{margin}.",
        "official_equalled": "{who} heeft {the_kind} {there} officieel geëvenaard: {time}{shared}.",
        "retraction": "De {time} van {who} {there} telt niet als {kind} ({cause}).{in_force}",
        "in_force": " Geldend: {time}, {holder}.",
        "podium": "Het podium van de {event} {where} staat vast: {places}.",
        "podium_correction": "Correctie: het podium van de {event} {where} is gewijzigd, {cause}: {places}.",
        "changed": "Het podium van de {event} {where} is gewijzigd, {cause}: {places}.",
        "nobody": "niemand",
        "secured": "{certain} {there}.",
        "provisional": "Voorlopig, tot de uitslag officieel is",
        "is_official": "Officieel",
        "title_record": "{headline} {event}: {who} {time}",
        "title_equalled": "{headline} geëvenaard, {event}: {who} {time}",
        "title_missed": "{headline} gemist met {gap}, {event}: {who} {time}",
        "title_correction": "Correctie: {title}, was {was}",
        "title_corrected": "Correctie: {title}",
        "title_official": "Officieel: {title}",
        "title_retraction": "Ingetrokken: {title}",
        "title_podium": "Podium {event}: {places}",
        "title_changed": "Podium nu, {event}: {places}",
        "title_secured": "{certain}, {event}: {who}",
    },
)  # fmt: skip

LANGUAGES: dict[Language, Words] = {"en": _ENGLISH, "nl": _DUTCH}
