/** Which records a result that is on the sheet has set, by the last word on each. */

/** Record kinds, the highest first. */
export const KINDS = Object.freeze(["WR", "OR", "WRJ", "NR", "NRJ", "TR", "TRJ", "PB", "SB", "OPENING"]);

/** Sort kinds, the highest first. */
export function byHeight(one, other) {
  return KINDS.indexOf(one) - KINDS.indexOf(other);
}

/**
 * Find the records of one race that stand.
 *
 * @param {Map} records of `known`: the last word on each.
 * @param {string} raceId the race.
 * @param {readonly string[]} kinds the kinds that are wanted.
 * @returns {Map} competitor id → [{kind, timeMs}…], the highest kind first.
 */
export function standingRecords(records, raceId, kinds) {
  const found = new Map();
  for (const message of records.values()) {
    const stands = message.type === "record.set" || message.type === "record.equalled";
    if (!stands || message.race_id !== raceId || !kinds.includes(message.kind)) continue;
    const { id } = message.competitor;
    found.set(id, [...(found.get(id) ?? []), { kind: message.kind, timeMs: message.time_ms }]);
  }
  for (const marks of found.values()) marks.sort((one, other) => byHeight(one.kind, other.kind));
  return found;
}

/** Name the kinds of those marks that were set with the time the sheet has now; a corrected one waits for its own. */
export function marksOf(marks, timeMs) {
  return (marks ?? []).filter((mark) => mark.timeMs === timeMs).map((mark) => mark.kind);
}
