// What the leaderboard says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, heard, raceOf } from "../../../streams/gateway/pages/js/known.js";
import { read } from "../../../streams/gateway/pages/overlay/settings.js";
import { MARKED_MS, standingsView } from "../../../streams/gateway/pages/overlay/standings-view.js";
import { RACE_ID, entry, race, recordSet, revoked, standings } from "./messages.mjs";

function view(messages, query = "", now = 0) {
  const known = messages.reduce((before, [kind, message, at = 0]) => heard(before, kind, message, at), NOTHING);
  return standingsView(raceOf(known, RACE_ID), read(new URLSearchParams(query), "standings").values, known.records, now);
}
const three = [
  entry("a", 1, 34_100, { behind_ms: 0, behind: "" }),
  entry("b", 2, 34_108, { behind_ms: 0, behind: "", thousandth: "8" }),
  entry("c", 3, 34_300, { behind_ms: 200, behind: "+0.20", unchecked: true }),
];

test("a line tells place, time and gap, the leader's has no gap", () => {
  const { title, lines } = view([["standings", standings(1, three)]]);
  assert.equal(title, "Men 500 m, A division");
  assert.deepEqual(lines.map(({ rank, time, thousandth, gap }) => [rank, time, thousandth, gap]), [
    ["1", "34.10", "", ""],
    ["2", "34.10", "8", "+0.00"],
    ["3", "34.30", "", "+0.20"],
  ]);
});

test("who has still to skate is left out, who is ruled out stands last", () => {
  const entries = [...three, entry("d", null, null), entry("e", null, null, { irm: "DQ" })];
  const { lines } = view([["standings", standings(1, entries)]]);
  assert.deepEqual(lines.map(({ id, time }) => [id, time]).at(-1), ["e", "DQ"]);
  assert.equal(lines.length, 4);
});

test("before anybody has finished it is a start list, in pairs", () => {
  const entries = [
    entry("b", null, null, { pair: 2, lane: "inner", sort_order: 2 }),
    entry("a", null, null, { pair: 1, lane: "outer", sort_order: 1 }),
    entry("x", null, null, { irm: "WDR" }),
  ];
  const { lines, isStart } = view([["standings", standings(1, entries)]]);
  assert.equal(isStart, true);
  assert.deepEqual(lines.map(({ id, rank, lane }) => [id, rank, lane]), [["a", "1", "outer"], ["b", "2", "inner"]]);
});

test("pages hold as many lines as asked, and start over after the last", () => {
  const page = (query) => view([["standings", standings(1, three)]], query);
  assert.deepEqual(page("lines=2").lines.map(({ id }) => id), ["a", "b"]);
  assert.deepEqual(page("lines=2&page=2").lines.map(({ id }) => id), ["c"]);
  const over = page("lines=2&page=3");
  assert.deepEqual([over.page, over.pages, over.lines[0].id], [1, 2, "a"]);
});

test("a corrected time is marked for some seconds, a place that only moved is not", () => {
  const corrected = [entry("b", 1, 34_000), entry("a", 2, 34_100)];
  const messages = [["standings", standings(1, three)], ["standings", standings(2, corrected), 1_000]];
  assert.deepEqual(view(messages, "", 1_001).lines.map((line) => line.isCorrected), [true, false]);
  assert.deepEqual(view(messages, "", 1_000 + MARKED_MS).lines.map((line) => line.isCorrected), [false, false]);
});

test("unchecked times are marked only where that is asked", () => {
  const marks = (query) => view([["standings", standings(1, three)]], query).lines.map((line) => line.isUnchecked);
  assert.deepEqual(marks(""), [false, false, false]);
  assert.deepEqual(marks("checks=1"), [false, false, true]);
});

test("a record stands beside its time as long as it is not revoked", () => {
  const set = ["records", recordSet("WR", "a", 34_100)];
  assert.equal(view([["standings", standings(1, three)], set]).lines[0].mark, "WR");
  assert.equal(view([["standings", standings(1, three)], set, ["records", revoked("WR", "a", 34_100)]]).lines[0].mark, "");
});

test("a mass start tells points", () => {
  const massStart = race({ format: "mass_start", discipline: "MMS", distance_m: 6400 });
  const entries = [entry("a", 1, 480_000, { points: 60 }), entry("b", 2, 481_000, { points: 0 })];
  assert.deepEqual(view([["standings", standings(1, entries, { race: massStart })]]).lines.map(({ gap }) => gap), ["60 p", ""]);
});
