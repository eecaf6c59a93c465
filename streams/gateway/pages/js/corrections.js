/**
 * What a new version of the standings puts right: results that were shown and are not true any more, and the
 * places that moved because of that. Who only moves down as another one finishes is no correction.
 */

/** How long a page shows what was corrected, in milliseconds. */
export const SHOWN_MS = 30_000;

/**
 * Find what a version corrects.
 *
 * @param {object|null} before the standings that were shown; null: nothing was, so nothing is corrected.
 * @param {object} after the standings that come.
 * @param {Map} was earlier corrections, kept as long as nothing newer is known of the competitor.
 * @param {number} now on the page's clock, in milliseconds.
 * @returns {Map} competitor id → {at, rank, moved, time, thousandth, irm, result}: the line as it was, `rank` null
 *   where it had none, `moved` how many places it went up by corrections alone, and `result` true where time or mark
 *   changed (else only the place did).
 */
export function correctionsIn(before, after, was, now) {
  if (before === null) return was;
  const lines = linesOf(before);
  const corrected = new Set();
  for (const entry of after.entries) {
    const line = lines.get(entry.competitor.id);
    if (line !== undefined && isCorrected(line, entry)) corrected.add(entry.competitor.id);
  }
  if (corrected.size === 0) return was;
  const next = new Map(was);
  for (const entry of after.entries) {
    const id = entry.competitor.id;
    const line = lines.get(id);
    if (line === undefined || (!corrected.has(id) && (line.rank === null || line.rank === entry.rank)))
      continue;
    next.set(id, Object.freeze({ at: now, ...together(stillShown(was.get(id), now), line, entry, corrected) }));
  }
  return next;
}

/** Put a correction and an earlier one that is still shown into one: the places add up, the last result counts. */
function together(earlier, line, entry, corrected) {
  const places = line.rank === null || entry.rank === null ? 0 : line.rank - entry.rank;
  const rank = earlier?.rank ?? line.rank;
  const moved = places + (earlier?.moved ?? 0);
  const isOwn = corrected.has(entry.competitor.id);
  const { time, thousandth, irm } = isOwn || earlier === null ? line : earlier;
  return { rank, moved, time, thousandth, irm, result: isOwn || (earlier?.result ?? false) };
}

function stillShown(correction, now) {
  return correction !== undefined && now - correction.at < SHOWN_MS ? correction : null;
}

/** Note who has a new result since the standings before, by competitor id and on the page's clock. */
export function freshIn(before, after, freshAt, now) {
  if (before === null) return freshAt;
  const lines = linesOf(before);
  const next = new Map(freshAt);
  for (const entry of after.entries) {
    const line = lines.get(entry.competitor.id);
    if (
      line === undefined ||
      line.time !== entry.time ||
      line.irm !== entry.irm ||
      line.points !== entry.points
    ) {
      next.set(entry.competitor.id, now);
    }
  }
  return next;
}

/** Say whether a shown result became another one, to the digits that people see. */
function isCorrected(line, entry) {
  if (line.time === null && line.irm === null) return false;
  if (line.irm !== entry.irm) return true;
  // In a mass start every lap brings another time; only the same lap's time is a correction.
  if (line.splits.at(-1)?.distance_m !== entry.splits.at(-1)?.distance_m) return false;
  if (line.time !== entry.time) return true;
  return line.thousandth !== null && entry.thousandth !== null && line.thousandth !== entry.thousandth;
}

function linesOf(standings) {
  return new Map(standings.entries.map((entry) => [entry.competitor.id, entry]));
}
