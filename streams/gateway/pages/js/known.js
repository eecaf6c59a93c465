/**
 * What a page knows: every message of the stream folded into plain data. Nothing here draws, waits or looks at a clock.
 *
 * A `known` is never changed: `heard` gives a new one, or the very same where a message told nothing new.
 *
 *   summaries     race id → RaceSummary
 *   races         race id → {standings, was, freshAt, podium, secured, pace, skated, needs}, see `NO_RACE`
 *   records       one message for each (kind, scope, discipline, race, competitor): the last word, by `recordKey`
 *   rankings      ranking id → Ranking
 *   rankingNeeds  ranking id → SamalogNeeds
 *   news          what came live, newest first: {number, at, kind, message, before}
 */

import { correctionsIn, freshIn } from "./corrections.js";

const NEWS_KEPT = 64;

export const NO_RACE = Object.freeze({
  /** The highest version that came, null as long as none has. */
  standings: null,
  /** Competitor id → what the last correction put right, see corrections.js. */
  was: new Map(),
  /** Competitor id → when the competitor's own result changed last. */
  freshAt: new Map(),
  /** The last podium.changed. */
  podium: null,
  /** Competitor id → the worst rank that is still possible. */
  secured: new Map(),
  /** Competitor id → the last Pace. */
  pace: new Map(),
  /** The pairs on the ice, or where nobody is, those that were there last. */
  skated: Object.freeze([]),
  needs: null,
});

export const NOTHING = Object.freeze({
  summaries: new Map(),
  races: new Map(),
  records: new Map(),
  rankings: new Map(),
  rankingNeeds: new Map(),
  news: Object.freeze([]),
});

/**
 * Take one event of the stream in.
 *
 * @param {object} known what was known, `NOTHING` at first.
 * @param {string} kind the event's name: `snapshot`, `races`, `standings`, `podium`, `pace`, `records`, …
 * @param {object} data the event's data.
 * @param {number} now the page's own clock in milliseconds, from which corrections age.
 */
export function heard(known, kind, data, now) {
  if (kind === "snapshot") return fromSnapshot(data, known.news[0]?.number ?? 0);
  const next = TAKE[kind]?.(known, data, now) ?? known;
  return next === known || !NEWSWORTHY.has(kind)
    ? next
    : withNews(next, kind, data, now, before(known, kind, data));
}

/** Give what is known of a race, `NO_RACE` for one that nothing was heard of. */
export function raceOf(known, raceId) {
  return known.races.get(raceId) ?? NO_RACE;
}

/** Name what a record message is the last word on. */
export function recordKey(message) {
  const competitor = message.competitor ?? message.record.holder;
  return JSON.stringify([message.kind, message.scope, message.discipline, message.race_id, competitor.id]);
}

function fromSnapshot(data, number) {
  // The count of the news goes on, so that nobody takes the first news after a snapshot for one already told.
  const mark = { number: number + 1, at: -Infinity, kind: "snapshot", message: null, before: null };
  let known = { ...NOTHING, news: [mark] };
  for (const kind of Object.keys(TAKE)) {
    for (const message of data[kind] ?? []) known = TAKE[kind](known, message, -Infinity);
  }
  return known;
}

const NEWSWORTHY = new Set(["podium", "records"]);

function before(known, kind, message) {
  return kind === "records"
    ? (known.records.get(recordKey(message)) ?? null)
    : raceOf(known, message.race_id).podium;
}

function withNews(known, kind, message, at, earlier) {
  const number = (known.news[0]?.number ?? 0) + 1;
  return {
    ...known,
    news: [{ number, at, kind, message, before: earlier }, ...known.news].slice(0, NEWS_KEPT),
  };
}

const TAKE = {
  races: (known, summary) => {
    const had = known.summaries.get(summary.race_id);
    if (had !== undefined && had.version > summary.version) return known;
    return { ...known, summaries: withKey(known.summaries, summary.race_id, summary) };
  },

  standings: (known, standings, now) => {
    const race = raceOf(known, standings.race_id);
    if (race.standings !== null && race.standings.version >= standings.version) return known;
    return withRace(known, standings.race_id, {
      standings,
      was: correctionsIn(race.standings, standings, race.was, now),
      freshAt: freshIn(race.standings, standings, race.freshAt, now),
      skated: standings.on_ice.length > 0 ? standings.on_ice : race.skated,
    });
  },

  // The front of a race in parts says what standings do, of its first lines.
  "field.top": (known, front, now) => TAKE.standings(known, front, now),

  podium: (known, message) => {
    const race = raceOf(known, message.race_id);
    if (message.type === "podium.secured") {
      const secured = withKey(race.secured, message.competitor.id, message.worst_rank);
      return withRace(known, message.race_id, { secured });
    }
    if (race.podium !== null && race.podium.version >= message.version) return known;
    return withRace(known, message.race_id, { podium: message });
  },

  pace: (known, pace) => {
    const race = raceOf(known, pace.race_id);
    const had = race.pace.get(pace.competitor.id);
    if (had !== undefined && had.version > pace.version) return known;
    const standing = race.standings?.on_ice.length ? race.skated : [pace.pair];
    return withRace(known, pace.race_id, {
      pace: withKey(race.pace, pace.competitor.id, pace),
      skated: standing,
    });
  },

  records: (known, message) => ({ ...known, records: withKey(known.records, recordKey(message), message) }),

  rankings: (known, ranking) => {
    const had = known.rankings.get(ranking.ranking_id);
    if (had !== undefined && had.version >= ranking.version) return known;
    return { ...known, rankings: withKey(known.rankings, ranking.ranking_id, ranking) };
  },

  needs: (known, needs) =>
    needs.type === "samalog.needs"
      ? { ...known, rankingNeeds: withKey(known.rankingNeeds, needs.ranking_id, needs) }
      : withRace(known, needs.race_id, { needs }),
};

function withRace(known, raceId, change) {
  return { ...known, races: withKey(known.races, raceId, { ...raceOf(known, raceId), ...change }) };
}

function withKey(map, key, value) {
  return new Map(map).set(key, value);
}
