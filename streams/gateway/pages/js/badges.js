/**
 * Which records a competitor's time in a race is, joined from the record messages: the standings carry none.
 */

export const RECORD_KINDS = Object.freeze([
  "WR",
  "OR",
  "WRJ",
  "NR",
  "NRJ",
  "TR",
  "TRJ",
  "PB",
  "SB",
  "OPENING",
]);
/** How long a record that was taken back stays to be seen, struck through, in milliseconds. */
export const TAKEN_BACK_MS = 30_000;

/**
 * Give the badges of a race by competitor id, the highest kind first: `{kind, scope, equalled, official, takenBack}`.
 *
 * A personal best says nothing where a world or national record stands, nor a season best beside a personal one.
 *
 * @param {object} known see known.js.
 * @param {number} now on the page's clock: records taken back a while ago are left out.
 */
export function badgesOf(known, raceId, now) {
  const badges = new Map();
  const add = (id, badge) => badges.set(id, [...(badges.get(id) ?? []), badge]);
  for (const message of known.records.values()) {
    if (message.race_id !== raceId) continue;
    const { kind, scope } = message;
    if (message.type === "record.set" || message.type === "record.equalled") {
      const equalled = message.type === "record.equalled";
      add(message.competitor.id, {
        kind,
        scope,
        equalled,
        official: message.status === "official",
        takenBack: false,
      });
    } else if (message.type === "record.revoked" && isFresh(known, message, now)) {
      add(message.record.holder.id, { kind, scope, equalled: false, official: false, takenBack: true });
    }
  }
  for (const [id, all] of badges) badges.set(id, withoutImplied(all).sort(byKind));
  return badges;
}

function isFresh(known, message, now) {
  return known.news.some((news) => news.message === message && now - news.at < TAKEN_BACK_MS);
}

function withoutImplied(badges) {
  const has = (kind, takenBack) =>
    badges.some((badge) => badge.kind === kind && badge.takenBack === takenBack);
  return badges.filter(({ kind, takenBack }) => {
    if (kind === "PB") return !has("WR", takenBack) && !has("NR", takenBack);
    if (kind === "SB") return !has("WR", takenBack) && !has("NR", takenBack) && !has("PB", takenBack);
    return true;
  });
}

function byKind(one, other) {
  return RECORD_KINDS.indexOf(one.kind) - RECORD_KINDS.indexOf(other.kind);
}
