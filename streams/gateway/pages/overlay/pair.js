/** The strip of the pair on the ice, as an element. */

import { say } from "../js/language.js";
import { chosenRace } from "./chosen-race.js";
import { fitAll, fitting, make, mark, write } from "./drawing.js";
import { LiveGraphic } from "./live-graphic.js";
import { nextTurn, turnKey } from "./pair-turn.js";
import { pairView } from "./pair-view.js";

export class PairGraphic extends LiveGraphic {
  static graphic = "pair";
  static kinds = ["standings", "field.top", "pace", "records"];

  #race = null;
  #turn = null;
  #sent = null;
  #isFirst = true;
  #rows = [];
  #columns = "";

  build(stage) {
    this.parts = {
      title: make("span", "title", { field: "title" }),
      pair: make("span", "pair", { field: "pair" }),
      leader: make("div", "label", { field: "leader-label" }),
      record: make("div", "label", { field: "record-label" }),
      projected: make("div", "label", { field: "projected-label" }),
      skaters: make("div", "skaters"),
    };
    const { title, pair, leader, record, projected, skaters } = this.parts;
    const head = make("div", "head", {}, [make("div", "titles", {}, [pair, title]), leader, record, projected]);
    this.strip = make("div", "strip", {}, [head, skaters]);
    stage.append(make("div", "place", {}, [this.strip]));
  }

  note(kind) {
    if (kind === "snapshot") this.#isFirst = true;
  }

  forget() {
    this.#race = this.#turn = this.#sent = null;
    this.#isFirst = true;
  }

  next() {
    this.#sent = turnKey(this.#turn);
  }

  view(known, { values, now }) {
    const all = [...known.races.values()].flatMap((race) => (race.standings === null ? [] : [race.standings]));
    this.#race = values.race ?? chosenRace(all, this.#race);
    const race = known.races.get(this.#race) ?? null;
    const shown = this.#turn === null ? race : (known.races.get(this.#turn.raceId) ?? null);
    const at = { now, holdS: values.hold, isFirst: this.#isFirst, sent: this.#sent };
    this.#turn = nextTurn(this.#turn, race, shown, at);
    this.#isFirst &&= race?.standings == null;
    const isOnIce = (key) => race?.standings?.on_ice.some((pair) => turnKey({ raceId: this.#race, pair }) === key);
    if (!isOnIce(this.#sent)) this.#sent = null;
    if (this.#turn === null) return null;
    return pairView(known.races.get(this.#turn.raceId), this.#turn, values, known.records, now);
  }

  draw(view) {
    const { title, pair, leader, record, projected, skaters } = this.parts;
    write(pair, view.pairTitle);
    write(title, view.title);
    write(leader, view.skaters.some((skater) => skater.leader.text !== "") ? say(this.lang, "leader") : "");
    write(record, view.recordKind);
    write(projected, view.skaters.some((skater) => skater.projected !== "") ? say(this.lang, "projected") : "");
    this.strip.dataset.pair = String(view.pair);
    const some = (has) => view.skaters.some(has);
    const flags = {
      measured: view.isMeasured,
      finished: view.isFinished,
      leader: some((skater) => skater.leader.text !== ""),
      record: some((skater) => skater.record.text !== ""),
      tail: some((skater) => skater.projected !== "" || skater.marks.length > 0),
      quartet: view.skaters.length > 2,
    };
    for (const [name, isSet] of Object.entries(flags)) mark(this.strip, name, isSet);
    while (this.#rows.length > view.skaters.length) this.#rows.pop().root.remove();
    while (this.#rows.length < view.skaters.length) {
      this.#rows.push(newRow());
      skaters.append(this.#rows.at(-1).root);
    }
    view.skaters.forEach((skater, place) => drawRow(this.#rows[place], skater, view));
    this.#fit(JSON.stringify(flags));
  }

  /** Columns that come and go leave the names other widths. */
  #fit(columns) {
    if (columns !== this.#columns) fitAll(this.strip);
    this.#columns = columns;
  }
}

function newRow() {
  const cells = {
    lane: make("div", "lane"),
    country: make("div", "country", { field: "country" }),
    name: fitting("name", { field: "name" }),
    rank: make("div", "rank", { field: "rank" }),
    at: make("div", "at", { field: "at" }),
    time: make("div", "time", { field: "time" }),
    leader: make("div", "leader", { field: "leader" }),
    record: make("div", "record", { field: "record" }),
    projected: make("div", "projected", { field: "projected" }),
    marks: make("div", "marks", { field: "records" }),
  };
  return { root: make("div", "skater", {}, Object.values(cells)), cells };
}

function drawRow({ root, cells }, skater, view) {
  root.dataset.competitor = skater.id;
  root.dataset.lane = skater.lane ?? "";
  mark(root, "finished", skater.isFinished);
  mark(root, "ruledOut", skater.isRuledOut);
  mark(root, "corrected", skater.isCorrected);
  mark(root, "unchecked", skater.isUnchecked);
  mark(root, "first", skater.rank === "1" || skater.rank === "=1");
  for (const field of ["country", "name", "rank", "at", "time", "projected"]) write(cells[field], skater[field]);
  write(cells.leader, skater.leader.text);
  cells.leader.dataset.tone = skater.leader.tone;
  const kind = view.recordKind === "" ? skater.record.kind : "";
  write(cells.record, `${kind}${kind === "" ? "" : " "}${skater.record.text}`);
  cells.record.dataset.tone = skater.record.tone;
  drawMarks(cells.marks, skater.marks);
}

function drawMarks(box, marks) {
  if (box.textContent === marks.join("")) return;
  box.replaceChildren(...marks.slice(0, 3).map((kind) => Object.assign(make("span", "kind"), { textContent: kind })));
}

export const TAG = "slotrit-pair";
if (customElements.get(TAG) === undefined) customElements.define(TAG, PairGraphic);
