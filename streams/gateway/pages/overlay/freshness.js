/** Whether what is known may still be shown as live. */

/** Before anything was heard. */
export const NEVER_HEARD = Object.freeze({ isGood: false, badSince: null, goodSince: null, awayMs: 0 });
/** A connection that comes back first says what was missed; for so long that counts as history. */
const CATCHING_UP_MS = 2_000;
const LONG_S = 30;

/**
 * Take in the state of the connection.
 *
 * @param {object} before `NEVER_HEARD` at first.
 * @param {{connected: boolean, stale: boolean}} state as the feed tells it.
 * @param {number} now the page's clock in milliseconds.
 */
export function freshness(before, state, now) {
  const isGood = state.connected && !state.stale;
  if (isGood === before.isGood) return before;
  if (!isGood) return Object.freeze({ ...before, isGood, badSince: now });
  const awayMs = before.badSince === null ? 0 : now - before.badSince;
  return Object.freeze({ ...before, isGood, goodSince: now, awayMs });
}

/**
 * Say whether a graphic must go out: it has been bad for `blankS` seconds, or since the page was opened.
 *
 * @param {number} blankS 0 is never.
 */
export function isTooOld(fresh, blankS, now) {
  if (fresh.isGood || blankS === 0) return false;
  return fresh.badSince === null || now - fresh.badSince >= blankS * 1000;
}

/** Say whether what comes now was missed, while the connection was away for `blankS` seconds or longer. */
export function isCatchingUp(fresh, blankS, now) {
  return fresh.isGood && fresh.awayMs >= (blankS || LONG_S) * 1000 && now - fresh.goodSince < CATCHING_UP_MS;
}
