/**
 * Changing only what changed: rows that are kept by key, texts that are set only where they differ, rows that glide.
 * Whatever comes from a message goes through `textContent`.
 */

const GLIDE_MS = 450;
/** So far outside the window, in pixels, a row still counts as seen. */
const ROOM = 100;
const CALM = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** Give the element with an id that the page is known to have. */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * Make an element.
 *
 * @param {string} tag its name; @param {object} attributes set as they are, `class` among them; null ones are not.
 * @param {...(Node|string)} children text is set as text.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(made, name, value);
  made.append(...children);
  return made;
}

/** Set a text where it differs, so that a selection in it and a screen reader on it survive. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Set an attribute where it differs; null or false removes it, true sets it empty. */
export function setAttribute(node, name, value) {
  if (value === null || value === undefined || value === false) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (node.getAttribute(name) !== text) node.setAttribute(name, text);
}

/** Show or hide an element. */
export function show(node, shown) {
  if (node.hidden === shown) node.hidden = !shown;
}

const KEYS = new WeakMap();

/**
 * Make the children of `parent` those of `items`, keeping the element of each key and moving as few as it can.
 *
 * @param {Element} parent whose children all are made here.
 * @param {Array} items what is to be there, in order.
 * @param {(item) => string} keyOf what tells items apart.
 * @param {(item) => Element} make makes an element for a new key.
 * @param {(element: Element, item) => void} update brings an element up to date.
 * @returns {boolean} whether an element that stayed has another place.
 */
export function keyed(parent, items, keyOf, make, update) {
  const had = new Map([...parent.children].map((child) => [KEYS.get(child), child]));
  const wanted = items.map((item) => {
    const key = keyOf(item);
    const child = had.get(key) ?? make(item);
    KEYS.set(child, key);
    had.delete(key);
    update(child, item);
    return child;
  });
  for (const gone of had.values()) gone.remove();
  return ordered(parent, wanted);
}

function ordered(parent, wanted) {
  let moved = false;
  let at = parent.firstElementChild;
  for (const child of wanted) {
    if (child === at) {
      at = at.nextElementSibling;
      continue;
    }
    moved ||= child.parentNode === parent;
    if (at !== null && at.nextElementSibling === child) {
      // The one in between goes back to its place later; the others stay untouched.
      parent.append(at);
      at = child.nextElementSibling;
    } else {
      parent.insertBefore(child, at);
    }
  }
  return moved;
}

/**
 * Do what moves elements about, and let each glide from where it was to where it is.
 *
 * @param {() => Element[]} elements gives those that may move, before and after.
 * @param {() => boolean} change moves them, and says whether it did.
 */
export function gliding(elements, change) {
  if (CALM?.matches || document.visibilityState === "hidden") {
    change();
    return;
  }
  const before = new Map(elements().map((one) => [one, one.offsetTop]));
  if (!change()) return;
  // All places are read before anything is set in motion, or each reading would lay the page out anew.
  const moves = elements().map((one) => ({ one, from: before.get(one), to: one.offsetTop }));
  const origin = moves[0]?.one.getBoundingClientRect().top - moves[0]?.to;
  const isSeen = (place) => place + origin > -ROOM && place + origin < globalThis.innerHeight + ROOM;
  for (const { one, from, to } of moves) {
    if (from === undefined || from === to || !(isSeen(from) || isSeen(to))) continue;
    // What comes from far outside the window glides only the last stretch.
    const way = Math.max(Math.min(from - to, globalThis.innerHeight), -globalThis.innerHeight);
    const frames = [{ transform: `translateY(${way}px)` }, { transform: "none" }];
    one.animate(frames, { duration: GLIDE_MS, easing: "cubic-bezier(.2,.7,.2,1)" });
  }
}

/** Give a function that calls `draw` only where `keys` are not the very same things as the last time. */
export function onChange() {
  let last = null;
  return (keys, draw) => {
    if (last !== null && last.every((one, index) => Object.is(one, keys[index]))) return;
    last = keys;
    draw();
  };
}
