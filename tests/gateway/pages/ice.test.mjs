// Who is on the ice, and what they are held against.
import assert from "node:assert/strict";
import { test } from "node:test";
import { iceOf } from "../../../streams/gateway/pages/js/ice.js";
import { NOTHING, heard } from "../../../streams/gateway/pages/js/known.js";
import { RACE_ID, entry, pace, race, recordSet, revoked, standings } from "./messages.mjs";

const hear = (...events) =>
  events.reduce((known, [kind, data, now = 0]) => heard(known, kind, data, now), NOTHING);
const split = (distance, time) => ({
  distance_m: distance,
  time_ms: time,
  lap_ms: null,
  rank: 1,
  rank_equal: false,
});
const leader = entry("leader", 1, 34500, { pair: 1, splits: [split(100, 9600), split(500, 34500)] });
const inner = (...splits) => entry("in", null, null, { pair: 2, lane: "inner", splits });
const outer = (...splits) => entry("out", null, null, { pair: 2, lane: "outer", splits });
const onIce = (...entries) => ["standings", standings(1, [leader, ...entries], { on_ice: [2] })];

test("the pair comes in the order of the lanes, with the gap to the leader at each split", () => {
  const { now, pairs } = iceOf(hear(onIce(outer(split(100, 9550)), inner(split(100, 9700)))), RACE_ID);
  assert.equal(now, true);
  const [one, other] = pairs[0].skaters;
  assert.deepEqual([one.entry.lane, one.last.gap_ms], ["inner", 100]);
  assert.deepEqual([other.entry.lane, other.last.gap_ms], ["outer", -50]);
});

test("the gap in the pair is there as soon as the other has passed", () => {
  const [one, other] = iceOf(hear(onIce(inner(split(100, 9700)), outer())), RACE_ID).pairs[0].skaters;
  assert.deepEqual([one.opponent_ms, other.opponent_ms], [null, null]);
  const both = iceOf(hear(onIce(inner(split(100, 9700)), outer(split(100, 9550)))), RACE_ID).pairs[0].skaters;
  assert.deepEqual(
    both.map((skater) => skater.opponent_ms),
    [150, -150],
  );
});

test("gaps to records turn the sign of being ahead", () => {
  const told = pace("in", 100, 9700, { ahead_of_ms: { WR: -120, OR: 80 }, projected_ms: 34700 });
  const [skater] = iceOf(hear(onIce(inner(split(100, 9700))), ["pace", told]), RACE_ID).pairs[0].skaters;
  assert.deepEqual(skater.behind, { WR: 120, OR: -80 });
  assert.equal(skater.projected_ms, 34700);
});

test("a pace of a clock that was reset is not held against anybody", () => {
  const told = pace("in", 100, 9700, { ahead_of_ms: { WR: -120 } });
  const [skater] = iceOf(hear(["pace", told], onIce(inner())), RACE_ID).pairs[0].skaters;
  assert.deepEqual([skater.last, skater.behind], [null, {}]);
});

test("a pace of a time that was corrected, or from before a record fell, is true no more", () => {
  const told = pace("in", 100, 9700, { ahead_of_ms: { WR: -120 } });
  const corrected = iceOf(hear(["pace", told], onIce(inner(split(100, 9710)))), RACE_ID).pairs[0].skaters[0];
  assert.deepEqual(corrected.behind, {});
  const fallen = hear(
    ["pace", told],
    ["records", recordSet("WR", "leader", 34500)],
    ["records", revoked("WR", "leader", 34500)],
  );
  const after = iceOf(heard(fallen, ...onIce(inner(split(100, 9700))), 0), RACE_ID).pairs[0].skaters[0];
  assert.deepEqual(after.behind, {});
});

test("the last pair stays until the next is there, and leaves with the end of the race", () => {
  const known = hear(onIce(inner()), ["standings", standings(2, [leader, inner()], { on_ice: [] })]);
  assert.deepEqual([iceOf(known, RACE_ID).now, iceOf(known, RACE_ID).pairs.length], [false, 1]);
  const over = heard(known, "standings", standings(3, [leader], { status: "OFFICIAL" }), 0);
  assert.deepEqual(iceOf(over, RACE_ID).pairs, []);
});

test("in a quartet each skater has the opponent of the own pair", () => {
  const lanes = ["inner", "outer", "inner2", "outer2"];
  const four = lanes.map((lane, index) =>
    entry(lane, null, null, { pair: 2, lane, splits: [split(100, 9600 + index * 100)] }),
  );
  const { skaters } = iceOf(hear(onIce(...four)), RACE_ID).pairs[0];
  assert.deepEqual(
    skaters.map((skater) => skater.opponent_ms),
    [-100, 100, -100, 100],
  );
});

test("a mass start has no pair on the ice", () => {
  const known = hear([
    "standings",
    standings(1, [leader], { on_ice: [1], race: race({ format: "mass_start" }) }),
  ]);
  assert.deepEqual(iceOf(known, RACE_ID).pairs, []);
});
