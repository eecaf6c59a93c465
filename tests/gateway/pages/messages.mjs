// Messages as the contract has them, small enough to read: what a test does not care about has a quiet value.

export const RACE_ID = "oslo/M500/A";

export function race(change = {}) {
  return {
    race_id: RACE_ID,
    competition: {
      id: "oslo",
      name: "World Cup Oslo",
      season: "2025-26",
      series: "world_cup",
      venue: { id: "vikingskipet", name: "Vikingskipet", country: "NOR", track_length_m: 400 },
    },
    discipline: "M500",
    distance_m: 500,
    format: "pairs",
    division: "A",
    run: null,
    scheduled_at: "2026-01-10T14:00:00+01:00",
    points_table: null,
    ...change,
  };
}

export function competitor(id, name = id, country = "NED") {
  return { id, name, country, birth_date: null, members: null };
}

export function entry(id, rank, timeMs, change = {}) {
  return {
    rank,
    rank_equal: false,
    sort_order: rank ?? 99,
    competitor: competitor(id),
    pair: 1,
    lane: "inner",
    time_ms: timeMs,
    time:
      timeMs === null
        ? null
        : `${Math.floor(timeMs / 1000)}.${String(Math.floor((timeMs % 1000) / 10)).padStart(2, "0")}`,
    thousandth: null,
    behind_ms: null,
    behind: null,
    irm: null,
    rule: null,
    marks: [],
    method: null,
    unchecked: false,
    splits:
      timeMs === null ? [] : [{ distance_m: 500, time_ms: timeMs, lap_ms: null, rank, rank_equal: false }],
    points: null,
    ...change,
  };
}

export function standings(version, entries, change = {}) {
  return {
    type: "standings",
    race_id: RACE_ID,
    version,
    status: "LIVE",
    as_of: "2026-01-10T14:05:00+01:00",
    race: race(),
    entries,
    on_ice: [],
    next: [],
    remaining: 0,
    ...change,
  };
}

export function pace(id, distance, timeMs, change = {}) {
  return {
    type: "pace",
    race_id: RACE_ID,
    version: 1,
    as_of: "2026-01-10T14:05:00+01:00",
    competitor: competitor(id),
    pair: 1,
    distance_m: distance,
    time_ms: timeMs,
    lap_ms: null,
    rank_at_split: 1,
    behind_leader_ms: null,
    ahead_of_ms: {},
    projected_ms: null,
    basis: null,
    opponent_ms: null,
    ...change,
  };
}

export function recordSet(kind, id, timeMs, change = {}) {
  return {
    type: "record.set",
    kind,
    scope: null,
    discipline: "M500",
    race_id: RACE_ID,
    version: 1,
    as_of: "2026-01-10T14:05:00+01:00",
    competitor: competitor(id),
    time_ms: timeMs,
    time: (timeMs / 1000).toFixed(2),
    margin_ms: 10,
    previous: null,
    status: "provisional",
    ...change,
  };
}

export function revoked(kind, id, timeMs, change = {}) {
  const record = {
    time_ms: timeMs,
    time: (timeMs / 1000).toFixed(2),
    holder: competitor(id),
    set_on: null,
    race_id: RACE_ID,
  };
  return {
    type: "record.revoked",
    kind,
    scope: null,
    discipline: "M500",
    race_id: RACE_ID,
    version: 2,
    as_of: "2026-01-10T14:06:00+01:00",
    record,
    in_force: null,
    cause: "correction",
    ...change,
  };
}

export function snapshot(change = {}) {
  return {
    delay_s: 0,
    stale: false,
    races: [],
    standings: [],
    podium: [],
    pace: [],
    records: [],
    rankings: [],
    needs: [],
    ...change,
  };
}
