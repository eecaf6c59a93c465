/**
 * The gap to the leader at every split: what the chart draws and its table says.
 */

import { againstLeader } from "./ice.js";

/**
 * Choose whom a chart shows where nobody chose: the first three, and who is on the ice.
 *
 * @param {object} standings a standings message.
 * @returns {Array<string>} competitor ids in the order of the sheet.
 */
export function usualSkaters(standings) {
  const onIce = new Set(standings.on_ice);
  const isUsual = (entry) =>
    (entry.rank !== null && entry.rank <= 3) || (onIce.has(entry.pair) && entry.splits.length > 0);
  return standings.entries.filter(isUsual).map((entry) => entry.competitor.id);
}

/**
 * Hold skaters against the leader.
 *
 * @param {object} standings a standings message.
 * @param {Iterable<string>} chosen competitor ids.
 * @returns {{leader: object|null, distances: number[], series: Array}} `leader` is the entry on rank 1, else who is
 *   furthest in the shortest time; a series is `{id, entry, points: [{distance_m, gap_ms, time_ms}]}`, the leader's
 *   own among them.
 */
export function gapsOf(standings, chosen) {
  const leader = leaderOf(standings);
  if (leader === null) return { leader: null, distances: [], series: [] };
  const wanted = new Set([...chosen, leader.competitor.id]);
  const distances = leader.splits.map((split) => split.distance_m);
  const series = standings.entries
    .filter((entry) => wanted.has(entry.competitor.id))
    .map((entry) => ({
      id: entry.competitor.id,
      entry,
      points: againstLeader(entry, leader).filter((point) => point.gap_ms !== null),
    }))
    .filter(({ points }) => points.length > 0);
  return { leader, distances, series };
}

/**
 * Choose marks for an axis of seconds from `low` to `high` ms: round steps, at most about `count` of them, 0 included.
 */
export function ticks(low, high, count = 5) {
  const steps = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];
  const step = steps.find((one) => (high - low) / one <= count) ?? (high - low) / count;
  const marks = [];
  for (let n = Math.ceil(low / step); n * step <= high; n += 1) marks.push(n * step || 0);
  return marks;
}

/**
 * Move labels apart that would lie upon each other.
 *
 * @param {number[]} wanted where each would like to be.
 * @param {number} apart the least distance between two.
 * @param {number} top the first place there is; @param {number} bottom the last.
 * @returns {number[]} where each is, in the order they were given.
 */
export function spread(wanted, apart, top, bottom) {
  const order = wanted.map((_, index) => index).sort((one, other) => wanted[one] - wanted[other]);
  const places = [...wanted];
  let free = top;
  for (const index of order) {
    places[index] = Math.max(wanted[index], free);
    free = places[index] + apart;
  }
  let last = bottom;
  for (const index of order.reverse()) {
    places[index] = Math.min(places[index], last);
    last = places[index] - apart;
  }
  return places;
}

function leaderOf(standings) {
  const first = standings.entries.find((entry) => entry.rank === 1);
  if (first !== undefined) return first;
  const running = standings.entries.filter((entry) => entry.splits.length > 0 && entry.irm === null);
  const furthest = (one, other) => {
    const [a, b] = [one.splits.at(-1), other.splits.at(-1)];
    return b.distance_m - a.distance_m || a.time_ms - b.time_ms;
  };
  return running.sort(furthest)[0] ?? null;
}
