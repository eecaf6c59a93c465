/**
 * Who is on the ice, or was there last, with running splits against the leader, the records and the opponent.
 */

import { raceOf } from "./known.js";
import { difference } from "./times.js";

export const LANES = Object.freeze(["inner", "outer", "inner2", "outer2"]);

/**
 * Give the pairs on the ice: `{now, pairs: [{pair, skaters}]}`, `now` false where they have finished.
 *
 * A skater is `{entry, last, splits, opponent_ms, projected_ms, behind}`: `splits` [{distance_m, time_ms, lap_ms, rank,
 * rank_equal, gap_ms}] with the gap to the best other finisher there (null without one), `last` the latest of them or
 * null; `opponent_ms` the gap in the pair at `last`, null while the other has not passed; `projected_ms` the finish to
 * expect, null after it; `behind` record kind → gap in ms, negative ahead. Empty in a mass start, where everybody is on
 * the ice.
 */
export function iceOf(known, raceId) {
  const { standings, skated, pace } = raceOf(known, raceId);
  const nobody = { now: false, pairs: [] };
  if (standings === null || standings.race.format === "mass_start") return nobody;
  const now = standings.on_ice.length > 0;
  if (!now && standings.status !== "LIVE" && standings.status !== "INTERMEDIATE") return nobody;
  const told = stillTrue(known, raceId, pace);
  const pairs = skated.map((pair) => ({ pair, skaters: skatersOf(standings, pair, told) }));
  return { now, pairs: pairs.filter(({ skaters }) => skaters.length > 0) };
}

/** Give the best finisher other than `id`, or null: whom a skater's splits are held against. */
export function leaderFor(standings, id) {
  return standings.entries.find((entry) => entry.rank !== null && entry.competitor.id !== id) ?? null;
}

/** Give an entry's splits with `gap_ms`, the gap of shown times to `leader` at each, null where it has none. */
export function againstLeader(entry, leader) {
  const times = new Map(leader?.splits.map((split) => [split.distance_m, split.time_ms]));
  return entry.splits.map((split) => {
    const other = times.get(split.distance_m);
    return { ...split, gap_ms: other === undefined ? null : difference(split.time_ms, other) };
  });
}

const OPPONENTS = { inner: "outer", outer: "inner", inner2: "outer2", outer2: "inner2" };

function skatersOf(standings, pair, told) {
  const entries = standings.entries.filter(
    (entry) => entry.pair === pair && entry.irm !== "DNS" && entry.irm !== "WDR",
  );
  entries.sort((one, other) => LANES.indexOf(one.lane) - LANES.indexOf(other.lane));
  return entries.map((entry) => {
    const splits = againstLeader(entry, leaderFor(standings, entry.competitor.id));
    const last = splits.at(-1) ?? null;
    const pace = told(entry, last);
    const opponent = entries.find((other) => other.lane === OPPONENTS[entry.lane]);
    return {
      entry,
      splits,
      last,
      opponent_ms:
        last === null || opponent === undefined ? null : againstLeader(entry, opponent).at(-1).gap_ms,
      projected_ms: entry.time_ms === null && entry.irm === null ? (pace?.projected_ms ?? null) : null,
      behind: Object.fromEntries(
        Object.entries(pace?.ahead_of_ms ?? {}).map(([kind, ahead]) => [kind, -ahead]),
      ),
    };
  });
}

/**
 * Give a function that finds an entry's pace where it is still true: of the last split, of the time that is shown
 * there, and not from before a record was taken back, since no split is told anew for that.
 */
function stillTrue(known, raceId, pace) {
  const revoked = [...known.records.values()].filter(
    (one) => one.type === "record.revoked" && one.race_id === raceId,
  );
  const since = Math.max(0, ...revoked.map((one) => one.version));
  return (entry, last) => {
    const told = pace.get(entry.competitor.id);
    if (told === undefined || last === null || told.distance_m !== last.distance_m || told.version < since)
      return null;
    return difference(told.time_ms, last.time_ms) === 0 ? told : null;
  };
}
