"""The screen in a real terminal, on a real broker: choosing a race, and every way out."""

import signal
from collections.abc import Callable

import pytest

from streams.settings import Settings
from streams.topic_setup import create_topics
from tests.watching.in_terminal import Terminal, in_terminal
from tests.watching.test_live import publishing, send, settings_for
from tests.watching.watched import DUBREUIL, KROL, entry, standings

LIVE = standings(1, entry(KROL), race_id="games/M1000/-", status="LIVE")
OVER = standings(1, entry(DUBREUIL, rank=1, time="34.52"), race_id="games/M500/-", status="OFFICIAL")


@pytest.fixture
async def evening(kafka_address: str) -> Settings:
    """Give a broker on which there are two races, one of them live."""
    settings = settings_for(kafka_address)
    await create_topics(settings)
    async with publishing(settings) as producer:
        await send(producer, settings, OVER, LIVE)
    return settings


def environment(settings: Settings) -> dict[str, str]:
    """Give the variables that lead a process to this broker."""
    return {
        "SLOTRIT_BROKERS": ",".join(settings.brokers or ()),
        "SLOTRIT_TOPIC_PREFIX": settings.topic_prefix,
    }


async def test_a_race_is_chosen_and_stays(evening: Settings) -> None:
    """It stays large while another one goes on, until it is left to the screen again; q ends with 0."""
    with in_terminal("watch", environment=environment(evening)) as terminal:
        terminal.until("↑↓ choose a race")
        assert "Men 1000 m  Winter Games" in terminal.shown
        terminal.press("\x1b[B")
        terminal.until("▸ Men 500 m")
        terminal.press("\r")
        terminal.until("↑↓ other race")
        assert "Men 500 m  Winter Games" in terminal.shown
        terminal.press("")
        async with publishing(evening) as producer:
            finish = entry(KROL, rank=1, time="1:07.92")
            await send(producer, evening, LIVE.model_copy(update={"version": 2, "entries": (finish,)}))
        terminal.until("Men 1000 m  LIVE  1. Thomas Krol NED 1:07.92")
        assert "Men 500 m  Winter Games" in terminal.shown
        terminal.press("\x1b")
        terminal.until("Men 1000 m  Winter Games")
        terminal.press("/500")
        terminal.until("Find: 500▏")
        terminal.press("\r")
        terminal.until("Men 500 m  Winter Games")
        terminal.press("q")

        assert terminal.until_over() == 0
        assert terminal.is_put_back()


def killed(number: signal.Signals) -> Callable[[Terminal], None]:
    """Make a way out: a signal."""
    return lambda terminal: terminal.process.send_signal(number)


@pytest.mark.parametrize(
    "way_out",
    [lambda terminal: terminal.press("\x03"), killed(signal.SIGINT), killed(signal.SIGTERM)],
    ids=["Ctrl-C", "SIGINT", "SIGTERM"],
)
async def test_the_terminal_is_put_back_on_every_way_out(
    way_out: Callable[[Terminal], None], evening: Settings
) -> None:
    """While it is shown there is no echo and no cursor; afterwards all is as before, and nothing is said."""
    with in_terminal("watch", environment=environment(evening)) as terminal:
        terminal.until("q quit")
        assert terminal.settings_now() != terminal.settings
        way_out(terminal)

        assert terminal.until_over() == 130
        assert terminal.is_put_back()
        assert "Traceback" not in terminal.shown


async def test_where_nobody_can_continue_it_ctrl_z_does_nothing(evening: Settings) -> None:
    """As the first process of its session, as in a window of its own, it would hang for ever."""
    with in_terminal("watch", environment=environment(evening)) as terminal:
        terminal.until("q quit")
        terminal.press("\x1a")
        terminal.until("q quit")
        terminal.press("j")
        terminal.until("▸ Men 500 m")


async def test_without_keys_none_are_offered(evening: Settings) -> None:
    """Where standard input is no terminal the screen is as it is, until Ctrl-C."""
    with in_terminal("watch", environment=environment(evening), keys=False) as terminal:
        terminal.until("Men 1000 m  Winter Games")
        assert "q quit" not in terminal.shown
        assert terminal.settings_now() == terminal.settings
        terminal.process.send_signal(signal.SIGINT)

        assert terminal.until_over() == 130
        assert terminal.is_put_back()
