/**
 * Which news are worth a flash on the page, and which are only said to who listens.
 */

import { RECORD_KINDS } from "./badges.js";

/** Personal and season bests come by the dozen: they get a badge, no flash. */
const FLASHED = new Set(RECORD_KINDS.filter((kind) => kind !== "PB" && kind !== "SB"));

/**
 * Give the flashes of news that came after news number `told`, oldest first.
 *
 * Records of one competitor at one moment are one flash: `{key, type, kinds, message}`, `message` being that of the
 * highest kind. What is only sent again, with a new status or a photo finish's time, flashes no second time.
 */
export function flashesIn(known, told) {
  const flashes = new Map();
  for (const news of [...known.news].reverse()) {
    if (news.number <= told || news.kind !== "records" || !isNew(news) || !FLASHED.has(news.message.kind))
      continue;
    const { message } = news;
    const who = (message.competitor ?? message.record.holder).id;
    const key = [message.race_id, message.version, message.type, who].join(" ");
    const flash = flashes.get(key) ?? { key, type: message.type, kinds: [], message };
    flashes.set(key, { ...flash, kinds: [...flash.kinds, message.kind].sort(byKind) });
  }
  return [...flashes.values()];
}

/** Give the podium changes that came after news number `told`, oldest first. */
export function podiumsIn(known, told) {
  const news = known.news.filter(
    ({ number, kind, message }) => number > told && kind === "podium" && message.type === "podium.changed",
  );
  return news.map(({ message }) => message).reverse();
}

function isNew({ message, before }) {
  if (message.type === "record.missed") return false;
  return before === null || before.type !== message.type;
}

function byKind(one, other) {
  return RECORD_KINDS.indexOf(one) - RECORD_KINDS.indexOf(other);
}
