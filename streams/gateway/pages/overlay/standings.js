/** The leaderboard, as an element. */

import { chosenRace } from "./chosen-race.js";
import { durationOf, fit, fitAll, fitting, make, mark, write } from "./drawing.js";
import { LiveGraphic } from "./live-graphic.js";
import { standingsView } from "./standings-view.js";

/** A line in the height of its letters, as the stylesheet has it, and the safe margin at the top. */
const LINE_HEIGHT = 1.72;
const TOP_MARGIN = 0.05;

export class StandingsGraphic extends LiveGraphic {
  static graphic = "standings";
  static kinds = ["standings", "field.top", "records"];

  #race = null;
  #turned = 0;
  #turnedAt = null;
  #lines = new Map();
  #counted = 0;

  build(stage) {
    this.parts = {
      competition: fitting("competition", { field: "competition" }),
      title: fitting("title", { field: "title" }),
      page: make("div", "page", { field: "page" }),
      rows: make("div", "rows", { field: "rows" }),
    };
    const { competition, title, page, rows } = this.parts;
    this.head = make("div", "head", {}, [competition, title, page]);
    this.board = make("div", "board", {}, [this.head, rows]);
    stage.append(this.board);
  }

  forget() {
    this.#race = null;
    this.#turned = 0;
    this.#turnedAt = null;
  }

  next() {
    this.#turned += 1;
    this.#turnedAt = null;
  }

  view(known, { values, now }) {
    const all = [...known.races.values()].flatMap((race) => (race.standings === null ? [] : [race.standings]));
    this.#race = values.race ?? chosenRace(all, this.#race);
    const race = known.races.get(this.#race);
    if (race === undefined || race.standings === null) return null;
    this.#turnedAt ??= now;
    if (values.rotate > 0 && now - this.#turnedAt >= values.rotate * 1000) {
      this.#turned += 1;
      this.#turnedAt = now;
    }
    const view = standingsView(race, { ...values, page: values.page + this.#turned }, known.records, now);
    return view.lines.length === 0 ? null : { ...view, isTurning: values.rotate > 0 };
  }

  draw(view) {
    const { competition, title, page, rows } = this.parts;
    write(competition, view.competition);
    write(title, view.title);
    write(page, view.pages > 1 && (view.page > 1 || view.isTurning) ? `${view.page}/${view.pages}` : "");
    mark(this.board, "start", view.isStart);
    this.#count(view.lines.length);
    const ids = new Set(view.lines.map((line) => line.id));
    for (const [id, line] of this.#lines) if (!ids.has(id)) this.#drop(id, line);
    view.lines.forEach((line, place) => drawLine(this.#line(line.id), line, place));
  }

  /** Make room for the lines, and where there is none make them smaller. */
  #count(count) {
    if (this.#counted === count) return;
    this.#counted = count;
    this.board.style.setProperty("--count", count);
    let shrunk = 1;
    this.board.style.setProperty("--shrunk", shrunk);
    // Margins keep their size as the letters shrink, hence a second time.
    for (const _ of [1, 2]) {
      shrunk *= Math.min(1, this.#room() / (this.head.offsetHeight + count * this.#lineHeight()));
      this.board.style.setProperty("--shrunk", shrunk);
    }
    fitAll(this.board);
  }

  #lineHeight() {
    return Number.parseFloat(getComputedStyle(this.board).fontSize) * LINE_HEIGHT;
  }

  #room() {
    return this.board.offsetTop + this.board.offsetHeight - this.stage.clientHeight * TOP_MARGIN;
  }

  #line(id) {
    if (!this.#lines.has(id)) {
      const line = newLine(id);
      this.#lines.set(id, line);
      if (this.stage.dataset.air === "on") this.#enter(line);
      this.parts.rows.append(line.root);
    }
    return this.#lines.get(id);
  }

  #enter(line) {
    mark(line.root, "entering", true);
    setTimeout(() => mark(line.root, "entering", false), durationOf(this.stage, "--move"));
  }

  #drop(id, line) {
    this.#lines.delete(id);
    mark(line.root, "leaving", true);
    setTimeout(() => line.root.remove(), durationOf(this.stage, "--move"));
  }
}

function newLine(id) {
  const cells = {
    rank: make("div", "rank", { field: "rank" }),
    country: make("div", "country", { field: "country" }),
    name: fitting("name", { field: "name" }),
    mark: make("div", "kind", { field: "record" }),
    time: make("span", "", { field: "time" }),
    thousandth: make("span", "thousandth", { field: "thousandth" }),
    gap: make("div", "gap", { field: "gap" }),
  };
  const { rank, country, name, mark: kind, time, thousandth, gap } = cells;
  const shown = [rank, country, name, kind, make("div", "time", {}, [time, thousandth]), gap];
  return { root: make("div", "line", { competitor: id }, [make("div", "cells", {}, shown)]), cells };
}

function drawLine({ root, cells }, line, place) {
  root.style.setProperty("--place", place);
  root.dataset.place = line.place ?? "";
  if (line.lane) root.dataset.lane = line.lane;
  else delete root.dataset.lane;
  mark(root, "new", line.isNew === true);
  mark(root, "corrected", line.isCorrected === true);
  mark(root, "unchecked", line.isUnchecked === true);
  mark(root, "ruledOut", line.isRuledOut === true);
  for (const field of ["rank", "country", "time", "thousandth", "gap", "name"]) write(cells[field], line[field]);
  if (write(cells.mark, line.mark)) fit(cells.name);
}

export const TAG = "slotrit-standings";
if (customElements.get(TAG) === undefined) customElements.define(TAG, StandingsGraphic);
