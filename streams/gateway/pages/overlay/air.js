/**
 * Bringing a graphic on air and off again: `out`, `in` (on its way in), `on`, `leaving`.
 *
 * What is on air is drawn again as often as it changes; what has another key (another race, another pair, another
 * record) has to wait until the old one has left.
 */

import { durationOf } from "./drawing.js";

/**
 * Take charge of a stage.
 *
 * @param {HTMLElement} stage gets `data-air`, by which the stylesheet moves it, in `--in` and out `--out`.
 * @param {(view: object) => void} draw draws a view on the stage.
 * @returns {{show: (view: object) => Promise<void>, hide: () => Promise<void>, state: () => string}} `show` and
 *   `hide` may come at any moment, the last one holds; what they give resolves when the stage has come to rest.
 */
export function onAir(stage, draw) {
  let state = "out";
  let drawn = null;
  let next = null;
  let timer = null;
  let resting = [];

  function become(name) {
    state = name;
    stage.dataset.air = name;
  }

  function rest() {
    const waiting = resting;
    resting = [];
    for (const resolve of waiting) resolve();
  }

  function after(property, act) {
    clearTimeout(timer);
    const ms = durationOf(stage, property);
    if (ms > 0) timer = setTimeout(act, ms);
    else act();
  }

  function enter(view) {
    next = null;
    drawn = view;
    // Drawn while it can be measured and not yet be seen.
    become("in");
    draw(view);
    after("--in", () => {
      become("on");
      rest();
    });
  }

  function leave() {
    if (state === "leaving") return;
    become("leaving");
    after("--out", () => {
      drawn = null;
      become("out");
      if (next === null) rest();
      else enter(next);
    });
  }

  function atRest() {
    if (state === "on" && next === null) return Promise.resolve();
    if (state === "out" && next === null) return Promise.resolve();
    return new Promise((resolve) => resting.push(resolve));
  }

  return {
    show(view) {
      if (state === "out") enter(view);
      else if (state !== "leaving" && drawn.key === view.key) {
        drawn = view;
        draw(view);
      } else {
        next = view;
        leave();
      }
      return atRest();
    },
    hide() {
      next = null;
      if (state !== "out") leave();
      return atRest();
    },
    state: () => state,
  };
}
