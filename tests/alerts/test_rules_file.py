"""The rules file: whatever is wrong is one line that says where, and never shows a secret."""

from pathlib import Path

import pytest

from streams.alerts.rules_file import read_rules
from streams.errors import SlotritError

EXAMPLE = Path(__file__).parents[2] / "docs" / "alerts.toml.example"
GOOD = """
[[sinks]]
name = "desk"
type = "webhook"
url = "https://user:password@newsroom.example/hook"
secret = "hush"
"""


def test_the_example_is_sound() -> None:
    """What newsrooms begin with is read without a complaint, and shows every kind of sink."""
    rules = read_rules(EXAMPLE)

    assert {sink.type for sink in rules.sinks} == {"webhook", "apprise", "file", "terminal"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('[[rules]]\n[[rules]]\nkind = "XX"', "rules.2.kind: input should be 'WR', 'OR', "),
        ("[[rules]]\nkinds = 1", "rules.1.kinds: there is no such key"),
        ("[[rules]]\nkind = []", "rules.1.kind: must name at least one; leave it out for all"),
        ('[[rules]]\ndiscipline = ["M1000", "M123"]', "rules.1.discipline: string should match pattern"),
        ("[[rules]]\nhold_s = -1", "rules.1.hold_s: input should be greater than or equal to 0, got -1"),
        ('[[rules]]\nsink = "nobody"', "rules.1.sink: there is no sink nobody"),
        ('[[rules]]\npodium = "decided"\nofficial = true', "rules.1: official needs kind beside it"),
        ("[[rules]]\nplace = 1", "rules.1: place needs podium beside it"),
        ('[[rules]]\nofficial = "yes"', "rules.1.official: input should be True, False or 'also', got 'yes'"),
        ("", "rules: must be given"),
        ("rules = []", "needs at least one [[rules]]"),
        ('[[rules]]\n[[sinks]]\nname = "desk"\ntype = "terminal"', "two sinks are named desk"),
        (
            '[[rules]]\n[[sinks]]\nname = "x"',
            "sinks.2.type: must be given: webhook, apprise, file or terminal",
        ),
        ('[[rules]]\n[[sinks]]\nname = "x"\ntype = "fax"', "sinks.2.type: must be webhook, apprise, file or"),
        (
            '[[rules]]\n[[sinks]]\nname = "x y"\ntype = "terminal"',
            "sinks.2.name: string should match pattern",
        ),
        (
            '[[rules]]\n[[sinks]]\nname = "x"\ntype = "file"\npath = 3',
            "sinks.2.path: input should be an instance",
        ),
        (
            '[[rules]]\n[[sinks]]\nname = "x"\ntype = "apprise"',
            "sinks.2: needs one of url, url_env and url_file",
        ),
        ("[[rules]", "is no TOML: "),
    ],
)
def test_a_mistake_is_one_line(tmp_path: Path, wrong: str, said: str) -> None:
    """It begins with the file and the place in it; tables count from 1."""
    file = tmp_path / "alerts.toml"
    top, rest = (wrong, "") if wrong.startswith("rules =") else ("", wrong)
    file.write_text(f"{top}\n{GOOD}\n{rest}", encoding="utf-8")

    with pytest.raises(SlotritError) as error:
        read_rules(file)

    assert str(error.value).startswith(f"{file}: {said}")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "table",
    [
        'url = "ftp://user:hidden@newsroom.example"\nsecret = "hidden"',
        'url = "https://user:hidden@"\nsecret = "hidden"',
        'url = "https://h"\nsecret = "hidden"\nsecret_env = "ALSO"',
        'url = "https://h"\nsecret = "hidden"\nheaders = { ce-id = "hidden" }',
        'url = "https://h"\nsecret = "hidden"\nheaders = { Authorization = "hidden\\r\\nX: y" }',
        'url = "https://h"\nsecret = "hidden"\nheaders = { "Au th" = "hidden" }',
        'url = ["hidden"]\nsecret = "hidden"',
        'url = "https://h"\nsecret = ["hidden"]',
    ],
)
def test_no_secret_is_ever_shown(tmp_path: Path, table: str) -> None:
    """Neither in a complaint nor in what the rules print as."""
    file = tmp_path / "alerts.toml"
    file.write_text(f'[[rules]]\n[[sinks]]\nname = "x"\ntype = "webhook"\n{table}', encoding="utf-8")

    with pytest.raises(SlotritError, match=r"sinks\.1") as error:
        read_rules(file)

    assert "hidden" not in str(error.value)
    sound = tmp_path / "sound.toml"
    sound.write_text(GOOD + "[[rules]]", encoding="utf-8")
    assert "hush" not in repr(read_rules(sound))
    assert "password" not in repr(read_rules(sound))


def test_a_file_that_is_not_there_says_where_to_begin(tmp_path: Path) -> None:
    """The example is named."""
    with pytest.raises(SlotritError, match=r"there is no such file; begin with docs/alerts\.toml\.example"):
        read_rules(tmp_path / "alerts.toml")
