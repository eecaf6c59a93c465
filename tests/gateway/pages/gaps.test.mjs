// The gaps that the chart draws.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gapsOf, spread, ticks, usualSkaters } from "../../../streams/gateway/pages/js/gaps.js";
import { entry, standings } from "./messages.mjs";

const split = (distance, time) => ({
  distance_m: distance,
  time_ms: time,
  lap_ms: null,
  rank: null,
  rank_equal: false,
});
const skater = (id, rank, pair, ...splits) =>
  entry(id, rank, rank === null ? null : splits.at(-1).time_ms, { pair, splits });
const field = standings(
  1,
  [
    skater("a", 1, 1, split(200, 16000), split(600, 41000)),
    skater("b", 2, 1, split(200, 15900), split(600, 41500)),
    skater("c", 3, 2, split(200, 16100), split(600, 41600)),
    skater("d", 4, 2, split(200, 16200), split(600, 41700)),
    skater("e", null, 3, split(200, 15500)),
    skater("f", null, 3),
    skater("g", null, 4),
  ],
  { on_ice: [3] },
);

test("usually the first three are shown, and who has a split on the ice", () => {
  assert.deepEqual(usualSkaters(field), ["a", "b", "c", "e"]);
});

test("everybody is held against the leader, split by split", () => {
  const { leader, distances, series } = gapsOf(field, ["b", "e"]);
  assert.equal(leader.competitor.id, "a");
  assert.deepEqual(distances, [200, 600]);
  assert.deepEqual(
    series.map(({ id, points }) => [id, points.map((point) => point.gap_ms)]),
    [
      ["a", [0, 0]],
      ["b", [-100, 500]],
      ["e", [-500]],
    ],
  );
});

test("as long as nobody has finished the one who is furthest leads", () => {
  const running = standings(1, [
    skater("a", null, 1, split(200, 16000)),
    skater("b", null, 1, split(200, 16100), split(600, 41500)),
  ]);
  assert.equal(gapsOf(running, []).leader.competitor.id, "b");
  assert.equal(gapsOf(standings(1, []), []).leader, null);
});

test("marks on the axis are round, few, and have 0", () => {
  assert.deepEqual(ticks(-730, 640), [-500, 0, 500]);
  assert.deepEqual(ticks(-30, 4770), [0, 1000, 2000, 3000, 4000]);
  assert.ok(ticks(0, 900_000).length <= 6);
});

test("labels make room for each other and stay inside", () => {
  assert.deepEqual(spread([10, 12, 50], 10, 0, 100), [10, 20, 50]);
  assert.deepEqual(spread([98, 99], 10, 0, 100), [90, 100]);
});
