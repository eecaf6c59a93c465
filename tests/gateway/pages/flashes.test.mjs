// What is worth a flash.
import assert from "node:assert/strict";
import { test } from "node:test";
import { flashesIn, podiumsIn } from "../../../streams/gateway/pages/js/flashes.js";
import { NOTHING, heard } from "../../../streams/gateway/pages/js/known.js";
import { RACE_ID, recordSet, revoked, snapshot } from "./messages.mjs";

const hear = (...messages) =>
  messages.reduce((known, message) => heard(known, "records", message, 0), NOTHING);
const shown = (known, told = 0) => flashesIn(known, told).map(({ type, kinds }) => [type, kinds]);

test("records of one finish are one flash, the highest kind first", () => {
  assert.deepEqual(
    shown(hear(recordSet("TR", "a", 33500), recordSet("WR", "a", 33500), recordSet("PB", "a", 33500))),
    [["record.set", ["WR", "TR"]]],
  );
});

test("personal bests and near misses do not flash", () => {
  assert.deepEqual(
    shown(hear(recordSet("PB", "a", 33500), recordSet("WR", "a", 33500, { type: "record.missed" }))),
    [],
  );
});

test("a record that is sent again, official or timed anew, flashes no second time", () => {
  const known = hear(
    recordSet("NR", "a", 33500),
    recordSet("NR", "a", 33490, { version: 2 }),
    recordSet("NR", "a", 33490, { version: 3, status: "official" }),
  );
  assert.deepEqual(shown(known), [["record.set", ["NR"]]]);
});

test("a record taken back flashes, and one that was flashes no more once told", () => {
  const known = hear(recordSet("WR", "a", 33500), revoked("WR", "a", 33500));
  assert.deepEqual(
    shown(known).map(([type]) => type),
    ["record.set", "record.revoked"],
  );
  assert.deepEqual(shown(known, known.news[0].number), []);
});

test("what a snapshot brings is no news", () => {
  assert.deepEqual(
    shown(heard(NOTHING, "snapshot", snapshot({ records: [recordSet("WR", "a", 33500)] }), 0)),
    [],
  );
});

test("podium changes are told in the order they came", () => {
  const changed = (version) => ({
    type: "podium.changed",
    race_id: RACE_ID,
    version,
    changes: [],
    podium: [],
    cause: "finish",
  });
  const known = [1, 2].reduce((all, version) => heard(all, "podium", changed(version), 0), NOTHING);
  assert.deepEqual(
    podiumsIn(known, 0).map((message) => message.version),
    [1, 2],
  );
});
