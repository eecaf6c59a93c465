/**
 * A large screen that nobody scrolls or touches: which lines of a long sheet it shows now, and how old they are.
 */

/** The most lines that are still read from afar at once, by how the screen stands. */
export const MOST_LINES = Object.freeze({ lying: 40, upright: 30 });
/** How long one part of a long sheet is shown, in milliseconds. */
export const TURN_MS = 12_000;
/** What is older was not skated today, such as a race that is played again: its age tells nothing. */
const OLD_MS = 12 * 3_600_000;

/**
 * Choose the part of a sheet that is shown; a sheet of more than `most` lines is cut into parts of about the same
 * length, which take turns.
 *
 * @param {number} count how many lines the sheet has.
 * @param {number} most how many there is room for, at least 1.
 * @param {number} shownMs for how long the sheet has been shown, in milliseconds.
 * @returns {{part: number, parts: number, from: number, lines: number}} `part` counts from 1; `from` is the index of
 *   its first line; `lines` is how many a part has, the last one fewer where they do not come out even.
 */
export function partOf(count, most, shownMs) {
  const parts = Math.max(1, Math.ceil(count / most));
  const lines = Math.ceil(count / parts);
  const turned = Math.floor(Math.max(0, shownMs) / TURN_MS) % parts;
  return { part: turned + 1, parts, from: turned * lines, lines };
}

/**
 * Say how old a moment is: `{unit, count}`, `unit` "s", "min" or "h"; null where it was not today, or is to come.
 *
 * @param {string} instant an instant of a message; @param {number} now the clock of the machine, in milliseconds.
 */
export function ageOf(instant, now) {
  const age = now - Date.parse(instant);
  // Clocks of two machines differ by a little.
  if (!(age > -60_000 && age < OLD_MS)) return null;
  const seconds = Math.max(0, Math.floor(age / 1_000));
  if (seconds < 120) return { unit: "s", count: seconds };
  const minutes = Math.floor(seconds / 60);
  return minutes < 120 ? { unit: "min", count: minutes } : { unit: "h", count: Math.floor(minutes / 60) };
}
