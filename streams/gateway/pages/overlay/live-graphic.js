/**
 * What all graphics have in common: a custom element that is an OGraf graphic, fed by the gateway it came from.
 *
 * A graphic says which `kinds` of messages it needs, makes a `view` of what is known, plain data or null for
 * nothing to show, and can `draw` one. Everything else is here: settings, connection, on air and off, and that
 * nothing old is shown as live.
 */

import { openFeed } from "../js/feed.js";
import { NOTHING, heard } from "../js/known.js";
import { onAir } from "./air.js";
import { fitAll, make } from "./drawing.js";
import { NEVER_HEARD, freshness, isCatchingUp, isTooOld } from "./freshness.js";
import { read, waitsForPlay } from "./settings.js";

/** The gateway from which this module was loaded, also where it is behind a prefix. */
const GATEWAY = new URL("../..", import.meta.url).href.replace(/\/$/, "");
const TICK_MS = 250;
/** Frames stop while a source is hidden; what is known must be drawn when it is cut to. */
const LATEST_DRAW_MS = 200;
const FRAME = Object.freeze({ width: 1920, height: 1080 });
const DONE = Object.freeze({ statusCode: 200 });

export class LiveGraphic extends HTMLElement {
  /** The graphic's name, which is also that of its stylesheet. */
  static graphic = "";
  /** The kinds of messages that it needs. */
  static kinds = [];

  #given = new Map();
  #values = null;
  #known = NOTHING;
  #fresh = NEVER_HEARD;
  #feed = null;
  #air = null;
  #isPlaying = false;
  #isDrawDue = false;
  #ticking = null;
  #sizing = null;

  /** Give the view of what is known, null for nothing to show; `at` has `values` and `now`. */
  view(_known, _at) {
    return null;
  }

  /** Draw a view on the stage. */
  draw(_view) {}

  /** Note a message; called before it is known, `isOld` for what was missed and is told late. */
  note(_kind, _message, _at) {}

  /** Start anew: another race is asked for, or everything that is known has become too old. */
  forget() {}

  /** Put onto the stage what stays there. */
  build(_stage) {}

  /** Go on to what comes next. */
  next() {}

