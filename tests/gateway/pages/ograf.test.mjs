// The manifests keep the rules of the OGraf v1 specification, and what they offer is what the graphics take.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { SETTINGS, LOOKS, read } from "../../../streams/gateway/pages/overlay/settings.js";

const FOLDER = new URL("../../../streams/gateway/pages/ograf/", import.meta.url);
const FIELDS = ["$schema", "id", "version", "name", "description", "author", "main", "customActions", "supportsRealTime",
  "supportsNonRealTime", "schema", "stepCount", "renderRequirements"];
const REQUIRED = ["$schema", "id", "name", "main", "supportsRealTime", "supportsNonRealTime"];
const GRAPHICS = ["pair", "record", "standings"];
const manifest = (name) => JSON.parse(readFileSync(new URL(`${name}.ograf.json`, FOLDER), "utf8"));

test("there is a manifest for each graphic", () => {
  assert.deepEqual(readdirSync(FOLDER).filter((name) => name.endsWith(".ograf.json")), GRAPHICS.map((name) => `${name}.ograf.json`));
  assert.equal(new Set(GRAPHICS.map((name) => manifest(name).id)).size, GRAPHICS.length);
});

for (const name of GRAPHICS) {
  test(`${name}: the manifest has what it must have, and nothing it may not`, () => {
    const told = manifest(name);
    assert.deepEqual(REQUIRED.filter((field) => !(field in told)), []);
    assert.deepEqual(Object.keys(told).filter((field) => !FIELDS.includes(field) && !field.startsWith("v_")), []);
    assert.equal(told.$schema, "https://ograf.ebu.io/v1/specification/json-schemas/graphics/schema.json");
    assert.deepEqual([told.supportsRealTime, told.supportsNonRealTime, told.stepCount], [true, false, 1]);
    for (const field of ["id", "name", "main", "description", "version"]) assert.equal(typeof told[field], "string");
    assert.equal(typeof told.author.name, "string");
  });

  test(`${name}: main is there, and so is what it needs`, () => {
    const main = readFileSync(new URL(manifest(name).main, FOLDER), "utf8");
    assert.match(main, new RegExp(`graphicOf\\("${name}"\\)`));
    assert.ok(existsSync(new URL("graphic.js", FOLDER)));
    assert.ok(existsSync(new URL(`../overlay/${name}.js`, FOLDER)));
  });

  test(`${name}: actions have an id and a name, and a schema or null`, () => {
    for (const action of manifest(name).customActions) {
      assert.deepEqual(Object.keys(action).filter((field) => !["id", "name", "description", "schema"].includes(field)), []);
      assert.equal(typeof action.id, "string");
      assert.equal(typeof action.name, "string");
      assert.equal(action.schema, null);
    }
  });

  test(`${name}: every requirement is one of the known, with constraints on numbers`, () => {
    for (const { resolution, frameRate, ...others } of manifest(name).renderRequirements) {
      assert.deepEqual(others, {});
      for (const constraint of [resolution.width, resolution.height, frameRate]) {
        for (const [bound, value] of Object.entries(constraint)) {
          assert.ok(["min", "max", "exact", "ideal"].includes(bound));
          assert.equal(typeof value, "number");
        }
      }
    }
  });

  test(`${name}: what it offers is what the graphic takes, also with nothing changed`, () => {
    const { type, properties } = manifest(name).schema;
    assert.equal(type, "object");
    const { gateway, ...ours } = properties;
    assert.equal(gateway.type, "string");
    assert.deepEqual(Object.keys(ours).filter((field) => !(field in SETTINGS) && !(field in LOOKS)), []);
    const told = read(Object.entries(ours).map(([field, { default: proposed }]) => [field, proposed]), name);
    assert.deepEqual([told.refused, told.unknown], [[], []]);
    assert.deepEqual(told.values, read([], name).values);
    assert.deepEqual(told.looks, {});
  });

  test(`${name}: the form can be drawn`, () => {
    const fields = Object.values(manifest(name).schema.properties);
    assert.deepEqual(fields.map(({ order }) => order), fields.map((_, number) => number + 1));
    for (const field of fields) {
      const types = { string: "string", number: "number", integer: "number", boolean: "boolean" };
      assert.equal(typeof field.default, types[field.type]);
      assert.equal(typeof field.title, "string");
      if (field.gddType === "select") assert.deepEqual(Object.keys(field.gddOptions.labels), field.enum);
      if ("minimum" in field) assert.ok(field.minimum <= field.default && field.default <= field.maximum);
    }
  });

  test(`${name}: the limits of the form are those of the graphic`, () => {
    for (const [field, { minimum, maximum, enum: values }] of Object.entries(manifest(name).schema.properties)) {
      for (const value of values ?? [minimum, maximum].filter((bound) => bound !== undefined)) {
        assert.deepEqual(read([[field, value]], name).refused, [], `${field} ${value}`);
      }
      if (maximum !== undefined) assert.equal(read([[field, maximum + 1]], name).refused.length, 1, field);
    }
  });
}
