/** What the leaderboard says: the lines of one page, as plain text, from a race's standings. */

import { SHOWN_MS } from "../js/corrections.js";
import { raceTitle, say, shownRank } from "../js/language.js";
import { inLanguage, shownGap } from "../js/times.js";
import { marksOf, standingRecords } from "./record-marks.js";

/** How long a new or corrected result stands out, in milliseconds. */
export const MARKED_MS = Math.min(8_000, SHOWN_MS);

/**
 * Lay out a page of a race.
 *
 * @param {object} race of `known.races`, with its standings.
 * @param {object} values the settings; `lines` a page, `page` counts from 1, past the last one it starts over.
 * @param {Map} records of `known`.
 * @param {number} now the page's clock in milliseconds, by which marks of the new age.
 * @returns {object} `title`, `competition`, `page`, `pages`, and `lines` with what is written in each: `isStart`
 *   tells of a start list, where nobody has a result yet and pairs stand in the place of ranks.
 */
export function standingsView(race, values, records, now) {
  const { standings } = race;
  const marks = standingRecords(records, standings.race_id, values.kinds);
  const results = standings.entries.filter((entry) => entry.rank !== null || entry.irm !== null);
  const isStart = !results.some((entry) => entry.rank !== null);
  const entries = isStart ? inStartingOrder(standings.entries) : results;
  const pages = Math.max(1, Math.ceil(entries.length / values.lines));
  const page = (values.page - 1) % pages;
  const shown = entries.slice(page * values.lines, (page + 1) * values.lines);
  return {
    key: standings.race_id,
    raceId: standings.race_id,
    version: standings.version,
    title: raceTitle(standings.race, values.lang),
    competition: standings.race.competition.name,
    isStart,
    isMassStart: standings.race.format === "mass_start",
    page: page + 1,
    pages,
    lines: shown.map((entry) => (isStart ? startLine(entry) : resultLine(entry, race, marks, values, now))),
  };
}

function inStartingOrder(entries) {
  return entries
    .filter((entry) => entry.irm === null)
    .sort((one, other) => one.pair - other.pair || one.sort_order - other.sort_order);
}

function startLine(entry) {
  const { pair, lane } = entry;
  return { ...whoOf(entry), rank: String(pair), lane, place: null, time: "", thousandth: "", gap: "", mark: "" };
}

function resultLine(entry, race, marks, values, now) {
  const { competitor, points } = entry;
  const was = race.was.get(competitor.id);
  const isPointed = points !== null && points > 0;
  return {
    ...whoOf(entry),
    rank: shownRank(entry.rank, entry.rank_equal),
    place: entry.rank,
    time: entry.irm ?? inLanguage(entry.time ?? "", values.lang),
    thousandth: entry.irm === null ? (entry.thousandth ?? "") : "",
    gap: isPointed ? `${points} p` : gapOf(entry, values.lang),
    mark: marksOf(marks.get(competitor.id), entry.time_ms).map((kind) => say(values.lang, kind))[0] ?? "",
    isRuledOut: entry.irm !== null,
    isUnchecked: values.checks && entry.unchecked && entry.time !== null,
    isCorrected: was !== undefined && was.result && now - was.at < MARKED_MS,
    isNew: now - (race.freshAt.get(competitor.id) ?? -Infinity) < MARKED_MS,
  };
}

function whoOf({ competitor }) {
  return { id: competitor.id, name: competitor.name, country: competitor.country };
}

function gapOf(entry, language) {
  return entry.rank === 1 ? "" : shownGap(entry.behind_ms, language);
}
