// Who is still to come, and what they need.
import assert from "node:assert/strict";
import { test } from "node:test";
import { comingOf } from "../../../streams/gateway/pages/js/coming.js";
import { NOTHING, heard } from "../../../streams/gateway/pages/js/known.js";
import { RACE_ID, competitor, entry, standings } from "./messages.mjs";

const hear = (...events) =>
  events.reduce((known, [kind, data, now = 0]) => heard(known, kind, data, now), NOTHING);
const need = (time) => ({ time_ms: time, time: (time / 1000).toFixed(2), thousandths_at: null });
const needing = (id, pair, toLead, records = {}) => ({
  competitor: competitor(id),
  pair,
  lane: "inner",
  to_lead: toLead,
  to_podium: need(35000),
  records,
});
const needs = (...entries) => ["needs", { type: "needs", race_id: RACE_ID, version: 1, entries }];
const called = ["standings", standings(1, [], { on_ice: [3] })];

test("what all need alike is said once, the rest with whom it is different for", () => {
  const known = hear(
    called,
    needs(
      needing("a", 3, need(34000)),
      needing("b", 3, need(34000), { NR: need(33900) }),
      needing("c", 4, need(33000)),
    ),
  );
  const { everybody, skaters } = comingOf(known, RACE_ID);
  assert.deepEqual(
    everybody.map(({ what, need: one }) => [what, one.time]),
    [
      ["to lead", "34.00"],
      ["to podium", "35.00"],
    ],
  );
  assert.deepEqual(
    skaters.map(({ own }) => own.map(({ what, need: one }) => [what, one.time])),
    [[], [["NR", "33.90"]], [["to lead", "33.00"]]],
  );
  assert.deepEqual(
    skaters.map(({ onIce }) => onIce),
    [true, true, false],
  );
});

test("where any finish will do it is said too", () => {
  const { everybody } = comingOf(hear(called, needs(needing("a", 3, null), needing("b", 3, null))), RACE_ID);
  assert.deepEqual(everybody[0], { what: "to lead", need: null });
});

test("the only one to come has all needs for oneself, the highest record first", () => {
  const { everybody, skaters } = comingOf(
    hear(called, needs(needing("a", 3, need(34000), { PB: need(34500), WR: need(33000) }))),
    RACE_ID,
  );
  assert.deepEqual(everybody, []);
  assert.deepEqual(
    skaters[0].own.map(({ what }) => what),
    ["to lead", "to podium", "WR", "PB"],
  );
});

test("without a word on needs there is the start list", () => {
  const entries = [
    entry("a", 1, 34000),
    entry("b", null, null, { pair: 2 }),
    entry("c", null, null, { pair: 3, irm: "WDR" }),
  ];
  const { skaters } = comingOf(hear(["standings", standings(1, entries, { next: [2, 3] })]), RACE_ID);
  assert.deepEqual(
    skaters.map((skater) => [skater.competitor.id, skater.own]),
    [["b", []]],
  );
});