  /** Load, as OGraf has it: `data` are the settings, by name. Nothing is seen before `playAction`. */
  async load({ data = {}, renderType = "realtime" } = {}) {
    if (renderType !== "realtime") return refusal("renderType: a live graphic can only be rendered in real time");
    const refused = this.#take(data);
    if (refused !== null) return refused;
    await this.#furnish();
    this.#apply();
    this.#connect();
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS);
    return DONE;
  }

  /** Leave nothing running and nothing on the screen. */
  async dispose() {
    this.#feed?.close();
    clearInterval(this.#ticking);
    this.#sizing?.disconnect();
    this.#feed = this.#ticking = this.#sizing = this.#air = null;
    this.#isPlaying = false;
    this.shadowRoot?.replaceChildren();
    return DONE;
  }

  /** Change some settings; an empty one falls back to what holds by itself. Of several calls the last wins. */
  async updateAction({ data = {}, skipAnimation = false } = {}) {
    const before = this.#values;
    const refused = this.#take(data);
    if (refused !== null) return refused;
    if (this.#air === null) return DONE;
    this.#apply();
    if (["race", "delay", "token"].some((name) => before[name] !== this.#values[name])) this.#connect();
    return this.#moved(skipAnimation, () => this.#draw());
  }

  /** Go on air with whatever there is to show, now or later; there is one step. */
  async playAction({ delta = 1, goto, skipAnimation = false } = {}) {
    if (this.#air === null) return refusal("play: the graphic is not loaded");
    const step = Number.isInteger(goto) ? goto : (this.#isPlaying ? 0 : -1) + delta;
    if (step >= 1 || step < 0) {
      await this.stopAction({ skipAnimation });
      return { ...DONE, currentStep: undefined };
    }
    this.#isPlaying = true;
    await this.#moved(skipAnimation, () => this.#draw());
    return { ...DONE, currentStep: 0 };
  }

  /** Go off air. */
  async stopAction({ skipAnimation = false } = {}) {
    this.#isPlaying = false;
    return this.#air === null ? DONE : this.#moved(skipAnimation, () => this.#draw());
  }

  /** Do what the manifest lists: `next`. */
  async customAction({ id, skipAnimation = false } = {}) {
    if (id !== "next") return refusal(`id: there is no action ${JSON.stringify(id)}, only "next"`);
    if (this.#air === null) return refusal("next: the graphic is not loaded");
    this.next();
    return this.#moved(skipAnimation, () => this.#draw());
  }

  /** Say whether the settings ask to wait for a play command. */
  get waitsForPlay() {
    return waitsForPlay(this.#values);
  }

  #take(data) {
    const given = new Map([...this.#given, ...Object.entries(data)]);
    const told = read(given, this.constructor.graphic);
    if (told.refused.length > 0) return refusal(told.refused.join("; "));
    this.#given = given;
    this.#values = told.values;
    const had = [...this.style].filter((property) => property.startsWith("--sl-"));
    for (const name of had) this.style.removeProperty(name);
    for (const [name, value] of Object.entries(told.looks)) this.style.setProperty(name, value);
    return null;
  }

  async #furnish() {
    if (this.#air !== null) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const sheets = ["graphic.css", `${this.constructor.graphic}.css`].map(stylesheet);
    this.stage = make("div", "stage", { air: "out" });
    root.replaceChildren(...sheets, this.stage);
    this.build(this.stage);
    await Promise.all(sheets.map(loaded));
    this.#sizing = new ResizeObserver(() => this.#size());
    this.#sizing.observe(this);
    this.#size();
    this.#air = onAir(this.stage, (view) => this.#drawn(view));
  }

  #size() {
    const factor = Math.min(this.clientWidth / FRAME.width, this.clientHeight / FRAME.height);
    if (factor <= 0) return;
    this.stage.style.width = `${this.clientWidth / factor}px`;
    this.stage.style.height = `${this.clientHeight / factor}px`;
    this.stage.style.transform = `scale(${factor})`;
    fitAll(this.stage);
  }

  #apply() {
    const { theme, motion, side, lang } = this.#values;
    Object.assign(this.dataset, { theme, motion, side });
    this.lang = lang;
    requestAnimationFrame(() => fitAll(this.stage));
  }

  #connect() {
    const { race, delay, token } = this.#values;
    this.#feed?.close();
    this.#known = NOTHING;
    this.forget();
    const wanted = { races: race === null ? [] : [race], kinds: this.constructor.kinds, delay, token, base: GATEWAY };
    this.#feed = openFeed(
      wanted,
      (kind, data) => this.#heard(kind, data),
      (state) => this.#felt(state),
    );
    this.#felt(this.#feed.state());
  }

  #heard(kind, data) {
    const now = Date.now();
    const isOld = !this.#isPlaying || isCatchingUp(this.#fresh, this.#values.blank, now);
    this.note(kind, data, { values: this.#values, isOld });
    this.#known = heard(this.#known, kind, data, now);
    this.#drawSoon();
  }

  #felt(state) {
    const { connected, stale } = state;
    this.#fresh = freshness(this.#fresh, state, Date.now());
    this.dataset.feed = !connected ? "away" : stale ? "stale" : "live";
    this.#drawSoon();
  }

  #tick() {
    if (isTooOld(this.#fresh, this.#values.blank, Date.now())) this.forget();
    this.#draw();
  }

  #drawSoon() {
    if (this.#isDrawDue) return;
    this.#isDrawDue = true;
    const draw = () => this.#isDrawDue && this.#draw();
    requestAnimationFrame(draw);
    setTimeout(draw, LATEST_DRAW_MS);
  }

  #draw() {
    this.#isDrawDue = false;
    if (this.#air === null) return Promise.resolve();
    const now = Date.now();
    const isBlank = isTooOld(this.#fresh, this.#values.blank, now);
    const view = isBlank ? null : this.view(this.#known, { values: this.#values, now });
    const isShown = this.#isPlaying && view !== null;
    this.dataset.onAir = String(isShown);
    return isShown ? this.#air.show(view) : this.#air.hide();
  }

  #drawn(view) {
    this.draw(view);
    this.dataset.race = view.raceId;
    this.dataset.version = String(view.version);
    this.dispatchEvent(new CustomEvent("drawn", { detail: { race: view.raceId, version: view.version } }));
  }

  async #moved(isStill, act) {
    if (isStill) this.dataset.still = "";
    await act();
    if (isStill) delete this.dataset.still;
    return DONE;
  }
}

function refusal(statusMessage) {
  return { statusCode: 400, statusMessage };
}

function stylesheet(name) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL(name, import.meta.url).href;
  return link;
}

function loaded(link) {
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", () => reject(new Error(`${link.href} cannot be loaded`)), { once: true });
  });
}
