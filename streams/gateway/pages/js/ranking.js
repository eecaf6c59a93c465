/**
 * A ranking as a table: which columns it has and what stands in them.
 */

import { raceTitle, say } from "./language.js";

/**
 * Name a ranking: the group it belongs to, "World Cup points, 2021-22", and its name within, "Women 500 m".
 *
 * One whose id says nothing that we know keeps it as its name.
 *
 * @param {object} ranking a ranking message.
 * @param {Map} summaries race id → RaceSummary, for the names of competitions.
 * @returns {{group: string, name: string}} `name` is "" where the group has only this one.
 */
export function rankingTitle(ranking, summaries, language) {
  const [first, ...rest] = ranking.ranking_id.split("/");
  const kind = say(language, `ranking.${ranking.basis}`);
  const said = rest.filter((part) => part !== "worldcup" && part !== ranking.basis);
  const name = said.map((part) => named(part, language)).join(", ");
  const competition = [...summaries.values()].find(
    (summary) => summary.competition.id === first,
  )?.competition;
  if (competition !== undefined) return { group: `${kind}, ${competition.name}`, name };
  if (rest[0] === "worldcup") return { group: `${kind}, ${first}`, name };
  return { group: kind, name: ranking.ranking_id };
}

/** Put rankings into groups: `[{group, rankings: [{ranking, name}]}]`, both in the order of their names. */
export function rankingGroups(rankings, summaries, language) {
  const groups = new Map();
  for (const ranking of rankings) {
    const { group, name } = rankingTitle(ranking, summaries, language);
    groups.set(group, [...(groups.get(group) ?? []), { ranking, name }]);
  }
  const order = (one, other) => one.localeCompare(other, language, { numeric: true });
  return [...groups]
    .map(([group, members]) => ({
      group,
      rankings: members.sort((one, other) => order(one.name, other.name)),
    }))
    .sort((one, other) => order(one.group, other.group));
}

/** Name disciplines and genders: "W500", "W3000-W5000", "M". */
function named(part, language) {
  if (/^[MWX]$/.test(part)) return say(language, `gender.${part}`);
  if (!/^[MWX](\d+|[A-Z]+)(-[MWX](\d+|[A-Z]+))*$/.test(part)) return say(language, part);
  return part
    .split("-")
    .map((discipline) => raceTitle({ discipline, division: "-", run: null }, language))
    .join(" / ");
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
    if (part.race_id !== null)
      cells.set(part.race_id, basis === "matrix" ? String(part.rank ?? "") : part.value);
  }
  return cells;
}

function racesOf(ranking, summaries) {
  const races = new Set(ranking.entries.flatMap((entry) => entry.parts.map((part) => part.race_id)));
  races.delete(null);
  const start = (race) => summaries.get(race)?.scheduled_at ?? "";
  return [...races].sort(
    (one, other) => Date.parse(start(one)) - Date.parse(start(other)) || one.localeCompare(other),
  );
}
