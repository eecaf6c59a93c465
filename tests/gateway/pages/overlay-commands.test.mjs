// What CasparCG and SPX send with an update.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FIELDS, fieldsOf } from "../../../streams/gateway/pages/overlay/commands.js";
import { read } from "../../../streams/gateway/pages/overlay/settings.js";
import { templateDefinition } from "../../../streams/gateway/pages/overlay/spx.js";

const xml = (...components) => `<templateData>${components.join("")}</templateData>`;
const component = (id, value) => `<componentData id="${id}"><data id="text" value="${value}"/></componentData>`;

test("JSON gives its fields", () => {
  assert.deepEqual(fieldsOf('{"race": "oslo/M500/A", "lines": 8}'), { race: "oslo/M500/A", lines: 8 });
});

test("template data gives the same fields as JSON", () => {
  assert.deepEqual(fieldsOf(xml(component("race", "oslo/M500/A"), component("lines", "8"))), { race: "oslo/M500/A", lines: "8" });
});

test("template data may be spread over lines, in single quotes, and with a heading", () => {
  const sent = `<?xml version="1.0"?>\n<templateData>\n  <componentData id='theme'>\n    <data value='ice' id='text'></data>\n  </componentData>\n</templateData>`;
  assert.deepEqual(fieldsOf(sent), { theme: "ice" });
});

test("entities are read, and each only once", () => {
  assert.deepEqual(fieldsOf(xml(component("race", "a&amp;b&#47;&#x4d;500/A&amp;lt;"))), { race: "a&b/M500/A&lt;" });
});

test("of several values the one called text is meant", () => {
  const sent = xml('<componentData id="lines"><data id="note" value="x"/><data id="text" value="5"/></componentData>');
  assert.deepEqual(fieldsOf(sent), { lines: "5" });
});

test("numbered fields are those of the definition, and numbers beyond are passed over", () => {
  assert.deepEqual(fieldsOf('{"f0": "oslo/M500/A", "f2": "plain", "f99": "x"}'), { race: "oslo/M500/A", theme: "plain" });
});

test("an object is taken as it is", () => {
  assert.deepEqual(fieldsOf({ lines: 3 }), { lines: 3 });
  assert.deepEqual(fieldsOf({ lines: { text: "3" } }), { lines: "3" });
});

test("an empty update changes nothing", () => assert.deepEqual(fieldsOf(" "), {}));

for (const sent of ["lines=3", "[1]", "null", "7", "{", "<html></html>", undefined, null, 7]) {
  test(`${JSON.stringify(sent)} is no update`, () => assert.equal(fieldsOf(sent), null));
}

for (const graphic of ["standings", "pair", "record"]) {
  test(`what SPX proposes for ${graphic} is taken`, () => {
    const { DataFields } = templateDefinition(graphic);
    const proposed = JSON.stringify(Object.fromEntries(DataFields.map(({ field, value }) => [field, value])));
    const told = read(Object.entries(fieldsOf(proposed)), graphic);
    assert.deepEqual([told.refused, told.unknown], [[], []]);
    assert.deepEqual(told.values, read([], graphic).values);
    assert.deepEqual(DataFields.map(({ field }) => field), FIELDS.map((_, number) => `f${number}`));
  });
}
