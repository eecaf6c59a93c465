/** What the announcement of a record says. */

import { raceTitle, say } from "../js/language.js";
import { inLanguage, shownTime } from "../js/times.js";

/**
 * Write a card of the queue.
 *
 * @param {object} card see record-queue.js.
 * @param {object} values the settings.
 */
export function recordView(card, values) {
  const language = values.lang;
  const [first, ...others] = card.marks;
  const [, discipline, division, run = null] = card.raceId.split("/");
  return {
    key: card.key,
    raceId: card.raceId,
    version: first.version,
    id: card.competitor.id,
    kind: say(language, first.kind),
    headline: headline(first, language),
    name: card.competitor.name,
    country: card.competitor.country,
    race: raceTitle({ discipline, division, run }, language),
    time: inLanguage(first.time, language),
    before: before(first, language),
    others: others.map((mark) => say(language, mark.kind)),
    isProvisional: values.checks && first.status === "provisional" ? say(language, "provisional") : "",
  };
}

function headline(mark, language) {
  const kind = mark.type === "record.set" ? "record.set" : "record.equalled";
  return say(language, kind, { record: say(language, `long.${mark.kind}`) });
}

function before(mark, language) {
  if (mark.previous === null) return "";
  const { time, holder } = mark.previous;
  const values = { time: inLanguage(time, language), name: holder.name, gap: shownTime(mark.margin_ms, language) };
  return mark.type === "record.set" ? say(language, "record.under", values) : `${values.time} ${values.name}`;
}
