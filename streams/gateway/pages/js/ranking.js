/**
 * A ranking as a table: which columns it has and what stands in them.
 */

import { raceTitle, say } from "./language.js";

/**
 * Name a ranking: "World Cup Women 500 m, 2021-22"; one that names nothing we know keeps its id.
 *
 * @param {object} ranking a ranking message.
 * @param {Map} summaries race id → RaceSummary, for the names of competitions.
 */
export function rankingTitle(ranking, summaries, language) {
  const [first, ...rest] = ranking.ranking_id.split("/");
  const competition = [...summaries.values()].find((summary) => summary.competition.id === first)?.competition;
  const kind = say(language, `ranking.${ranking.basis}`);
  const what = rest.filter((part) => part !== "worldcup" && part !== ranking.basis).map((part) => named(part, language));
  if (competition !== undefined) return [kind, ...what].join(", ") + ` – ${competition.name}`;
  if (rest[0] === "worldcup") return `${[kind, ...what].join(", ")}, ${first}`;
  return `${kind}: ${ranking.ranking_id}`;
}

/** Name disciplines and genders: "W500", "W3000-W5000", "M". */
function named(part, language) {
  if (/^[MWX]$/.test(part)) return say(language, `gender.${part}`);
  if (!/^[MWX](\d+|[A-Z]+)(-[MWX](\d+|[A-Z]+))*$/.test(part)) return part;
  return part.split("-").map((discipline) => raceTitle({ discipline, division: "-", run: null }, language)).join(" / ");
}

/**
 * Give the table of a ranking: `{columns, rows}`.
 *
 * A column is `{key, race}`, `race` the race id of a part or null; keys are "value", "gold", "silver", "bronze",
 * "state" or a race id. A row is `{id, rank, rankEqual, competitor, cells: Map(key → text)}`, cells in English form.
 *
 * @param {object} ranking a ranking message.
 * @param {Map} summaries race id → RaceSummary, for the order of the races.
 */
export function rankingTable(ranking, summaries) {
  const races = ranking.basis === "medals" ? [] : racesOf(ranking, summaries);
  const columns = [...totals(ranking.basis), ...races.map((race) => ({ key: race, race }))];
  const rows = ranking.entries.map((entry) => ({
    id: entry.competitor.id,
    rank: entry.rank,
    rankEqual: entry.rank_equal,
    competitor: entry.competitor,
    state: entry.state,
    cells: cellsOf(ranking.basis, entry),
  }));
  return { columns, rows };
}

function totals(basis) {
  const keys = { medals: ["gold", "silver", "bronze"], matrix: ["value", "state"] }[basis] ?? ["value"];
  return keys.map((key) => ({ key, race: null }));
}

function cellsOf(basis, entry) {
  const cells = new Map();
  if (basis === "medals") {
    const [gold, silver, bronze] = entry.value.split("-");
    return cells.set("gold", gold).set("silver", silver).set("bronze", bronze);
  }
  cells.set("value", entry.value);
  if (entry.state !== null) cells.set("state", entry.state);
  for (const part of entry.parts) {
    if (part.race_id !== null) cells.set(part.race_id, basis === "matrix" ? String(part.rank ?? "") : part.value);
  }
  return cells;
}

function racesOf(ranking, summaries) {
  const races = new Set(ranking.entries.flatMap((entry) => entry.parts.map((part) => part.race_id)));
  races.delete(null);
  const start = (race) => summaries.get(race)?.scheduled_at ?? "";
  return [...races].sort((one, other) => Date.parse(start(one)) - Date.parse(start(other)) || one.localeCompare(other));
}
