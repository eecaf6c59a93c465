/**
 * What playout systems send: the text of an update, as JSON or as CasparCG's `<templateData>`, to fields.
 *
 * SPX numbers its fields; `f0` is the first of `FIELDS`, and the names themselves do as well.
 */

/** The fields of an update in the order in which SPX numbers them. */
export const FIELDS = Object.freeze(["race", "lines", "theme", "lang", "delay", "hold", "kinds", "page", "rotate"]);

const COMPONENT = /<componentData\b([^>]*)>([\s\S]*?)<\/componentData>/g;
const DATA = /<data\b([^>]*)\/?>/g;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * Read the text of an update.
 *
 * @param {unknown} sent a JSON object or `<templateData>` as text, or an object that was read already.
 * @returns {object|null} field names and their values; null for what is neither.
 */
export function fieldsOf(sent) {
  if (typeof sent === "object" && sent !== null && !Array.isArray(sent)) return named(Object.entries(sent));
  if (typeof sent !== "string") return null;
  const text = sent.trim();
  // CasparCG sends an update of nothing with a template that is added without data.
  if (text === "") return {};
  if (text.startsWith("<")) return fromXml(text);
  try {
    const read = JSON.parse(text);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? named(Object.entries(read)) : null;
  } catch {
    return null;
  }
}

function fromXml(text) {
  if (!/<templateData\b/.test(text)) return null;
  const fields = [];
  for (const [, attributes, inside] of text.matchAll(COMPONENT)) {
    const id = attribute(attributes, "id");
    const values = [...inside.matchAll(DATA)].map(([, of]) => [attribute(of, "id"), attribute(of, "value")]);
    // CasparCG's client calls the value "text"; others leave the id out.
    const value = (values.find(([of]) => of === "text") ?? values[0])?.[1];
    if (id !== null && value !== null && value !== undefined) fields.push([id, value]);
  }
  return named(fields);
}

function attribute(written, name) {
  const found = written.match(new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`));
  return found === null ? null : unescaped(found[1] ?? found[2]);
}

function unescaped(text) {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w+));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const point = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

function named(entries) {
  const fields = {};
  for (const [name, value] of entries) {
    const number = name.match(/^f(\d{1,2})$/)?.[1];
    const spelled = number === undefined ? name : FIELDS[Number(number)];
    const isWrapped = typeof value === "object" && value !== null;
    if (spelled !== undefined) fields[spelled] = isWrapped ? (value.text ?? "") : value;
  }
  return fields;
}
