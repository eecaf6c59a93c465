/**
 * The page around a graphic: a renderer that plays by itself, as OBS needs it, and that CasparCG and SPX can call.
 *
 * They call `play()`, `stop()`, `next()` and `update(text)` as soon as the page is there, so these exist before
 * anything is loaded; what is called meanwhile is done afterwards, in order.
 */

import { fieldsOf } from "./commands.js";
import { read } from "./settings.js";
import { templateDefinition } from "./spx.js";

/**
 * Run the page of a graphic.
 *
 * @param {object} graphic the element.
 */
export function run(graphic) {
  const name = graphic.constructor.graphic;
  const root = document.documentElement;
  const given = sound([...new URLSearchParams(location.search)], name);
  graphic.addEventListener("drawn", ({ detail }) => {
    root.dataset.race = detail.race;
    root.dataset.version = detail.version;
  });
  let done = graphic.load({ data: given }).then(() => graphic.waitsForPlay || graphic.playAction({}));
  // Only what has to be over before the next command: an update before a play. No animation is waited for.
  const then = (act) => {
    done = done.then(() => void act());
  };
  window.play = () => then(() => graphic.playAction({ goto: 0 }));
  window.stop = () => then(() => graphic.stopAction({}));
  window.next = () => then(() => graphic.customAction({ id: "next" }));
  window.update = (text) => {
    const fields = fieldsOf(text);
    if (fields === null) console.warn("update: neither a JSON object nor <templateData>");
    else then(() => graphic.updateAction({ data: sound(Object.entries(fields), name) }));
  };
  window.SPXGCTemplateDefinition = templateDefinition(name);
}

/** Leave out what cannot be, and tell the console: a slip in one setting must not keep the others off air. */
function sound(entries, name) {
  const fields = [];
  for (const [field, value] of entries) {
    const { refused, unknown } = read([[field, value]], name);
    for (const sentence of refused) console.warn(sentence);
    if (unknown.length > 0) console.warn(`${field}: there is no such setting`);
    if (refused.length === 0 && unknown.length === 0) fields.push([field, value]);
  }
  return Object.fromEntries(fields);
}
