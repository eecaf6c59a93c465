/**
 * Somebody in a race whose standings have only the first: where to ask for them, and what their line says.
 */

import { say, shownRank } from "./language.js";
import { inLanguage, shownTime, shownWithThousandth } from "./times.js";

/** How many of those in whose name or id the words are can be chosen from. */
export const MOST_FOUND = 10;

/** Say whether standings are the front of a race in parts. */
export function isFront(standings) {
  return standings?.type === "field.top";
}

/** Spell where those are asked for in whose name or id some words are. */
export function searchAddress(raceId, words, delay) {
  const query = new URLSearchParams({ search: words, limit: String(MOST_FOUND) });
  if (delay > 0) query.set("delay", String(delay));
  return `/api/races/${pathOf(raceId)}/sheet?${query}`;
}

/** Spell where somebody's line is asked for. */
export function lineAddress(raceId, competitorId, delay) {
  const address = `/api/races/${pathOf(raceId)}/competitors/${encodeURIComponent(competitorId)}`;
  return delay > 0 ? `${address}?delay=${delay}` : address;
}

function pathOf(raceId) {
  return raceId.split("/").map(encodeURIComponent).join("/");
}

/** Write a count as people of a language do: 2,000 or 2.000. */
export function shownCount(count, language) {
  return count.toLocaleString(language === "nl" ? "nl-NL" : "en-GB");
}

/** Write the result of a line: a time, a mark, or nothing yet. */
export function resultOf(entry, language) {
  if (entry.irm !== null) return say(language, `long.${entry.irm}`);
  return entry.time === null ? "" : shownWithThousandth(entry.time, entry.thousandth, language);
}

/**
 * Give what a line says, in the order in which it is read: `{key, what, value}`, without what there is none of.
 *
 * @param {object} entry the line. @param {string} language the page's.
 */
export function factsOf(entry, language) {
  const facts = [
    ["rank", say(language, "rank"), shownRank(entry.rank, entry.rank_equal)],
    ["pair", say(language, "pair"), String(entry.pair)],
    ["time", say(language, "time"), resultOf(entry, language)],
    ["behind", say(language, "behind"), inLanguage(entry.behind ?? "", language)],
    ["points", say(language, "points"), entry.points ? String(entry.points) : ""],
    ...entry.splits.map((split) => [
      `split ${split.distance_m}`,
      say(language, "metres", { distance: split.distance_m }),
      shownTime(split.time_ms, language),
    ]),
  ];
  return facts.filter(([, , value]) => value !== "").map(([key, what, value]) => ({ key, what, value }));
}
