// A large screen: which lines of a sheet it shows, and how old it says they are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { TURN_MS, ageOf, partOf } from "../../../streams/gateway/pages/js/wall.js";

const NOON = Date.parse("2026-01-10T12:00:00+01:00");
const age = (ms) => ageOf("2026-01-10T12:00:00+01:00", NOON + ms);

test("a sheet that fits is shown whole, however long", () => {
  assert.deepEqual(partOf(40, 40, 100 * TURN_MS), { part: 1, parts: 1, from: 0, lines: 40 });
  assert.deepEqual(partOf(0, 40, 0), { part: 1, parts: 1, from: 0, lines: 0 });
});

test("a longer sheet takes turns in parts of about the same length, every line in one of them", () => {
  const turns = [0, 1, 2].map((turn) => partOf(85, 40, turn * TURN_MS));
  assert.deepEqual(
    turns.map(({ part, parts, from, lines }) => [part, parts, from, lines]),
    [
      [1, 3, 0, 29],
      [2, 3, 29, 29],
      [3, 3, 58, 29],
    ],
  );
  assert.deepEqual(partOf(85, 40, 3 * TURN_MS), turns[0]);
  assert.deepEqual(partOf(85, 40, TURN_MS - 1), turns[0]);
});

test("an age is said in seconds, minutes or hours", () => {
  assert.deepEqual(age(12_400), { unit: "s", count: 12 });
  assert.deepEqual(age(119_000), { unit: "s", count: 119 });
  assert.deepEqual(age(120_000), { unit: "min", count: 2 });
  assert.deepEqual(age(3 * 3_600_000), { unit: "h", count: 3 });
});

test("a clock that is a little behind makes nothing older than now, and what was not today has no age", () => {
  assert.deepEqual(age(-1_500), { unit: "s", count: 0 });
  assert.equal(age(-3_600_000), null);
  assert.equal(age(400 * 24 * 3_600_000), null);
});
