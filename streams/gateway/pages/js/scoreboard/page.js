/**
 * The live scoreboard: hears the stream, knows what it said, draws what changed.
 */

import { openFeed } from "../feed.js";
import { NOTHING, heard, raceOf } from "../known.js";
import { pageLanguage, remember, say } from "../language.js";
import { fadesAt } from "../lines.js";
import { followed } from "../programme.js";
import { chartOpens, drawChart } from "./chart.js";
import { comingOpens, drawComing } from "./coming.js";
import { byId, onChange, setAttribute, setText, show } from "./dom.js";
import { drawFinding, findingOpens } from "./finding.js";
import { drawIce } from "./ice.js";
import { placeOf, searchWith } from "./place.js";
import { drawPodium } from "./podium.js";
import { drawProgramme } from "./programme.js";
import { drawRankings } from "./rankings.js";
import { drawStandings } from "./standings.js";
import { tellCorrections, tellNews } from "./telling.js";
import { drawConnection, drawTitle } from "./title.js";
import { drawAge, fitSheet, leaveWall } from "./wall.js";

/** A connection that is away for less than this is not worth a word: choosing a race opens another. */
const GRACE_MS = 2_500;
const FADE_LOOK_MS = 1_000;
const WALL_LOOK_MS = 1_000;

let known = NOTHING;
let place = placeOf(location.search);
let language = pageLanguage();
/** The race that the stream is asked for, and the one on the page: they differ until the snapshot has come. */
let watched = null;
let shown = null;
/** The race that the page chooses where the reader does not. */
let live = null;
let feed = null;
let connection = { connected: false, stale: false, delay: 0 };
let lostAt = 0;
let everHeard = false;
let told = 0;
let isDue = false;
/** Counts what the reader did that messages do not tell: opened a list, chose a skater, made the window larger. */
let stamp = 0;

function watch(raceId) {
  feed?.close();
  watched = raceId;
  lost({ ...connection, connected: false });
  // Without a race only the list is asked for: everything of every race would be a lot.
  const wanted = raceId === null ? { kinds: ["races", "rankings"] } : { races: [raceId] };
  feed = openFeed(wanted, take, (state) => {
    if (!state.connected) return lost(state);
    connection = state;
    drawSoon();
  });
}

function lost(state) {
  connection = state;
  lostAt = performance.now();
  setTimeout(drawSoon, GRACE_MS);
}

function take(kind, data) {
  const now = performance.now();
  known = heard(known, kind, data, now);
  everHeard = true;
  if (kind === "snapshot") shown = watched;
  if ((kind === "standings" || kind === "field.top") && data.race_id === shown) tellCorrections(raceOf(known, shown), now, language);
  follow();
  drawSoon();
}

/** Show the race that was chosen, else the one that is live. */
function follow() {
  live = followed(known.summaries, live);
  const race = place.race ?? live;
  if (race !== watched) watch(race);
}

/** Draw with the next frame; a page in the background has none, and is drawn anyway. */
function drawSoon() {
  if (isDue) return;
  isDue = true;
  const due = () => {
    isDue = false;
    draw();
  };
  if (document.visibilityState === "visible") requestAnimationFrame(due);
  else setTimeout(due, 100);
}

const onceProgramme = onChange();
const onceIce = onChange();
const onceComing = onChange();
const onceFinding = onChange();
const oncePodium = onChange();
const onceChart = onChange();
const onceRankings = onChange();

function draw() {
  const isRace = place.view !== "rankings";
  show(byId("race-view"), isRace);
  show(byId("rankings-view"), !isRace);
  drawSections(isRace);
  const current = isRace ? shown : null;
  const isChosen = place.race !== null;
  onceProgramme([known.summaries, current, isChosen, language, location.search], () =>
    drawProgramme(known.summaries, current, isChosen, language),
  );
  if (isRace) drawRace();
  else {
    const { rankings, rankingNeeds, summaries } = known;
    onceRankings([rankings, rankingNeeds, summaries, place.ranking, language], () =>
      drawRankings(known, place.ranking, language),
    );
  }
  drawConnection(shownConnection(), everHeard, language);
  tellNews(known, shown, told, language);
  told = known.news[0]?.number ?? 0;
}

