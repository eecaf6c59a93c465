/** The few things that drawing needs: elements, text that is only written when it changes, and text that fits. */

/** How far a text may be condensed before it is cut off with an ellipsis. */
const NARROWEST = 0.72;

/** Make an element with a class, data attributes and children. */
export function make(tag, className, data = {}, children = []) {
  const element = document.createElement(tag);
  element.className = className;
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

/** Make a box whose text `write` keeps inside it. */
export function fitting(className, data = {}) {
  return make("div", `${className} fitting`, data, [make("span", "fitted")]);
}

/** Write a text, where it is another one. Returns whether it was. */
export function write(element, text) {
  const inside = element.firstElementChild;
  const target = inside?.className === "fitted" ? inside : element;
  if (target.textContent === text) return false;
  target.textContent = text;
  if (target !== element) fit(element);
  return true;
}

/** Set a flag that the stylesheet looks at: `data-NAME`, there or not. */
export function mark(element, name, isSet) {
  if (isSet) element.dataset[name] = "";
  else delete element.dataset[name];
}

/** Condense a text to its box, and cut it off where that is not enough. */
export function fit(box) {
  const text = box.firstElementChild;
  text.style.maxWidth = "none";
  if (box.clientWidth === 0) return;
  // Room for letters that reach over their own edge, taken back by a margin.
  const overhang = 2 * Number.parseFloat(getComputedStyle(text).paddingLeft);
  const [has, needs] = [box.clientWidth + overhang, text.offsetWidth];
  // Widths are rounded; a text that misses by less than that fits.
  const factor = needs - has <= 1 ? 1 : Math.max(NARROWEST, has / needs);
  text.style.transform = factor < 1 ? `scaleX(${factor})` : "none";
  if (needs * factor - has > 1) text.style.maxWidth = `${has / factor}px`;
}

/** Fit every text below an element anew, after its boxes have other sizes. */
export function fitAll(root) {
  for (const box of root.querySelectorAll(".fitting")) fit(box);
}

/** Read a duration of the stylesheet in milliseconds; 0 for what is none. */
export function durationOf(element, property) {
  const written = getComputedStyle(element).getPropertyValue(property).trim();
  const number = Number.parseFloat(written);
  if (!Number.isFinite(number)) return 0;
  return written.endsWith("ms") ? number : number * 1000;
}
