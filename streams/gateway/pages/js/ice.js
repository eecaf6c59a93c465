/**
 * Who is on the ice, or was there last, with running splits against the leader, the records and the opponent.
 */

import { raceOf } from "./known.js";
import { difference } from "./times.js";

export const LANES = Object.freeze(["inner", "outer", "inner2", "outer2"]);

/**
 * Give the pairs on the ice: `{now, pairs: [{pair, skaters}]}`, `now` false where they have finished.
 *
 * A skater is `{entry, last, splits, pace}`: `splits` [{distance_m, time_ms, lap_ms, rank, rank_equal, gap_ms}] with
 * the gap to the best other finisher there (null without one), `last` the latest of them or null, `pace` the Pace
 * message of that split or null. Empty in a mass start, where everybody is on the ice.
 */
export function iceOf(known, raceId) {
  const { standings, skated, pace } = raceOf(known, raceId);
  const nobody = { now: false, pairs: [] };
  if (standings === null || standings.race.format === "mass_start") return nobody;
  const now = standings.on_ice.length > 0;
  if (!now && standings.status !== "LIVE" && standings.status !== "INTERMEDIATE") return nobody;
  const pairs = skated.map((pair) => ({ pair, skaters: skatersOf(standings, pair, pace) }));
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

function skatersOf(standings, pair, pace) {
  const entries = standings.entries.filter((entry) => entry.pair === pair && entry.irm !== "DNS" && entry.irm !== "WDR");
  entries.sort((one, other) => LANES.indexOf(one.lane) - LANES.indexOf(other.lane));
  return entries.map((entry) => {
    const splits = againstLeader(entry, leaderFor(standings, entry.competitor.id));
    const last = splits.at(-1) ?? null;
    const told = pace.get(entry.competitor.id);
    // A clock that was reset leaves a pace behind that is true no more.
    const holds = told !== undefined && last !== null && told.distance_m === last.distance_m;
    return { entry, splits, last, pace: holds ? told : null };
  });
}
