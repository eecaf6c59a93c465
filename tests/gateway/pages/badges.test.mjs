// Record badges, joined from the record messages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TAKEN_BACK_MS, badgesOf } from "../../../streams/gateway/pages/js/badges.js";
import { NOTHING, heard } from "../../../streams/gateway/pages/js/known.js";
import { RACE_ID, recordSet, revoked, snapshot } from "./messages.mjs";

const hear = (...events) =>
  events.reduce((known, [kind, data, now = 0]) => heard(known, kind, data, now), NOTHING);
const kinds = (known, now = 0) => (badgesOf(known, RACE_ID, now).get("a") ?? []).map((badge) => badge.kind);

test("the highest kind comes first, whatever came first", () => {
  const known = hear(["records", recordSet("TR", "a", 34500)], ["records", recordSet("OR", "a", 34500)]);
  assert.deepEqual(kinds(known), ["OR", "TR"]);
});

test("what a higher record says already is left out", () => {
  const all = ["NR", "PB", "SB"].map((kind) => ["records", recordSet(kind, "a", 34500)]);
  assert.deepEqual(kinds(hear(...all)), ["NR"]);
  assert.deepEqual(kinds(hear(...all.slice(1))), ["PB"]);
});

test("records of other races and near misses are no badges", () => {
  const known = hear(
    ["records", recordSet("TR", "a", 34500, { race_id: "oslo/M500/B" })],
    ["records", recordSet("WR", "a", 34500, { type: "record.missed" })],
  );
  assert.deepEqual(kinds(known), []);
});

test("an equalled record is told apart", () => {
  const known = hear(["records", recordSet("TR", "a", 34500, { type: "record.equalled" })]);
  assert.equal(badgesOf(known, RACE_ID, 0).get("a")[0].equalled, true);
});

test("a record taken back stays to be seen for a while, one taken back before the page came does not", () => {
  const live = hear(["records", recordSet("WR", "a", 33500)], ["records", revoked("WR", "a", 33500), 5]);
  assert.equal(badgesOf(live, RACE_ID, 6).get("a")[0].takenBack, true);
  assert.deepEqual(kinds(live, 5 + TAKEN_BACK_MS), []);
  assert.deepEqual(kinds(hear(["snapshot", snapshot({ records: [revoked("WR", "a", 33500)] })])), []);
});
