// What is said of a pair: nothing that was corrected or taken back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, heard, raceOf } from "../../../streams/gateway/pages/js/known.js";
import { pairView } from "../../../streams/gateway/pages/overlay/pair-view.js";
import { read } from "../../../streams/gateway/pages/overlay/settings.js";
import { RACE_ID, entry, pace, race, recordSet, standings } from "./messages.mjs";

const split = (distance, timeMs, rank) => ({ distance_m: distance, time_ms: timeMs, lap_ms: null, rank, rank_equal: false });
const running = (id, lane, ...splits) => entry(id, null, null, { lane, splits });
const turn = { raceId: RACE_ID, pair: 1, since: null, heldFrom: null };

function view(messages, query = "", now = 0) {
  const known = messages.reduce((before, [kind, message]) => heard(before, kind, message, now), NOTHING);
  return pairView(raceOf(known, RACE_ID), turn, read(new URLSearchParams(query), "pair").values, known.records, now);
}
const skater = (...given) => view(...given).skaters[0];

test("a pair that was called has names, inner lane first, and nothing else", () => {
  const { skaters, isMeasured } = view([["standings", standings(1, [running("b", "outer"), running("a", "inner")])]]);
  assert.deepEqual(skaters.map(({ name, lane }) => [name, lane]), [["a", "inner"], ["b", "outer"]]);
  assert.equal(isMeasured, false);
  assert.deepEqual([skaters[0].time, skaters[0].rank, skaters[0].leader.text], ["", "", ""]);
});

test("a quartet stands white, red, yellow, blue", () => {
  const four = ["outer2", "inner2", "outer", "inner"].map((lane) => running(lane, lane));
  assert.deepEqual(view([["standings", standings(1, four)]]).skaters.map(({ lane }) => lane), ["inner", "outer", "inner2", "outer2"]);
});

test("a split tells time, place, gap to the leader, to the highest record, and where it leads", () => {
  const paced = pace("a", 100, 9_730, {
    version: 2, behind_leader_ms: -120, ahead_of_ms: { NR: 100, WR: -50 }, projected_ms: 34_219, basis: "leader",
  });
  const told = skater([["standings", standings(2, [running("a", "inner", split(100, 9_730, 3))])], ["pace", paced]]);
  assert.deepEqual([told.at, told.time, told.rank, told.projected], ["100 m", "9.73", "3", "34.21"]);
  assert.deepEqual([told.leader.text, told.leader.tone], ["−0.12", "ahead"]);
  assert.deepEqual([told.record.kind, told.record.text, told.record.tone], ["WR", "+0.05", "behind"]);
});

test("in Dutch times have commas and the labels are Dutch", () => {
  const told = skater([["standings", standings(2, [running("a", "inner", split(300, 67_920, 1))])]], "lang=nl");
  assert.equal(told.time, "1.07,92");
});

test("a pace that the standings do not bear out is not shown", () => {
  const paced = pace("a", 100, 9_500, { version: 2, behind_leader_ms: -350, projected_ms: 33_000 });
  const corrected = skater([["pace", paced], ["standings", standings(3, [running("a", "inner", split(100, 9_730, 3))])]]);
  assert.deepEqual([corrected.time, corrected.leader.text, corrected.projected], ["9.73", "", ""]);
  const deleted = skater([["pace", paced], ["standings", standings(3, [running("a", "inner")])]]);
  assert.deepEqual([deleted.time, deleted.rank, deleted.leader.text], ["", "", ""]);
});

test("a pace that is newer than the standings is", () => {
  const told = skater([
    ["standings", standings(2, [running("a", "inner")])],
    ["pace", pace("a", 100, 9_730, { version: 3, rank_at_split: 2, behind_leader_ms: 30 })],
  ]);
  assert.deepEqual([told.time, told.rank, told.leader.text, told.lane], ["9.73", "2", "+0.03", "inner"]);
});

test("a finish tells the place and the gap of the standings, for the leader that to the best other one", () => {
  const both = [
    entry("a", 1, 34_105, { lane: "inner", behind_ms: 0, behind: "" }),
    entry("b", 2, 34_399, { lane: "outer", behind_ms: 290, behind: "+0.29" }),
  ];
  const { skaters, isFinished } = view([["standings", standings(4, both)]]);
  assert.equal(isFinished, true);
  assert.deepEqual(skaters.map(({ rank, at, leader }) => [rank, at, leader.text, leader.tone]), [
    ["1", "Finish", "−0.29", "ahead"],
    ["2", "Finish", "+0.29", "behind"],
  ]);
});

test("the only one who has finished has no gap", () => {
  assert.equal(skater([["standings", standings(4, [entry("a", 1, 34_100, { behind_ms: 0, behind: "" })])]]).leader.text, "");
});

test("a finish has its thousandth where that decides, and is unchecked only where that is asked", () => {
  const finished = [["standings", standings(4, [entry("a", 1, 34_108, { thousandth: "8", unchecked: true })])]];
  assert.equal(skater(finished).time, "34.10(8)");
  assert.equal(skater(finished).isUnchecked, false);
  assert.equal(skater(finished, "checks=1").isUnchecked, true);
});

test("records are told with the very time that the sheet has", () => {
  const finished = ["standings", standings(4, [entry("a", 1, 33_600)])];
  assert.deepEqual(skater([finished, ["records", recordSet("WR", "a", 33_600)], ["records", recordSet("PB", "a", 33_600)]]).marks, ["WR"]);
  assert.deepEqual(skater([finished, ["records", recordSet("WR", "a", 33_590)]]).marks, []);
});

test("who is ruled out has no time any more", () => {
  const told = skater([["standings", standings(4, [entry("a", null, null, { irm: "DQ", splits: [split(500, 34_000, null)] })])]]);
  assert.deepEqual([told.time, told.rank, told.isRuledOut], ["DQ", "", true]);
});

test("a corrected finish is marked for some seconds", () => {
  const before = ["standings", standings(4, [entry("a", 1, 34_100)])];
  const after = ["standings", standings(5, [entry("a", 1, 34_090)])];
  assert.equal(skater([before, after]).isCorrected, true);
});

test("a reskate is told by its pace, and not before it is measured", () => {
  const earlier = ["standings", standings(5, [entry("a", 1, 34_100, { pair: 9 })], { on_ice: [1] })];
  assert.equal(view([earlier]), null);
  const told = skater([earlier, ["pace", pace("a", 100, 9_900, { version: 5, rank_at_split: 7 })]]);
  assert.deepEqual([told.time, told.rank], ["9.90", "7"]);
});

test("a mass start has no pair", () => {
  const massStart = standings(1, [running("a", null)], { race: race({ format: "mass_start", discipline: "MMS", distance_m: 6400 }) });
  assert.equal(view([["standings", massStart]]), null);
});
