"""Graphics on air: what is seen, what is not, and what playout systems can tell them."""

import json

import pytest
from playwright.async_api import expect

from schemas.standings import Standings
from tests.browser.evening import evening, method_of, record
from tests.browser.on_air import FULL_HD, alphas_at, board_on, comes_in, goes_out, hears
from tests.browser.visits import Visit
from tests.gateway.telling import gateway

pytestmark = pytest.mark.asyncio(loop_scope="session")

M500 = "torture/M500/-"
W1000 = "torture/W1000/-"


def board_of(standings: Standings, lines: int = 10) -> list[list[str]]:
    """Write the lines that the leaderboard has to show."""
    return [
        [
            f"{'=' if entry.rank_equal else ''}{entry.rank}" if entry.rank else "",
            entry.competitor.name,
            entry.competitor.country,
            entry.irm or entry.time or "",
            entry.thousandth or "",
            "" if entry.rank == 1 else f"+{entry.behind_ms / 1000:.2f}",
        ]
        for entry in standings.entries[:lines]
        if entry.behind_ms is not None
    ]


async def test_the_leaderboard_is_right_and_the_picture_is_seen_around_it(visit: Visit) -> None:
    """Ten lines as the standings have them, opaque where they are and nothing at all elsewhere."""
    told = evening("torture")
    final = told.standings(len(told.timing))[M500]
    async with gateway(told.heard) as held:
        page = await visit(f"{held.url}/overlay/standings?race={M500}&motion=none", viewport=FULL_HD)
        still = await visit("about:blank")
        await comes_in(page, "standings")
        await expect(page.locator("html")).to_have_attribute("data-version", str(final.version))
        board = await page.locator("slotrit-standings .board").bounding_box()
        assert board is not None

        assert await board_on(page) == board_of(final)
        middle = (int(board["x"] + board["width"] / 2), int(board["y"] + 20))
        *corners, inside = await alphas_at(page, still, [(2, 2), (1917, 2), (2, 1077), (1917, 1077), middle])
        assert corners == [0, 0, 0, 0]
        assert inside > 200


async def test_a_corrected_time_is_put_right_on_air(visit: Visit) -> None:
    """The photo finish swaps first and second while the leaderboard stands, and marks what was corrected."""
    told = evening("torture")
    photo = told.after(method_of(M500, "jpn-kaito-mori", "photo_finish"))
    async with gateway(told.told(photo - 1)) as held:
        page = await visit(f"{held.url}/overlay/standings?race={M500}")
        await comes_in(page, "standings")
        assert [line[1:5] for line in await board_on(page)][:2] == [
            ["Kaito Mori", "JPN", "33.86", "2"],
            ["Evan Marchand", "CAN", "33.86", "6"],
        ]
        for message in told.then(photo - 1, photo):
            held.hear(message)
        version = told.standings(photo)[M500].version
        await expect(page.locator("html")).to_have_attribute("data-version", str(version))
        mori = page.locator('slotrit-standings .line[data-competitor="jpn-kaito-mori"]')

        assert [line[1:5] for line in await board_on(page)][:2] == [
            ["Evan Marchand", "CAN", "33.86", "6"],
            ["Kaito Mori", "JPN", "33.86", "8"],
        ]
        await expect(mori).to_have_attribute("data-corrected", "")
        await comes_in(page, "standings")


async def test_a_record_is_announced_as_it_is_set_and_goes_out_again(visit: Visit) -> None:
    """The world record comes in by itself, with whose it is, for as long as it is to be held."""
    told = evening("torture")
    gold = told.after(record("WR", M500))
    async with gateway(told.told(gold - 1)) as held:
        page = await visit(f"{held.url}/overlay/record?hold=5")
        await hears(page, "record")
        await goes_out(page, "record")
        for message in told.then(gold - 1, gold):
            held.hear(message)
        await comes_in(page, "record")
        for field, text in (("kind", "WR"), ("name", "Teun Postma"), ("country", "NED"), ("time", "33.55")):
            await expect(page.locator(f"slotrit-record [data-field={field}]")).to_have_text(text)
        await goes_out(page, "record")


async def test_a_record_that_was_set_before_is_not_announced(visit: Visit) -> None:
    """Who comes after a world record sees only the next record, also where the old one is confirmed."""
    told = evening("torture")
    gold, confirmed = told.after(record("WR", M500)), 127
    assert any(record("WR", M500)(json.loads(one.value)) for one in told.then(confirmed - 1, confirmed))
    async with gateway(told.told(gold)) as held:
        page = await visit(f"{held.url}/overlay/record?hold=5")
        await hears(page, "record")
        await page.evaluate(NOTE_WHO_IS_SHOWN)
        for message in told.then(gold, confirmed):
            held.hear(message)
        await comes_in(page, "record")
        await goes_out(page, "record")
        assert await page.evaluate("shown") == ["pol-anna-kowal"]


NOTE_WHO_IS_SHOWN = """
() => {
  const graphic = document.querySelector("slotrit-record");
  window.shown = [];
  graphic.addEventListener("drawn", () => {
    const { competitor } = graphic.shadowRoot.querySelector(".flash").dataset;
    if (window.shown.at(-1) !== competitor) window.shown.push(competitor);
  });
}
"""


async def test_a_pair_comes_in_as_it_is_called_and_goes_out_after_its_finish(visit: Visit) -> None:
    """The strip has both who are on the ice, then their times, and leaves by itself."""
    told = evening("torture")
    called, finished = 62, 71
    names = ["Kaito Mori", "Evan Marchand"]
    async with gateway(told.told(called - 1)) as held:
        page = await visit(f"{held.url}/overlay/pair?race={M500}&hold=5")
        await hears(page, "pair")
        await goes_out(page, "pair")
        for message in told.then(called - 1, called):
            held.hear(message)
        await comes_in(page, "pair")
        await expect(page.locator("slotrit-pair [data-field=name]")).to_have_text(names)
        await expect(page.locator("slotrit-pair [data-field=time]")).to_have_text(["", ""])
        for message in told.then(called, finished):
            held.hear(message)
        await expect(page.locator("slotrit-pair [data-field=time]")).to_have_text(["33.86(2)", "33.86(6)"])
        await goes_out(page, "pair")


async def test_playout_systems_can_play_stop_and_update(visit: Visit) -> None:
    """The functions that CasparCG and SPX call: with JSON and numbered fields, or with templateData."""
    told = evening("torture")
    async with gateway(told.heard) as held:
        page = await visit(f"{held.url}/overlay/standings?caspar=1&in=60&out=60&race={M500}")
        await hears(page, "standings")
        await goes_out(page, "standings")
        assert await page.evaluate("SPXGCTemplateDefinition.DataFields[0].field") == "f0"

        await page.evaluate("play()")
        await comes_in(page, "standings")
        await expect(page.locator("html")).to_have_attribute("data-race", M500)

        await page.evaluate("text => update(text)", json.dumps({"f0": W1000}))
        await expect(page.locator("html")).to_have_attribute("data-race", W1000)
        await comes_in(page, "standings")

        await page.evaluate("text => update(text)", THREE_LINES)
        await expect(page.locator("slotrit-standings .line")).to_have_count(3)
        assert await board_on(page) == board_of(told.standings(len(told.timing))[W1000], lines=3)

        await page.evaluate("stop()")
        await goes_out(page, "standings")
        await page.evaluate("play()")
        await comes_in(page, "standings")


THREE_LINES = """
<templateData>
  <componentData id="lines"><data id="text" value="3"/></componentData>
</templateData>
"""
