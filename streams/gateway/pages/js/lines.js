/**
 * The lines of a standings table: each entry of the message with everything a page shows beside it.
 */

import { badgesOf } from "./badges.js";
import { SHOWN_MS } from "./corrections.js";
import { raceOf } from "./known.js";

/** How long a new result stays highlighted, in milliseconds. */
export const FRESH_MS = 6_000;

/**
 * Give the lines of a race in the order of the sheet; none where no standings are known.
 *
 * Each is the entry itself with: `badges`; `was`, the shown result before a correction, or null; `moved`, how many
 * places a correction moved it, positive upwards, with `movedFrom`; `fresh`, whether its result is new; `onIce`;
 * `laps`, the whole laps that were skated (mass start), else null.
 *
 * @param {object} known see known.js.
 * @param {number} now on the page's clock, in milliseconds.
 */
export function linesOf(known, raceId, now) {
  const { standings, was, freshAt } = raceOf(known, raceId);
  if (standings === null) return [];
  const badges = badgesOf(known, raceId, now);
  const onIce = new Set(standings.on_ice);
  const isMassStart = standings.race.format === "mass_start";
  return standings.entries.map((entry) => {
    const id = entry.competitor.id;
    const correction = recent(was.get(id), now, SHOWN_MS);
    return {
      ...entry,
      id,
      badges: badges.get(id) ?? [],
      was: correction?.result ? correction : null,
      moved: entry.rank === null ? 0 : (correction?.moved ?? 0),
      movedFrom: correction?.rank ?? null,
      fresh: !isMassStart && now - (freshAt.get(id) ?? -Infinity) < FRESH_MS,
      onIce: !isMassStart && onIce.has(entry.pair) && entry.time_ms === null && entry.irm === null,
      laps: isMassStart ? lapsSkated(standings.race, entry) : null,
    };
  });
}

/** Above this many splits before the finish a table has no columns for them; who is on the ice has them anyway. */
const SPLIT_COLUMNS = 3;

/** Give the distances at which a table has a column: those before the finish, where they are few. */
export function splitColumns(standings) {
  if (standings === null || standings.race.format === "mass_start") return [];
  const distances = new Set(
    standings.entries.flatMap((entry) => entry.splits.map((split) => split.distance_m)),
  );
  distances.delete(standings.race.distance_m);
  return distances.size > SPLIT_COLUMNS ? [] : [...distances].sort((one, other) => one - other);
}

/** Give how many whole laps a race has: 6400 m are 16. */
export function lapsOf(race) {
  return Math.round(race.distance_m / race.competition.venue.track_length_m);
}

/** Give when on the page's clock lines will look different by time alone: the last moment something is fresh. */
export function fadesAt(known, raceId) {
  const { was, freshAt } = raceOf(known, raceId);
  const corrected = [...was.values()].map((correction) => correction.at + SHOWN_MS);
  const taken = known.news.map((news) => news.at + SHOWN_MS);
  return Math.max(-Infinity, ...corrected, ...taken, ...[...freshAt.values()].map((at) => at + FRESH_MS));
}

function recent(correction, now, ms) {
  return correction !== undefined && now - correction.at < ms ? correction : null;
}

function lapsSkated(race, entry) {
  const skated = entry.splits.at(-1)?.distance_m ?? 0;
  return Math.round((skated / race.distance_m) * lapsOf(race));
}
