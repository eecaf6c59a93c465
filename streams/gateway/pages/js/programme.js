/**
 * The races there are: grouped as a programme, and which of them a page shows that was not told.
 */

const LIVE = new Set(["LIVE", "INTERMEDIATE"]);

/** Say whether a race is going on, pauses of the ice included. */
export function isLive(summary) {
  return LIVE.has(summary?.status);
}

/**
 * Choose the race to show: what is shown stays as long as it is going on; else one that is going on, else what is
 * shown, else the latest.
 *
 * @param {Map} summaries race id → RaceSummary.
 * @param {string|null} shown the race that is shown now.
 * @returns {string|null} null where there is no race at all.
 */
export function followed(summaries, shown) {
  if (isLive(summaries.get(shown))) return shown;
  const latest = [...summaries.values()].sort(newestFirst);
  const live = latest.find(isLive);
  if (live !== undefined) return live.race_id;
  return summaries.has(shown) ? shown : (latest[0]?.race_id ?? null);
}

/**
 * Group races by competition and day, the latest day first, and within a day in the order of the programme.
 *
 * @returns {Array<{key: string, competition: object, day: string, races: Array}>} `day` is an instant of that day.
 */
export function programmeOf(summaries) {
  const groups = new Map();
  for (const summary of summaries.values()) {
    const day = startOf(summary);
    const key = `${day.slice(0, 10)} ${summary.competition.id}`;
    if (!groups.has(key)) groups.set(key, { key, competition: summary.competition, day, races: [] });
    groups.get(key).races.push(summary);
  }
  for (const group of groups.values())
    group.races.sort((one, other) => time(startOf(one)) - time(startOf(other)));
  return [...groups.values()].sort((one, other) => time(other.day) - time(one.day));
}

function startOf(summary) {
  return summary.scheduled_at ?? summary.as_of;
}

function newestFirst(one, other) {
  return time(other.as_of) - time(one.as_of);
}

function time(instant) {
  return Date.parse(instant);
}
