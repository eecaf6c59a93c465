/**
 * The table of the standings, a row for each competitor.
 */

import { isFront, shownCount } from "../finding.js";
import { say, shownRank } from "../language.js";
import { linesOf, splitColumns } from "../lines.js";
import { inLanguage, shownTime, shownWithThousandth } from "../times.js";
import { byId, element, gliding, keyed, setAttribute, setText, show } from "./dom.js";
import { drawBadges, drawLaneChip, drawNameplate, laneChip, nameplate, placeWords } from "./parts.js";

/** The columns of a race; a number is a split's distance. */
function columnsOf(standings) {
  if (standings?.race.format === "mass_start") return ["rank", "name", "laps", "points", "time"];
  return ["rank", "pair", "name", ...splitColumns(standings), "time", "behind"];
}

/** Draw the standings of a race; the root gets `data-race` and `data-version` when the table is up to date. */
export function drawStandings(known, raceId, language, now) {
  const root = byId("standings");
  const standings = known.races.get(raceId)?.standings ?? null;
  const columns = columnsOf(standings);
  drawHead(columns, language);
  const rows = byId("standings-rows");
  const lines = linesOf(known, raceId, now);
  // Another race's rows are other rows, even where the same people skate.
  const keyOf = (line) => `${raceId} ${columns} ${line.id}`;
  const draw = () =>
    keyed(
      rows,
      lines,
      keyOf,
      () => makeRow(columns),
      (row, line) => drawRow(row, line, columns, language),
    );
  if (root.dataset.race === raceId) gliding(() => [...rows.children], draw);
  else draw();
  show(byId("standings-note"), lines.some(isUnchecked));
  drawFrontNote(standings, language);
  show(root, standings !== null);
  setAttribute(root, "data-race", standings === null ? null : raceId);
  setAttribute(root, "data-version", standings?.version);
}

/** Say how many of how many the table has, where that is not everybody. */
function drawFrontNote(standings, language) {
  const isShort = isFront(standings) && standings.entries.length < standings.competitors;
  const count = shownCount(standings?.entries.length ?? 0, language);
  const all = shownCount(standings?.competitors ?? 0, language);
  show(byId("standings-front"), isShort);
  setText(byId("standings-front"), isShort ? say(language, "first of", { count, all }) : "");
}

function drawHead(columns, language) {
  keyed(
    byId("standings-head"),
    columns,
    String,
    (column) => element("th", { scope: "col", class: isSplit(column) ? "split" : column }),
    (cell, column) =>
      setText(cell, isSplit(column) ? say(language, "metres", { distance: column }) : say(language, column)),
  );
}

const MAKE = {
  rank: () =>
    element(
      "td",
      { class: "rank" },
      element("span", { class: "number" }),
      element("span", { class: "moved", hidden: true }),
    ),
  pair: () => element("td", { class: "pair" }, laneChip()),
  name: () =>
    element(
      "th",
      { scope: "row", class: "name" },
      nameplate(),
      element("span", { class: "badges" }),
      element("span", { class: "marks" }),
    ),
  time: () =>
    element(
      "td",
      { class: "time" },
      element("s", { class: "was", hidden: true }),
      element("span", { class: "result" }),
      element("span", { class: "unchecked", hidden: true }, "*"),
    ),
  behind: () => element("td", { class: "behind" }),
  laps: () => element("td", { class: "laps" }),
  points: () => element("td", { class: "points" }),
};

function isSplit(column) {
  return typeof column === "number";
}

function makeRow(columns) {
  const makeSplit = () => element("td", { class: "split" }, element("span"), element("small"));
  return element("tr", {}, ...columns.map((column) => (isSplit(column) ? makeSplit() : MAKE[column]())));
}

function drawRow(row, line, columns, language) {
  setAttribute(row, "data-competitor", line.id);
  setAttribute(row, "data-state", stateOf(line));
  setAttribute(row, "data-fresh", line.fresh);
  setAttribute(row, "data-corrected", line.was !== null);
  columns.forEach((column, index) => {
    if (isSplit(column)) drawSplit(row.children[index], line, column, language);
    else DRAW[column](row.children[index], line, language);
  });
}

function drawSplit(cell, line, distance, language) {
  const [time, rank] = cell.children;
  const split = line.splits.find((one) => one.distance_m === distance);
  setText(time, split === undefined ? "" : shownTime(split.time_ms, language));
  setText(
    rank,
    split === undefined || split.rank === null ? "" : `(${shownRank(split.rank, split.rank_equal)})`,
  );
}

function stateOf(line) {
  if (line.irm !== null) return "out";
  if (line.rank !== null) return "ranked";
  return line.onIce ? "on-ice" : "to-come";
}

const DRAW = {
  rank(cell, line, language) {
    const [number, moved] = cell.children;
    setText(number, shownRank(line.rank, line.rank_equal));
    setAttribute(number, "aria-label", line.rank_equal ? placeWords(line.rank, true, language) : null);
    show(moved, line.moved !== 0);
    setAttribute(moved, "data-way", line.moved === 0 ? null : line.moved > 0 ? "up" : "down");
    setText(moved, line.moved === 0 ? "" : `${line.moved > 0 ? "▲" : "▼"}${Math.abs(line.moved)}`);
    const words = say(language, line.moved > 0 ? "moved up" : "moved down", { rank: line.movedFrom });
    setAttribute(moved, "aria-label", line.moved === 0 ? null : words);
    setAttribute(moved, "role", line.moved === 0 ? null : "img");
  },
  pair(cell, line, language) {
    drawLaneChip(cell.firstElementChild, line.pair, line.lane, language);
  },
  name(cell, line, language) {
    const [plate, badges, marks] = cell.children;
    drawNameplate(plate, line.competitor);
    drawBadges(badges, line.badges, language);
    keyed(
      marks,
      line.marks,
      (mark) => mark,
      (mark) => element("abbr", { class: "mark" }, mark),
      (node, mark) => setAttribute(node, "title", say(language, `mark.${mark}`)),
    );
  },
  time(cell, line, language) {
    const [was, result, unchecked] = cell.children;
    const before = line.was;
    show(was, before !== null);
    setText(
      was,
      before === null ? "" : (before.irm ?? shownWithThousandth(before.time, before.thousandth, language)),
    );
    setText(result, resultOf(line, language));
    const ruled =
      line.irm === null
        ? null
        : say(language, `long.${line.irm}`) + (line.rule === null ? "" : ` (${line.rule})`);
    setAttribute(result, "title", ruled);
    setAttribute(result, "data-running", line.onIce);
    show(unchecked, isUnchecked(line));
    setAttribute(unchecked, "title", say(language, "unchecked"));
    setAttribute(unchecked, "aria-label", say(language, "unchecked"));
    setAttribute(unchecked, "role", "img");
  },
  behind(cell, line, language) {
    setText(cell, inLanguage(line.behind ?? "", language));
  },
  laps(cell, line) {
    setText(cell, line.laps ? String(line.laps) : "");
  },
  points(cell, line) {
    setText(cell, line.points ? String(line.points) : "");
  },
};

/** A time of which neither the photo finish nor the timekeepers have spoken; laps of a mass start wait for neither. */
function isUnchecked(line) {
  return line.unchecked && line.time !== null && line.laps === null;
}

function resultOf(line, language) {
  if (line.irm !== null) return line.irm;
  if (line.time !== null) return shownWithThousandth(line.time, line.thousandth, language);
  const last = line.splits.at(-1);
  return line.onIce && last !== undefined ? `${last.distance_m} m ${shownTime(last.time_ms, language)}` : "";
}
