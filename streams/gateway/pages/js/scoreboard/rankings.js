/**
 * Rankings: which there are, and the chosen one as a table.
 */

import { raceTitle, say, shownRank } from "../language.js";
import { rankingGroups, rankingTable, rankingTitle } from "../ranking.js";
import { inLanguage } from "../times.js";
import { drawNeeds } from "./coming.js";
import { byId, element, keyed, setAttribute, setText, show } from "./dom.js";
import { drawNameplate, nameplate, placeWords } from "./parts.js";
import { searchWith } from "./place.js";

/**
 * Draw the rankings.
 *
 * @param {object} known see known.js; @param {string|null} chosen a ranking id; without one the first is shown.
 */
export function drawRankings(known, chosen, language) {
  const groups = rankingGroups(known.rankings.values(), known.summaries, language);
  const ranking = known.rankings.get(chosen) ?? groups[0]?.rankings[0].ranking ?? null;
  keyed(
    byId("rankings-list"),
    groups,
    ({ group }) => group,
    makeGroup,
    (node, group) => drawGroup(node, group, ranking, language),
  );
  show(byId("ranking-empty"), ranking === null);
  show(byId("ranking-table"), ranking !== null);
  setText(byId("ranking-title"), ranking === null ? "" : fullTitle(ranking, known.summaries, language));
  if (ranking !== null) drawTable(ranking, known.summaries, language);
  drawRankingNeeds(known, ranking, language);
  setAttribute(byId("ranking"), "data-ranking", ranking?.ranking_id);
  setAttribute(byId("ranking"), "data-version", ranking?.version);
}

function makeGroup() {
  return element("section", {}, element("h2"), element("ul"));
}

function drawGroup(node, { group, rankings }, shown, language) {
  const [title, list] = node.children;
  setText(title, group);
  keyed(
    list,
    rankings,
    ({ ranking }) => ranking.ranking_id,
    () => element("li", {}, element("a")),
    (item, { ranking, name }) => {
      const link = item.firstElementChild;
      setAttribute(link, "href", searchWith({ view: "rankings", ranking: ranking.ranking_id }));
      setAttribute(link, "data-ranking", ranking.ranking_id);
      setAttribute(link, "aria-current", ranking === shown ? "page" : null);
      setText(link, name || say(language, `ranking.${ranking.basis}`));
    },
  );
}

function fullTitle(ranking, summaries, language) {
  const { group, name } = rankingTitle(ranking, summaries, language);
  const provisional = ranking.provisional ? ` (${say(language, "provisional")})` : "";
  return (name ? `${name} – ${group}` : group) + provisional;
}

function drawTable(ranking, summaries, language) {
  const { columns, rows } = rankingTable(ranking, summaries);
  const all = [{ key: "rank" }, { key: "name" }, ...columns];
  setAttribute(byId("ranking-table"), "data-basis", ranking.basis);
  keyed(
    byId("ranking-head"),
    all,
    ({ key }) => key,
    ({ key, race }) => element("th", { scope: "col", class: race ? "part" : key }),
    (cell, column) => {
      setText(cell, headOf(column, ranking.basis, summaries, language));
    },
  );
  const keyOf = (row) => `${ranking.ranking_id} ${row.id}`;
  keyed(byId("ranking-rows"), rows, keyOf, makeRow, (node, row) => drawRow(node, row, columns, language));
}

function makeRow() {
  return element(
    "tr",
    {},
    element("td", { class: "rank" }),
    element("th", { scope: "row", class: "name" }, nameplate()),
  );
}

function drawRow(node, row, columns, language) {
  const [rank, name] = node.children;
  setAttribute(node, "data-competitor", row.id);
  setAttribute(node, "data-state", row.state);
  setText(rank, shownRank(row.rank, row.rankEqual));
  setAttribute(rank, "aria-label", row.rankEqual ? placeWords(row.rank, true, language) : null);
  drawNameplate(name.firstElementChild, row.competitor);
  while (node.children.length > columns.length + 2) node.lastElementChild.remove();
  columns.forEach(({ key, race }, index) => {
    const cell = node.children[index + 2] ?? node.appendChild(element("td"));
    setAttribute(cell, "class", race ? "part" : key);
    const text = row.cells.get(key) ?? "";
    setText(cell, key === "state" ? say(language, `state.${text}`) : inLanguage(text, language));
  });
}

function headOf({ key, race }, basis, summaries, language) {
  if (!race)
    return say(
      language,
      key === "value" ? { points: "total", samalog: "total", matrix: "place" }[basis] : key,
    );
  const summary = summaries.get(race);
  if (summary === undefined) return race;
  return `${raceTitle(summary, language)} · ${summary.competition.venue.name}`;
}

/** What everybody still to come needs on the next distance to lead a samalog, or to pass the next ahead. */
function drawRankingNeeds(known, ranking, language) {
  const needs = ranking === null ? undefined : known.rankingNeeds.get(ranking.ranking_id);
  const entries = needs?.entries ?? [];
  show(byId("ranking-needs"), entries.length > 0);
  const race = known.summaries.get(needs?.race_id);
  const title = race === undefined ? (needs?.race_id ?? "") : raceTitle(race, language);
  setText(byId("ranking-needs-title"), say(language, "needs on", { race: title }));
  const keyOf = (entry) => `${ranking.ranking_id} ${entry.pair} ${entry.competitor.id}`;
  keyed(
    byId("ranking-needs-list"),
    entries,
    keyOf,
    () => element("li", {}, nameplate(), element("dl", { class: "own" })),
    (item, entry) => {
      drawNameplate(item.children[0], entry.competitor);
      drawNeeds(item.children[1], samalogNeeds(entry, language), language);
    },
  );
}

const RIVALS_SHOWN = 3;

function samalogNeeds(entry, language) {
  const lead = entry.to_lead === null && !entry.can_lead ? [] : [{ what: "to lead", need: entry.to_lead }];
  const rivals = entry.to_pass.slice(0, RIVALS_SHOWN);
  return [
    ...lead,
    ...rivals.map(({ competitor, need }) => ({
      what: say(language, "to pass", { name: competitor.name }),
      need,
    })),
  ];
}
