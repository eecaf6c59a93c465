/** Which race is on air where none was asked for: the one that is live, and it stays until it is over. */

const LIVE = new Set(["LIVE", "INTERMEDIATE"]);
/** A race in which nothing has happened for so long, while another goes on, has been left. */
const LEFT_MS = 20 * 60_000;

/**
 * Choose a race.
 *
 * Two races may be live at once, on two tracks; the one that was chosen first is kept, so that a graphic does
 * not jump between them.
 *
 * @param {Iterable<object>} all the standings that are known, one of each race.
 * @param {string|null} chosen the race that was chosen before.
 * @returns {string|null} a race id; null where no race is known.
 */
export function chosenRace(all, chosen) {
  const races = [...all].map((standings) => ({ standings, at: Date.parse(standings.as_of) }));
  const lastAt = Math.max(...races.map((race) => race.at));
  const isGoingOn = ({ standings, at }) =>
    LIVE.has(standings.status) && standings.remaining > 0 && lastAt - at < LEFT_MS;
  const kept = races.find((race) => race.standings.race_id === chosen);
  if (kept !== undefined && isGoingOn(kept)) return chosen;
  const goingOn = latest(races.filter(isGoingOn));
  if (goingOn !== null) return goingOn;
  if (kept !== undefined && kept.standings.status !== "START_LIST") return chosen;
  return latest(races.filter((race) => race.standings.status !== "START_LIST")) ?? latest(races);
}

function latest(races) {
  const found = races.reduce((best, race) => (best === null || race.at > best.at ? race : best), null);
  return found?.standings.race_id ?? null;
}
