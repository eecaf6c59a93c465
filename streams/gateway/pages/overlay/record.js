/** The announcement of a record, as an element. */

import { fitting, make, write } from "./drawing.js";
import { LiveGraphic } from "./live-graphic.js";
import { NO_RECORDS, advance, clear, hear, pass, remember, skip } from "./record-queue.js";
import { recordView } from "./record-view.js";

export class RecordGraphic extends LiveGraphic {
  static graphic = "record";
  static kinds = ["records"];

  #queue = NO_RECORDS;

  build(stage) {
    this.parts = {
      kind: fitting("badge", { field: "kind" }),
      headline: make("div", "headline", { field: "headline" }),
      others: make("div", "others", { field: "others" }),
      country: make("div", "country", { field: "country" }),
      name: fitting("name", { field: "name" }),
      race: fitting("race", { field: "race" }),
      time: make("div", "time", { field: "time" }),
      before: fitting("before", { field: "before" }),
    };
    const { kind, headline, others, country, name, race, time, before } = this.parts;
    const what = make("div", "what", {}, [kind, headline, others]);
    const who = make("div", "who", {}, [make("div", "skater", {}, [country, name]), race]);
    const figures = make("div", "figures", {}, [time, before]);
    this.flash = make("div", "flash", {}, [make("div", "sheen"), make("div", "ribbon"), what, who, figures]);
    stage.append(this.flash);
  }

  note(kind, data, { values, isOld }) {
    if (kind === "snapshot") this.#queue = remember(this.#queue, data.records ?? []);
    else if (kind === "records") this.#queue = isOld ? pass(this.#queue, data) : hear(this.#queue, data, values);
  }

  forget() {
    this.#queue = clear(this.#queue);
  }

  next() {
    this.#queue = skip(this.#queue);
  }

  view(_known, { values, now }) {
    this.#queue = advance(this.#queue, now, values.hold);
    return this.#queue.shown === null ? null : recordView(this.#queue.shown, values);
  }

  draw(view) {
    const { others } = this.parts;
    this.flash.dataset.competitor = view.id;
    this.flash.dataset.kind = view.kind;
    const written = ["kind", "headline", "country", "name", "race", "time", "before"];
    for (const field of written) write(this.parts[field], view[field]);
    const tags = [...view.others, view.isProvisional].filter((tag) => tag !== "");
    if (others.textContent !== tags.join("")) {
      others.replaceChildren(...tags.map((tag) => Object.assign(make("span", "other"), { textContent: tag })));
    }
  }
}

export const TAG = "slotrit-record";
if (customElements.get(TAG) === undefined) customElements.define(TAG, RecordGraphic);
