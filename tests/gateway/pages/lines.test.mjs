// The lines of a standings table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SHOWN_MS } from "../../../streams/gateway/pages/js/corrections.js";
import { NOTHING, heard } from "../../../streams/gateway/pages/js/known.js";
import { FRESH_MS, fadesAt, lapsOf, linesOf, splitColumns } from "../../../streams/gateway/pages/js/lines.js";
import { RACE_ID, entry, race, recordSet, standings } from "./messages.mjs";

const hear = (...events) =>
  events.reduce((known, [kind, data, now = 0]) => heard(known, kind, data, now), NOTHING);

test("a race nothing is known of has no lines", () => {
  assert.deepEqual(linesOf(NOTHING, RACE_ID, 0), []);
});

test("a corrected line shows the old time and how far it moved, for a while", () => {
  const known = hear(
    ["standings", standings(1, [entry("a", 1, 34500), entry("b", 2, 34600), entry("c", 3, 34700)])],
    ["standings", standings(2, [entry("c", 1, 34400), entry("a", 2, 34500), entry("b", 3, 34600)]), 10],
  );
  const [first, second] = linesOf(known, RACE_ID, 11);
  assert.deepEqual([first.was.time, first.moved, first.movedFrom], ["34.70", 2, 3]);
  assert.deepEqual([second.was, second.moved], [null, -1]);
  const later = linesOf(known, RACE_ID, 10 + SHOWN_MS);
  assert.deepEqual([later[0].was, later[0].moved], [null, 0]);
});

test("places are those that corrections moved, not those that other finishes did", () => {
  const known = hear(
    ["standings", standings(1, [entry("a", 1, 34500), entry("b", 2, 34600), entry("c", null, null)])],
    ["standings", standings(2, [entry("b", 1, 34400), entry("a", 2, 34500), entry("c", null, null)]), 10],
    ["standings", standings(3, [entry("c", 1, 34300), entry("b", 2, 34400), entry("a", 3, 34500)]), 20],
  );
  const moved = new Map(linesOf(known, RACE_ID, 21).map((line) => [line.id, line.moved]));
  assert.deepEqual([...moved], [["c", 0], ["b", 1], ["a", -1]]);
});

test("two corrections on end are told together", () => {
  const known = hear(
    ["standings", standings(1, [entry("a", 1, 34500), entry("b", 2, 34600)])],
    ["standings", standings(2, [entry("b", 1, 34550), entry("a", 2, 34560)]), 10],
    ["standings", standings(3, [entry("b", 1, 34540), entry("a", 2, 34560)]), 20],
  );
  const [first, second] = linesOf(known, RACE_ID, 21);
  assert.deepEqual([first.was.time, first.moved], ["34.55", 1]);
  assert.deepEqual([second.was.time, second.moved], ["34.50", -1]);
});

test("a new result is fresh for a moment", () => {
  const known = hear(
    ["standings", standings(1, [entry("a", null, null)])],
    ["standings", standings(2, [entry("a", 1, 34500)]), 100],
  );
  assert.equal(linesOf(known, RACE_ID, 101)[0].fresh, true);
  assert.equal(linesOf(known, RACE_ID, 100 + FRESH_MS)[0].fresh, false);
  assert.equal(fadesAt(known, RACE_ID), 100 + FRESH_MS);
});

test("who is on the ice is told, but not who has finished there", () => {
  const entries = [
    entry("a", 1, 34500, { pair: 2 }),
    entry("b", null, null, { pair: 2 }),
    entry("c", null, null, { pair: 3 }),
  ];
  const known = hear(["standings", standings(1, entries, { on_ice: [2] })]);
  assert.deepEqual(
    linesOf(known, RACE_ID, 0).map((line) => line.onIce),
    [false, true, false],
  );
});

test("records are joined to the line", () => {
  const known = hear(
    ["standings", standings(1, [entry("a", 1, 34500)])],
    ["records", recordSet("TR", "a", 34500)],
  );
  assert.deepEqual(
    linesOf(known, RACE_ID, 0)[0].badges.map((badge) => badge.kind),
    ["TR"],
  );
});

test("a mass start counts laps", () => {
  const massStart = race({ format: "mass_start", distance_m: 6400, discipline: "MMS" });
  const splits = [
    { distance_m: 400, time_ms: 34000 },
    { distance_m: 800, time_ms: 68000 },
  ];
  const known = hear([
    "standings",
    standings(1, [entry("a", 1, 68000, { splits })], { race: massStart, on_ice: [1] }),
  ]);
  const [line] = linesOf(known, RACE_ID, 0);
  assert.deepEqual([line.laps, line.onIce], [2, false]);
  assert.equal(lapsOf(massStart), 16);
});

test("laps of a track of 333⅓ m are whole", () => {
  const small = race({ distance_m: 3000 });
  small.competition = { ...small.competition, venue: { ...small.competition.venue, track_length_m: 333.33 } };
  assert.equal(lapsOf(small), 9);
});

test("few splits get columns, many do not, and the finish is none", () => {
  const splits = (...distances) =>
    distances.map((distance) => ({ distance_m: distance, time_ms: distance, rank: null, rank_equal: false }));
  const short = standings(1, [entry("a", 1, 68000, { splits: splits(200, 600, 1000) })], {
    race: race({ distance_m: 1000 }),
  });
  assert.deepEqual(splitColumns(short), [200, 600]);
  const long = standings(1, [entry("a", 1, 68000, { splits: splits(200, 600, 1000, 1400, 1800) })], {
    race: race({ distance_m: 3000 }),
  });
  assert.deepEqual(splitColumns(long), []);
  assert.deepEqual(splitColumns(null), []);
});
