/**
 * Whose turn the pair graphic shows: when a pair comes in, how long it stays, and when it goes out.
 *
 * A turn is {raceId, pair, since, heldFrom}: `since` is the instant of the message with which the pair was first
 * seen on the ice, null where it was there before the page was; `heldFrom` is when, on the page's clock, the pair
 * had finished, null while it has not. null is nobody's turn.
 */

/** A pair on the ice that passes no line for so long, while another one does, is not skating. */
const STANDS_STILL_MS = 60_000;

/**
 * Go on.
 *
 * @param {object|null} turn the turn so far.
 * @param {object|null} race of `known.races`, the one that is on air.
 * @param {object|null} shown of `known.races`, the one the turn is in; the same as `race` but for the seconds in
 *   which the last pair of another race is still held.
 * @param {{now: number, holdS: number, isFirst: boolean, sent: string|null}} at the page's clock in milliseconds,
 *   the seconds a pair stays after its finish, whether these are the first standings, and the turn that the
 *   director has sent out, by `turnKey`.
 */
export function nextTurn(turn, race, shown, at) {
  const onIce = pairsOf(race, at.sent);
  if (turn === null || shown?.standings == null) return begin(onIce, race, at);
  if (turnKey(turn) === at.sent) return begin(onIce, race, at);
  if (shown.standings.on_ice.includes(turn.pair)) {
    if (race !== shown) return begin(onIce, race, at);
    const other = overtaking(onIce, turn.pair);
    if (other !== undefined) return begin([other], race, at);
    return turn.heldFrom === null ? turn : Object.freeze({ ...turn, heldFrom: null });
  }
  if (!hasResult(shown, turn.pair)) return begin(onIce, race, at);
  const held = turn.heldFrom === null ? Object.freeze({ ...turn, heldFrom: at.now }) : turn;
  const isOver = at.now - held.heldFrom >= at.holdS * 1000;
  const since = turn.since === null ? -Infinity : Date.parse(turn.since);
  const isSkating = (pair) => pair.lastAt > since;
  return isOver || onIce.some(isSkating) ? begin(onIce, race, at) : held;
}

/** Name a turn. */
export function turnKey(turn) {
  return turn === null ? null : `${turn.raceId}#${turn.pair}`;
}

/** Give the paces of one pair in the order in which they were measured. */
export function pacesOf(race, pair, since) {
  const from = since === null ? -Infinity : Date.parse(since);
  return [...race.pace.values()]
    .filter((pace) => pace.pair === pair && Date.parse(pace.as_of) >= from)
    .sort((one, other) => Date.parse(one.as_of) - Date.parse(other.as_of));
}

function pairsOf(race, sent) {
  if (race?.standings == null) return [];
  const { standings } = race;
  return standings.on_ice
    .filter((pair) => `${standings.race_id}#${pair}` !== sent)
    .map((pair) => {
      const last = pacesOf(race, pair, null).at(-1);
      return { pair, lastAt: last === undefined ? -Infinity : Date.parse(last.as_of) };
    });
}

function begin(onIce, race, at) {
  const measured = onIce.reduce((best, pair) => (best === null || pair.lastAt > best.lastAt ? pair : best), null);
  if (measured === null) return null;
  const { race_id: raceId, as_of: since } = race.standings;
  return Object.freeze({ raceId, pair: measured.pair, since: at.isFirst ? null : since, heldFrom: null });
}

function overtaking(onIce, pair) {
  const own = onIce.find((each) => each.pair === pair);
  if (own === undefined) return undefined;
  return onIce.find((each) => each.pair !== pair && each.lastAt > own.lastAt + STANDS_STILL_MS);
}

function hasResult(race, pair) {
  const ofPair = race.standings.entries.filter((entry) => entry.pair === pair);
  if (ofPair.some((entry) => entry.time !== null || entry.irm !== null)) return true;
  return [...race.pace.values()].some((pace) => pace.pair === pair && pace.basis === "finish");
}
