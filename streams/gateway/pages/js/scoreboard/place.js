/**
 * Where in the page the reader is, as its address tells: a race, a ranking, or a race on a wall.
 */

const VIEWS = new Set(["rankings", "wall"]);

/**
 * Read a place from a query string: `{race, view, ranking, competitor}`, null where none was chosen; `view` is "race",
 * "rankings", or "wall" for a race on a screen that nobody touches.
 */
export function placeOf(search) {
  const query = new URLSearchParams(search);
  const view = VIEWS.has(query.get("view")) ? query.get("view") : "race";
  return { race: query.get("race"), view, ranking: query.get("ranking"), competitor: query.get("competitor") };
}

/**
 * Give the page's query string with some values changed and all others (language, theme, delay) as they are.
 *
 * @param {object} changes name → new value; null takes it out.
 */
export function searchWith(changes, search = globalThis.location.search) {
  const query = new URLSearchParams(search);
  query.delete("token");
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  // Slashes are allowed in a query, and a race's name is read more easily with them.
  return `?${query.toString().replaceAll("%2F", "/")}`;
}
