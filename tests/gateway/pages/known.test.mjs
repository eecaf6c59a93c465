// What a page knows after what it heard.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, heard, raceOf } from "../../../streams/gateway/pages/js/known.js";
import { RACE_ID, competitor, entry, pace, recordSet, revoked, snapshot, standings } from "./messages.mjs";

const hear = (...events) =>
  events.reduce((known, [kind, data, now = 0]) => heard(known, kind, data, now), NOTHING);
const race = (known) => raceOf(known, RACE_ID);

test("an older version of the standings never replaces a newer one", () => {
  const known = hear(["standings", standings(2, [])], ["standings", standings(1, [])]);
  assert.equal(race(known).standings.version, 2);
});

test("what told nothing new leaves the very same object", () => {
  const known = hear(["standings", standings(2, [])]);
  assert.equal(heard(known, "standings", standings(2, []), 5), known);
  assert.equal(heard(known, "something else", {}, 5), known);
});

test("a snapshot replaces everything, also with older versions", () => {
  const known = hear(
    ["standings", standings(9, [])],
    ["snapshot", snapshot({ standings: [standings(1, [])] })],
  );
  assert.equal(race(known).standings.version, 1);
});

test("a corrected time keeps the old one, and who moved because of it the old place", () => {
  const known = hear(
    ["standings", standings(1, [entry("a", 1, 34500), entry("b", 2, 34600)])],
    ["standings", standings(2, [entry("b", 1, 34400), entry("a", 2, 34500)]), 7],
  );
  assert.deepEqual(race(known).was.get("b"), {
    at: 7,
    rank: 2,
    moved: 1,
    time: "34.60",
    thousandth: null,
    irm: null,
    result: true,
  });
  assert.deepEqual(race(known).was.get("a"), {
    at: 7,
    rank: 1,
    moved: -1,
    time: "34.50",
    thousandth: null,
    irm: null,
    result: false,
  });
});

test("a finish that pushes others down corrects nothing", () => {
  const known = hear(
    ["standings", standings(1, [entry("a", 1, 34500), entry("b", null, null)])],
    ["standings", standings(2, [entry("b", 1, 34400), entry("a", 2, 34500)]), 7],
  );
  assert.equal(race(known).was.size, 0);
  assert.deepEqual([...race(known).freshAt], [["b", 7]]);
});

test("a photo finish that changes only unseen thousandths corrects nothing", () => {
  const known = hear(
    ["standings", standings(1, [entry("a", 1, 34501)])],
    ["standings", standings(2, [entry("a", 1, 34504)])],
  );
  assert.equal(race(known).was.size, 0);
});

test("a disqualification after the finish is a correction", () => {
  const known = hear(
    ["standings", standings(1, [entry("a", 1, 34500)])],
    ["standings", standings(2, [entry("a", null, null, { irm: "DQ" })]), 3],
  );
  assert.equal(race(known).was.get("a").time, "34.50");
});

test("the next lap of a mass start corrects nothing", () => {
  const lap = (n, time) => entry("a", 1, time, { splits: [{ distance_m: 400 * n, time_ms: time }] });
  const known = hear(
    ["standings", standings(1, [lap(1, 34000)])],
    ["standings", standings(2, [lap(2, 68000)])],
  );
  assert.equal(race(known).was.size, 0);
});

test("of each competitor the latest pace is kept", () => {
  const known = hear(
    ["pace", pace("a", 100, 9500, { version: 4 })],
    ["pace", pace("a", 500, 34500, { version: 6 })],
    ["pace", pace("a", 100, 9500, { version: 4 })],
  );
  assert.equal(race(known).pace.get("a").distance_m, 500);
});

test("who was on the ice last stays known until the next are there", () => {
  const known = hear(
    ["standings", standings(1, [], { on_ice: [3] })],
    ["standings", standings(2, [], { on_ice: [] })],
  );
  assert.deepEqual(race(known).skated, [3]);
});

test("after a snapshot the last pace tells who was on the ice last", () => {
  const known = hear([
    "snapshot",
    snapshot({ standings: [standings(1, [])], pace: [pace("a", 500, 34500, { pair: 4 })] }),
  ]);
  assert.deepEqual(race(known).skated, [4]);
});

test("a revoked record is the last word on that record", () => {
  const known = hear(["records", recordSet("WR", "a", 33500)], ["records", revoked("WR", "a", 33500)]);
  assert.deepEqual(
    [...known.records.values()].map((one) => one.type),
    ["record.revoked"],
  );
});

test("news are what comes live, counted, with what they replace", () => {
  const known = hear(
    ["snapshot", snapshot({ records: [recordSet("NR", "a", 33500)] })],
    ["records", recordSet("NR", "a", 33490, { version: 2 }), 8],
  );
  const [newest] = known.news;
  assert.equal(newest.message.time_ms, 33490);
  assert.equal(newest.before.time_ms, 33500);
  assert.equal(newest.at, 8);
  const later = heard(known, "snapshot", snapshot(), 9);
  assert.ok(later.news[0].number > newest.number);
});

test("podium.secured adds up and podium.changed replaces", () => {
  const changed = (version) => ({
    type: "podium.changed",
    race_id: RACE_ID,
    version,
    changes: [],
    podium: [],
    cause: "finish",
  });
  const secured = {
    type: "podium.secured",
    race_id: RACE_ID,
    version: 3,
    competitor: competitor("a"),
    worst_rank: 2,
  };
  const known = hear(
    ["podium", changed(2)],
    ["podium", secured],
    ["podium", changed(3)],
    ["podium", changed(1)],
  );
  assert.equal(race(known).podium.version, 3);
  assert.deepEqual([...race(known).secured], [["a", 2]]);
});

test("needs of a race and of a samalog are kept apart", () => {
  const known = hear(
    ["needs", { type: "needs", race_id: RACE_ID, version: 1, entries: [] }],
    ["needs", { type: "samalog.needs", ranking_id: "allround", version: 1, race_id: RACE_ID, entries: [] }],
  );
  assert.equal(race(known).needs.type, "needs");
  assert.equal(known.rankingNeeds.get("allround").type, "samalog.needs");
});
