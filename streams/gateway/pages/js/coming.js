/**
 * Who is still to come, and what each of them needs.
 */

import { RECORD_KINDS } from "./badges.js";
import { raceOf } from "./known.js";

/**
 * Give who is still to come in skating order, and what they all need alike.
 *
 * @returns {{everybody: Array, skaters: Array}} `everybody` [{what, need}] is what at least two have in common, so
 *   that a page says it once; a skater is `{competitor, pair, lane, onIce, own}`, `own` [{what, need}] being what is
 *   different for this one. `what` is "to lead", "to podium" or a record's kind; `need` is null where any finish does.
 */
export function comingOf(known, raceId) {
  const { standings, needs } = raceOf(known, raceId);
  if (standings === null) return { everybody: [], skaters: [] };
  const onIce = new Set(standings.on_ice);
  // Without a word on what is needed there is still the start list.
  const entries = needs?.entries.length ? needs.entries : toSkate(standings);
  const each = entries.map((entry) => ({ entry, all: needsOf(entry) }));
  const everybody = common(each.map(({ all }) => all));
  const skaters = each.map(({ entry, all }) => ({
    competitor: entry.competitor,
    pair: entry.pair,
    lane: entry.lane,
    onIce: onIce.has(entry.pair),
    own: all.filter((one) => !everybody.some((shared) => isSame(shared, one))),
  }));
  return { everybody, skaters };
}

function toSkate(standings) {
  const pairs = new Set(standings.next);
  return standings.entries.filter((entry) => pairs.has(entry.pair) && entry.irm === null);
}

function needsOf(entry) {
  // `to_lead` is absent only where no needs are known at all.
  if (entry.to_lead === undefined) return [];
  const kinds = RECORD_KINDS.filter((kind) => entry.records[kind] !== undefined);
  return [
    { what: "to lead", need: entry.to_lead },
    { what: "to podium", need: entry.to_podium },
    ...kinds.map((what) => ({ what, need: entry.records[what] })),
  ];
}

/** What most need alike is said once; it must be what nobody lacks, but for other times. */
function common(lists) {
  if (lists.length < 2) return [];
  return lists[0]
    .filter(({ what }) => lists.every((list) => list.some((one) => one.what === what)))
    .flatMap(({ what }) => {
      const counted = new Map();
      for (const list of lists) {
        const one = list.find((each) => each.what === what);
        const key = one.need?.time_ms ?? null;
        counted.set(key, { one, count: (counted.get(key)?.count ?? 0) + 1 });
      }
      const most = [...counted.values()].sort((a, b) => b.count - a.count)[0];
      return most.count > 1 ? [most.one] : [];
    });
}

function isSame(one, other) {
  return one.what === other.what && one.need?.time_ms === other.need?.time_ms;
}
