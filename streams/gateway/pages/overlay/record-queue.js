/**
 * The records that are still to be announced: one card for each performance, one after another.
 *
 * A queue is {told, waiting, shown, until}: `told` the keys of everything that was announced or is old, `waiting`
 * cards in the order in which they came, `shown` the card on air, and `until` when, on the page's clock, it has
 * had its time. A card is {key, raceId, discipline, competitor, marks}, `marks` the record messages, highest kind
 * first. Nothing here is changed in place.
 */

import { recordKey } from "../js/known.js";
import { byHeight } from "./record-marks.js";

export const NO_RECORDS = Object.freeze({ told: new Set(), waiting: Object.freeze([]), shown: null, until: null });

/**
 * Take in a record that comes live.
 *
 * @param {object} queue what there was.
 * @param {object} message `record.set`, `record.equalled`, `record.missed` or `record.revoked`.
 * @param {{kinds: readonly string[], race: string|null}} wanted what is announced; other records are only noted.
 */
export function hear(queue, message, wanted) {
  const key = recordKey(message);
  const stands = message.type === "record.set" || message.type === "record.equalled";
  if (!stands) return withdraw({ ...queue, told: without(queue.told, key) }, key);
  const current = message.type === "record.set" ? supersede(queue, message) : queue;
  const isNew = !current.told.has(key);
  const noted = { ...current, told: new Set(current.told).add(key) };
  const isWanted = wanted.kinds.includes(message.kind) && (wanted.race === null || wanted.race === message.race_id);
  return isNew && isWanted ? announce(noted, message) : mend(noted, message, key);
}

/**
 * Take in what a snapshot says: all of it is old news, and what it does not bear out any more is withdrawn.
 */
export function remember(queue, messages) {
  const standing = messages.filter((message) => message.type === "record.set" || message.type === "record.equalled");
  const keys = new Set(standing.map(recordKey));
  const gone = keysOf(queue).filter((key) => !keys.has(key));
  const left = gone.reduce(withdraw, { ...queue, told: keys });
  return standing.reduce((mended, message) => mend(mended, message, recordKey(message)), left);
}

/** Let a record pass without announcing it, as one that the page has missed. */
export function pass(queue, message) {
  return hear(queue, message, { kinds: [], race: null });
}

/**
 * Go on: what has had its time goes, and the next one comes.
 *
 * @param {number} now the page's clock in milliseconds.
 * @param {number} holdS the seconds a card is shown.
 */
export function advance(queue, now, holdS) {
  if (queue.shown !== null && now < queue.until) return queue;
  const [next, ...waiting] = queue.waiting;
  if (next === undefined) return queue.shown === null ? queue : { ...queue, shown: null, until: null };
  return { ...queue, shown: next, waiting, until: now + holdS * 1000 };
}

/** Take the card on air away, so that the next one comes. */
export function skip(queue) {
  return { ...queue, shown: null, until: null };
}

/** Announce nothing of what waits. */
export function clear(queue) {
  return { ...queue, waiting: Object.freeze([]), shown: null, until: null };
}

function announce(queue, message) {
  const key = JSON.stringify([message.race_id, message.competitor.id]);
  const has = (card) => card.key === key;
  if (queue.shown !== null && has(queue.shown)) return { ...queue, shown: withMark(queue.shown, message) };
  if (queue.waiting.some(has)) {
    return { ...queue, waiting: queue.waiting.map((card) => (has(card) ? withMark(card, message) : card)) };
  }
  const { race_id: raceId, discipline, competitor } = message;
  return { ...queue, waiting: [...queue.waiting, { key, raceId, discipline, competitor, marks: [message] }] };
}

function withMark(card, message) {
  const key = recordKey(message);
  const others = card.marks.filter((mark) => recordKey(mark) !== key);
  return { ...card, marks: [...others, message].sort((one, other) => byHeight(one.kind, other.kind)) };
}

/** Put a newer word on a record in the place of the older one, where that is waiting or on air. */
function mend(queue, message, key) {
  const mended = (card) => (card.marks.some((mark) => recordKey(mark) === key) ? withMark(card, message) : card);
  return {
    ...queue,
    shown: queue.shown === null ? null : mended(queue.shown),
    waiting: queue.waiting.map(mended),
  };
}

function withdraw(queue, key) {
  return keepMarks(queue, (mark) => recordKey(mark) !== key);
}

/** Drop what has been beaten before it could be told: a record that is none any more. */
function supersede(queue, message) {
  return keepMarks(
    queue,
    (mark) =>
      mark.kind !== message.kind ||
      mark.scope !== message.scope ||
      mark.discipline !== message.discipline ||
      recordKey(mark) === recordKey(message) ||
      mark.time_ms <= message.time_ms,
  );
}

function keepMarks(queue, isKept) {
  const left = (card) => {
    const marks = card.marks.filter(isKept);
    return marks.length === card.marks.length ? card : { ...card, marks };
  };
  const waiting = queue.waiting.map(left).filter((card) => card.marks.length > 0);
  const shown = queue.shown === null ? null : left(queue.shown);
  return shown !== null && shown.marks.length === 0
    ? { ...queue, waiting, shown: null, until: null }
    : { ...queue, waiting, shown };
}

function keysOf(queue) {
  const cards = queue.shown === null ? queue.waiting : [queue.shown, ...queue.waiting];
  return cards.flatMap((card) => card.marks.map(recordKey));
}

function without(set, key) {
  const left = new Set(set);
  left.delete(key);
  return left;
}
