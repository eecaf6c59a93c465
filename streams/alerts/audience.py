"""Who is told what: the rules, by the sinks that they concern."""

from collections.abc import Mapping
from dataclasses import dataclass

from streams.alerts.rules import Language, Rule, Rules


@dataclass(frozen=True, slots=True)
class Audience:
    """By sink its rules, each with its name, and its language."""

    rules: Mapping[str, tuple[tuple[str, Rule], ...]]
    languages: Mapping[str, Language]


def audience(rules: Rules, receivers: Mapping[str, tuple[str, ...]] | None = None) -> Audience:
    """Sort the rules by sink.

    A rule without a name is called by its place in the file, `rule 2`.

    Args:
        rules: the rules file.
        receivers: by sink, the names of the receivers that it stands for; one of its own name where left out.
    """
    chosen: dict[str, tuple[tuple[str, Rule], ...]] = {}
    languages: dict[str, Language] = {}
    for sink in rules.sinks:
        own = tuple(
            (rule.name or f"rule {number}", rule)
            for number, rule in enumerate(rules.rules, start=1)
            if rule.sink is None or sink.name in rule.sink
        )
        for name in (receivers or {}).get(sink.name, (sink.name,)):
            chosen[name] = own
            languages[name] = sink.language or rules.language
    return Audience(chosen, languages)
