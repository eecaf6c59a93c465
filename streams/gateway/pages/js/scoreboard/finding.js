/**
 * Finding somebody in a race of which the page has only the first lines, and keeping their line up to date.
 *
 * The gateway knows the rank of now; it is asked again every few seconds, and whenever the front changes. An answer
 * that has not changed costs it and the network next to nothing.
 */

import { factsOf, isFront, lineAddress, resultOf, searchAddress, shownCount } from "../finding.js";
import { raceOf } from "../known.js";
import { ordinal, say, shownRank } from "../language.js";
import { byId, element, keyed, setAttribute, setText, show } from "./dom.js";
import { searchWith } from "./place.js";
import { drawNameplate, nameplate } from "./parts.js";

const AGAIN_MS = 5_000;
/** A front that changes many times a second is no reason to ask as often. */
const SOONEST_MS = 1_000;
const NOBODY = Object.freeze({ race: null, competitor: null, delay: 0, version: null });

/** What is followed, and what the gateway answered last: null for nothing yet, `entry` null for no such competitor. */
let followed = NOBODY;
let line = null;
/** What was found: {words, found, entries}. */
let list = null;
/** When the line was asked for last, how often, and which of those times was answered last. */
let askedAt = -Infinity;
let times = 0;
let answered = 0;
let redraw = () => {};

/** Let the form find; `drawn` is called when there is an answer. */
export function findingOpens(drawn) {
  redraw = drawn;
  byId("finding-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const words = byId("finding-words").value.trim();
    if (words !== "" && followed.race !== null) find(words);
  });
  setInterval(refresh, AGAIN_MS);
}

async function find(words) {
  const { race, delay } = followed;
  const answer = await asked(searchAddress(race, words, delay));
  if (answer === null || race !== followed.race) return;
  list = { words, found: answer.found ?? 0, entries: answer.entries ?? [] };
  redraw();
}

async function refresh() {
  const wanted = followed;
  if (wanted.race === null || wanted.competitor === null) return;
  askedAt = performance.now();
  times += 1;
  const mine = times;
  const answer = await asked(lineAddress(wanted.race, wanted.competitor, wanted.delay));
  if (answer === null || mine < answered || wanted.race !== followed.race || wanted.competitor !== followed.competitor) return;
  answered = mine;
  line = { entry: answer.entry ?? null };
  redraw();
}

/** Ask the gateway; {} where it knows nothing of that, null where it cannot be asked now. */
async function asked(address) {
  try {
    const answer = await fetch(address);
    if (answer.ok) return await answer.json();
    return answer.status === 404 ? {} : null;
  } catch {
    return null;
  }
}

/** Draw the section, in a race of which the page has not everybody. */
export function drawFinding(known, raceId, competitorId, delay, language) {
  const { standings } = raceOf(known, raceId);
  const isThere = isFront(standings);
  show(byId("finding"), isThere);
  follow(
    isThere ? { race: raceId, competitor: competitorId, delay, version: standings.version } : NOBODY,
  );
  drawList(language);
  drawLine(language);
}

function follow(next) {
  const isOther = next.race !== followed.race || next.delay !== followed.delay;
  const isSame = !isOther && next.competitor === followed.competitor;
  const moved = next.version !== followed.version;
  followed = next;
  if (isOther) list = null;
  if (!isSame) line = null;
  if (!isSame || (moved && performance.now() - askedAt > SOONEST_MS)) refresh();
}

function drawList(language) {
  const entries = list?.entries ?? [];
  keyed(byId("finding-found"), entries, (entry) => entry.competitor.id, makeChoice, (item, entry) => {
    const [link] = item.children;
    const [rank, plate, result] = link.children;
    setAttribute(link, "href", searchWith({ race: followed.race, competitor: entry.competitor.id }));
    setAttribute(link, "aria-current", entry.competitor.id === followed.competitor ? "true" : null);
    setText(rank, shownRank(entry.rank, entry.rank_equal));
    drawNameplate(plate, entry.competitor);
    setText(result, resultOf(entry, language));
  });
  setText(byId("finding-count"), list === null ? "" : countOf(entries.length, language));
}

function countOf(shown, language) {
  if (list.found === 0) return say(language, "found nobody", { words: list.words });
  const all = shownCount(list.found, language);
  return list.found > shown ? say(language, "found more", { count: shown, all }) : say(language, "found", { all });
}

function makeChoice() {
  const link = element("a", {}, element("span", { class: "rank" }), nameplate(), element("span", { class: "time" }));
  return element("li", {}, link);
}

function drawLine(language) {
  const entry = line?.entry ?? null;
  const isMissing = line !== null && entry === null;
  show(byId("finding-line"), entry !== null);
  const words = isMissing ? say(language, "found nobody", { words: followed.competitor }) : wordsOf(entry, language);
  setText(byId("finding-said"), words);
  setAttribute(byId("finding-said"), "class", isMissing ? null : "unseen");
  if (entry === null) return;
  drawNameplate(byId("finding-who").firstElementChild ?? plateIn(byId("finding-who")), entry.competitor);
  setAttribute(byId("finding-line"), "data-competitor", entry.competitor.id);
  keyed(
    byId("finding-facts"),
    factsOf(entry, language),
    ({ key }) => key,
    () => element("div", {}, element("dt"), element("dd")),
    (row, { what, value }) => {
      setText(row.children[0], what);
      setText(row.children[1], value);
    },
  );
}

function plateIn(parent) {
  parent.append(nameplate());
  return parent.firstElementChild;
}

/** Say who and how it stands, for who listens: it is said again where place or result change. */
function wordsOf(entry, language) {
  if (entry === null) return "";
  const place = entry.rank === null ? "" : ordinal(entry.rank, language);
  return [entry.competitor.name, place, resultOf(entry, language)].filter((word) => word !== "").join(", ");
}
