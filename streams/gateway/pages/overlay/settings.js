/**
 * What an overlay can be told: by the query of its page, by a playout system's update, or as OGraf data.
 *
 * Whatever comes is text from outside. Each setting has a reader that gives its value or refuses it; what is
 * refused changes nothing. Looks are custom properties: `accent=#ff6600` becomes `--sl-accent`.
 */

import { LANGUAGES } from "../js/language.js";
import { colour, flag, font, length, oneOf, raceId, recordKinds, seconds, share, token, whole } from "./readers.js";

export const THEMES = Object.freeze(["night", "ice", "plain"]);

/** name → {initial, read}: `initial` holds where nothing, or an empty text, is given. */
export const SETTINGS = Object.freeze({
  race: { initial: null, read: raceId },
  lines: { initial: 10, read: whole(1, 30) },
  page: { initial: 1, read: whole(1, 50) },
  rotate: { initial: 0, read: seconds(0, 120) },
  hold: { initial: { standings: 0, pair: 12, record: 8 }, read: seconds(1, 120) },
  kinds: { initial: Object.freeze(["WR", "OR", "NR", "TR"]), read: recordKinds },
  lang: { initial: "en", read: oneOf(LANGUAGES) },
  delay: { initial: 0, read: seconds(0, 300) },
  token: { initial: "", read: token },
  theme: { initial: "night", read: oneOf(THEMES) },
  motion: { initial: "full", read: oneOf(["full", "none"]) },
  side: { initial: "left", read: oneOf(["left", "right"]) },
  blank: { initial: 30, read: seconds(0, 3600) },
  checks: { initial: false, read: flag },
  caspar: { initial: false, read: flag },
  autoplay: { initial: true, read: flag },
});

/** name → reader: each becomes the custom property `--sl-NAME`. */
export const LOOKS = Object.freeze({
  accent: colour,
  "accent-ink": colour,
  ink: colour,
  muted: colour,
  paper: colour,
  head: colour,
  "head-ink": colour,
  rule: colour,
  ahead: colour,
  behind: colour,
  record: colour,
  "record-ink": colour,
  inner: colour,
  outer: colour,
  inner2: colour,
  outer2: colour,
  font,
  "font-size": length(16, 48, "px"),
  radius: length(0, 40, "px"),
  width: length(300, 1920, "px"),
  x: length(-1920, 1920, "px"),
  y: length(-1080, 1080, "px"),
  scale: share(0.4, 2),
  safe: length(0, 20, "%"),
  in: length(0, 5000, "ms"),
  out: length(0, 5000, "ms"),
  move: length(0, 5000, "ms"),
});

/**
 * Read what was given.
 *
 * @param {Iterable<[string, unknown]>} given names and values, of which the last of a name holds.
 * @param {"standings"|"pair"|"record"} graphic whose defaults hold.
 * @returns {{values: object, looks: object, refused: string[], unknown: string[]}} `values` has every setting,
 *   `looks` the custom properties that were given, `refused` a sentence for each value that cannot be, and
 *   `unknown` the names that no overlay has.
 */
export function read(given, graphic) {
  const texts = new Map();
  for (const [name, value] of given) texts.set(name, String(value ?? "").trim());
  const values = initial(graphic);
  const looks = {};
  const refused = [];
  const unknown = [];
  for (const [name, text] of texts) {
    const isSetting = Object.hasOwn(SETTINGS, name);
    if (!isSetting && !Object.hasOwn(LOOKS, name)) unknown.push(name);
    else if (text !== "") {
      const value = isSetting ? SETTINGS[name].read(text) : LOOKS[name](text);
      if (value === undefined) refused.push(`${name}: cannot be ${JSON.stringify(text)}`);
      else if (isSetting) values[name] = value;
      else looks[`--sl-${name}`] = value;
    }
  }
  return { values: Object.freeze(values), looks: Object.freeze(looks), refused, unknown };
}

/** Say whether a graphic with these settings waits for a play command before it is seen. */
export function waitsForPlay(values) {
  return values.caspar || !values.autoplay;
}

function initial(graphic) {
  const values = {};
  for (const [name, setting] of Object.entries(SETTINGS)) values[name] = setting.initial;
  values.hold = SETTINGS.hold.initial[graphic];
  return values;
}
