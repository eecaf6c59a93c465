/**
 * The head of the page: which race, where, how it stands; and whether what is shown can be trusted.
 */

import { clockOf, dayOf, raceTitle, say } from "../language.js";
import { lapsOf } from "../lines.js";
import { byId, setAttribute, setText, show } from "./dom.js";

/** Draw a race's title, status and place. */
export function drawTitle(known, raceId, language) {
  const standings = known.races.get(raceId)?.standings ?? null;
  const race = standings?.race ?? known.summaries.get(raceId) ?? null;
  const status = standings?.status ?? known.summaries.get(raceId)?.status ?? null;
  const title =
    race === null
      ? say(language, known.summaries.size > 0 || raceId ? "waiting" : "no races")
      : raceTitle(race, language);
  setText(byId("race-title"), title);
  setText(byId("race-where"), race === null ? say(language, "fills itself") : whereOf(race, language));
  setAttribute(byId("race-status"), "data-status", status);
  setText(
    byId("race-status"),
    status === null ? "" : [say(language, status), ...progressOf(standings, language)].join(" · "),
  );
  document.title = race === null ? "Slotrit" : `${title} – Slotrit`;
}

function whereOf(race, language) {
  const { name, venue } = race.competition;
  const when =
    race.scheduled_at === null ? [] : [dayOf(race.scheduled_at, language), clockOf(race.scheduled_at)];
  return [name, venue.name, ...when].join(" · ");
}

function progressOf(standings, language) {
  if (standings === null || standings.status === "OFFICIAL") return [];
  if (standings.race.format === "mass_start") {
    const laps = Math.max(0, ...standings.entries.map((entry) => entry.splits.length));
    return laps > 0 && standings.remaining > 0
      ? [say(language, "lap of", { lap: laps, laps: lapsOf(standings.race) })]
      : [];
  }
  return standings.remaining > 0 ? [say(language, "remaining", { count: standings.remaining })] : [];
}

/**
 * Draw the state of the connection.
 *
 * @param {{connected: boolean, stale: boolean, delay: number}} state see feed.js.
 * @param {boolean} everHeard whether anything ever came: until then the page is only on its way.
 */
export function drawConnection(state, everHeard, language) {
  const word = state.connected ? (state.stale ? "stale" : null) : everHeard ? "disconnected" : "connecting";
  setText(byId("connection"), word === null ? "" : say(language, word));
  setAttribute(byId("connection"), "data-state", word ?? "live");
  setAttribute(document.documentElement, "data-old", word === "stale" || word === "disconnected");
  show(byId("delay"), state.delay > 0);
  setText(byId("delay"), state.delay > 0 ? say(language, "delayed", { delay: state.delay }) : "");
}
