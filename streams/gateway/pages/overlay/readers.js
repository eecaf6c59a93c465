/**
 * Readers of single settings: each takes a text that is not empty and gives its value, or undefined for a text
 * that cannot be one. None of them lets through what could be anything but that value in CSS or an address.
 */

const RECORD_KINDS = ["WR", "OR", "WRJ", "NR", "NRJ", "TR", "TRJ", "PB", "SB", "OPENING"];
const COLOUR_NAMES = ["transparent", "black", "white"];
const HEX = /^#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i;
const NUMBER = String.raw`\d{1,3}(?:\.\d{1,3})?`;
const ALPHA = String.raw`(?:\d?\.\d{1,4}|${NUMBER}%?)`;
const COLOUR_FUNCTION = new RegExp(
  String.raw`^(?:rgb|hsl)a?\(\s*${NUMBER}(?:deg)?(?:[\s,]+${NUMBER}%?){2}(?:[\s,/]+${ALPHA})?\s*\)$`,
  "i",
);

/** Read a whole number from `least` to `most`. */
export function whole(least, most) {
  return (text) => within(/^-?\d{1,6}$/, text, least, most);
}

/** Read seconds from `least` to `most`, with up to three decimals. */
export function seconds(least, most) {
  return (text) => within(/^\d{1,6}(?:\.\d{1,3})?$/, text, least, most);
}

/** Read a factor from `least` to `most`; a text, for CSS. */
export function share(least, most) {
  return (text) => asText(within(/^\d{1,2}(?:\.\d{1,4})?$/, text, least, most), "");
}

/** Read a number from `least` to `most` with or without its `unit`; a text with the unit, for CSS. */
export function length(least, most, unit) {
  const spelled = new RegExp(`^-?\\d{1,5}(?:\\.\\d{1,3})?(?:${unit})?$`);
  return (text) => asText(within(spelled, text, least, most), unit);
}

/** Read one of some words, in any case. */
export function oneOf(words) {
  return (text) => words.find((word) => word === text.toLowerCase());
}

/** Read yes or no: 1 or 0, also as true and false, yes and no, on and off. */
export function flag(text) {
  const written = text.toLowerCase();
  if (["1", "true", "yes", "on"].includes(written)) return true;
  return ["0", "false", "no", "off"].includes(written) ? false : undefined;
}

/** Read a race: `competition/discipline/division`, and `/run` where one weekend has several. */
export function raceId(text) {
  return text.length <= 450 && /^[^/\s]+\/[A-Z0-9]+\/[AB-](?:\/[^/\s]+)?$/.test(text) ? text : undefined;
}

/** Read record kinds, parted by commas: `WR,OR,NR`. */
export function recordKinds(text) {
  const kinds = text.toUpperCase().split(/[\s,]+/).filter((kind) => kind !== "");
  return kinds.length > 0 && kinds.every((kind) => RECORD_KINDS.includes(kind)) ? Object.freeze(kinds) : undefined;
}

/** Read a colour: `#rgb`, `#rrggbb`, either with alpha, `rgb()`, `hsl()`, or transparent, black, white. */
export function colour(text) {
  const written = text.toLowerCase();
  return HEX.test(text) || COLOUR_FUNCTION.test(text) || COLOUR_NAMES.includes(written) ? written : undefined;
}

/** Read one or more font families, parted by commas. */
export function font(text) {
  const families = text.split(",").map((family) => family.trim().replaceAll(/^["']|["']$/g, ""));
  const sound = families.every((family) => /^[\p{L}\d][\p{L}\d _.-]{0,63}$/u.test(family));
  return sound ? families.map((family) => (isGeneric(family) ? family : `"${family}"`)).join(", ") : undefined;
}

/** Read a token as it goes into an address: visible ASCII. */
export function token(text) {
  return /^[\x21-\x7e]{1,512}$/.test(text) ? text : undefined;
}

function isGeneric(family) {
  return ["serif", "sans-serif", "monospace", "system-ui"].includes(family);
}

function within(spelled, text, least, most) {
  if (!spelled.test(text)) return undefined;
  const number = Number.parseFloat(text);
  return number >= least && number <= most ? number : undefined;
}

function asText(number, unit) {
  return number === undefined ? undefined : `${number}${unit}`;
}
