/**
 * The pair on the ice: a card for each skater with running splits and what they are held against.
 */

import { iceOf } from "../ice.js";
import { say } from "../language.js";
import { shownGap, shownTime } from "../times.js";
import { byId, element, keyed, setAttribute, setText, show } from "./dom.js";
import { drawLaneChip, drawNameplate, laneChip, nameplate, placeWords } from "./parts.js";

const SPLITS_SHOWN = 6;

/** Draw who is on the ice, or was there last. */
export function drawIce(known, raceId, language) {
  const { now, pairs } = iceOf(known, raceId);
  show(byId("ice"), pairs.length > 0);
  setText(byId("ice-title"), say(language, now ? "on ice" : "just skated"));
  setAttribute(byId("ice"), "data-now", now);
  const keyOf = ({ pair }) => `${raceId} ${pair}`;
  keyed(
    byId("ice-pairs"),
    pairs,
    keyOf,
    () => element("div", { class: "pair-cards" }),
    (node, { pair, skaters }) => {
      setAttribute(node, "data-pair", pair);
      setAttribute(node, "data-skaters", skaters.length);
      keyed(
        node,
        skaters,
        ({ entry }) => entry.competitor.id,
        makeCard,
        (card, skater) => drawCard(card, skater, language),
      );
    },
  );
}

function makeCard() {
  return element(
    "article",
    { class: "card" },
    element("h3", {}, laneChip(), nameplate()),
    element("p", { class: "gap" }, element("span", { class: "value" }), element("span", { class: "place" })),
    element("p", { class: "clock" }, element("span", { class: "where" }), element("span", { class: "time" })),
    element("dl", { class: "against" }),
    element(
      "table",
      { class: "splits" },
      element("caption", { class: "unseen" }),
      element("thead"),
      element("tbody"),
    ),
  );
}

function drawCard(card, skater, language) {
  const [head, gap, clock, against, splits] = card.children;
  const { entry, last } = skater;
  setAttribute(card, "data-competitor", entry.competitor.id);
  setAttribute(card, "data-lane", entry.lane);
  drawLaneChip(head.children[0], entry.pair, entry.lane, language);
  drawNameplate(head.children[1], entry.competitor);
  setText(gap.children[0], last === null ? "" : shownGap(last.gap_ms, language));
  setAttribute(gap, "data-ahead", last !== null && last.gap_ms !== null && last.gap_ms < 0);
  setText(gap.children[1], placeThere(skater, language));
  setText(clock.children[0], whereOf(skater, language));
  setText(clock.children[1], entry.irm ?? (last === null ? "" : shownTime(last.time_ms, language)));
  drawAgainst(against, skater, language);
  drawSplits(splits, skater, language);
}

function placeThere({ last }, language) {
  if (last === null || last.rank === null) return "";
  return say(language, "rank at split", { rank: placeWords(last.rank, last.rank_equal, language) });
}

function whereOf({ entry, last }, language) {
  if (last === null) return "";
  return entry.time_ms === null
    ? say(language, "metres", { distance: last.distance_m })
    : say(language, "finish");
}

/** The gap to each record and to the opponent, behind being positive as everywhere on the page. */
function drawAgainst(list, { behind, opponent_ms: opponent, projected_ms: projected }, language) {
  const rows = Object.entries(behind).map(([kind, gap]) => [
    kind,
    say(language, kind),
    shownGap(gap, language),
    gap < 0,
  ]);
  if (opponent !== null)
    rows.push(["opponent", say(language, "opponent"), shownGap(opponent, language), opponent < 0]);
  if (projected !== null)
    rows.push(["projected", say(language, "projected"), shownTime(projected, language), false]);
  keyed(
    list,
    rows,
    ([key]) => key,
    ([key]) => element("div", { "data-what": key }, element("dt"), element("dd")),
    (row, [, what, value, ahead]) => {
      setText(row.children[0], what);
      setText(row.children[1], value);
      setAttribute(row, "data-ahead", ahead);
    },
  );
}

function drawSplits(table, { entry, splits }, language) {
  const [caption, head, body] = table.children;
  show(table, splits.length > 0);
  setText(caption, `${say(language, "split")}: ${entry.competitor.name}`);
  const heads = ["split", "time", "lap", "behind"];
  if (head.children.length === 0)
    head.append(element("tr", {}, ...heads.map(() => element("th", { scope: "col" }))));
  heads.forEach((key, index) => setText(head.firstElementChild.children[index], say(language, key)));
  const latest = splits.slice(-SPLITS_SHOWN);
  keyed(
    body,
    latest,
    (split) => String(split.distance_m),
    makeSplit,
    (row, split) => {
      const texts = [
        String(split.distance_m),
        shownTime(split.time_ms, language),
        shownTime(split.lap_ms, language),
        shownGap(split.gap_ms, language),
      ];
      texts.forEach((text, index) => setText(row.children[index], text));
      setAttribute(row, "data-ahead", split.gap_ms !== null && split.gap_ms < 0);
    },
  );
}

function makeSplit() {
  return element("tr", {}, element("th", { scope: "row" }), element("td"), element("td"), element("td"));
}