function drawRace() {
  const race = raceOf(known, shown);
  // First what is measured from event to screen, and what all others are looked at after.
  drawStandings(known, shown, language, performance.now());
  drawTitle(known, shown, language);
  const isWall = place.view === "wall";
  if (isWall) drawWall();
  onceIce([race, shown, language], () => drawIce(known, shown, language));
  onceComing([race, shown, isWall, language, stamp], () => drawComing(known, shown, isWall, language));
  onceFinding([race.standings, shown, place.competitor, connection.delay, language, stamp], () =>
    drawFinding(known, shown, place.competitor, connection.delay, language),
  );
  oncePodium([race, shown, language], () => drawPodium(known, shown, language));
  onceChart([race.standings, shown, language, stamp], () => drawChart(known, shown, language));
}

function drawWall() {
  fitSheet(shown, performance.now());
  drawAge(known, shown, connection.delay, language, Date.now());
}

function drawSections(isRace) {
  setAttribute(byId("to-race"), "href", searchWith({ view: null, ranking: null }));
  setAttribute(byId("to-rankings"), "href", searchWith({ view: "rankings" }));
  setAttribute(byId("to-race"), "aria-current", isRace ? "page" : null);
  setAttribute(byId("to-rankings"), "aria-current", isRace ? null : "page");
}

function shownConnection() {
  const isAway = !connection.connected && everHeard && performance.now() - lostAt < GRACE_MS;
  return isAway ? { ...connection, connected: true } : connection;
}

function speak(next) {
  language = next;
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-say]")) setText(node, say(language, node.dataset.say));
  for (const node of document.querySelectorAll("[data-label]"))
    setAttribute(node, "aria-label", say(language, node.dataset.label));
  const other = language === "nl" ? "en" : "nl";
  setText(byId("language"), other.toUpperCase());
  setAttribute(byId("language"), "aria-label", `${other.toUpperCase()}: ${say(language, "language.other")}`);
  setAttribute(byId("language"), "lang", other);
  drawSoon();
}

function redraw() {
  stamp += 1;
  drawSoon();
}

/** Tell the style sheets what is shown. */
function setView() {
  const { dataset } = document.documentElement;
  if (dataset.view === "wall" && place.view !== "wall") leaveWall();
  dataset.view = place.view;
}

/** Go where the address says; called when it has changed. */
function arrive() {
  place = placeOf(location.search);
  setView();
  follow();
  drawSoon();
}

/** Follow links within the page without loading it anew; what opens elsewhere, such as a new tab, is the browser's. */
function onClick(event) {
  const link = event.target.closest("a[href^='?']");
  if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  history.pushState(null, "", link.getAttribute("href"));
  if (link.closest("#races") !== null && !WIDE.matches) byId("races").open = false;
  arrive();
}

/** Where there is room the races stay in sight. */
const WIDE = matchMedia("(min-width: 90rem) and (max-width: 149.99rem)");

function unfold() {
  byId("races").open = WIDE.matches;
}

const theme = new URLSearchParams(location.search).get("theme");
if (theme === "dark" || theme === "light") byId("dark").media = theme === "dark" ? "all" : "not all";
byId("language").addEventListener("click", () => {
  const next = language === "nl" ? "en" : "nl";
  remember(next);
  // An address that asks for a language would go on winning.
  if (new URLSearchParams(location.search).has("lang"))
    history.replaceState(null, "", searchWith({ lang: next }));
  speak(next);
});
document.addEventListener("click", onClick);
addEventListener("popstate", arrive);
WIDE.addEventListener("change", unfold);
comingOpens(redraw);
chartOpens(redraw);
findingOpens(redraw);
// What is highlighted fades by time alone.
setInterval(() => performance.now() < fadesAt(known, shown) + 2 * FADE_LOOK_MS && drawSoon(), FADE_LOOK_MS);
// On a wall time alone turns the sheet and ages it.
setInterval(() => place.view === "wall" && drawWall(), WALL_LOOK_MS);
setView();
// Somebody may have opened it before this script came: it is never closed here.
if (WIDE.matches) unfold();
speak(language);
watch(place.race);
