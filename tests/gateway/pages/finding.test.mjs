// Somebody who is not among the first of a race in parts: where they are asked for, and what their line says.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  factsOf,
  isFront,
  lineAddress,
  searchAddress,
  shownCount,
} from "../../../streams/gateway/pages/js/finding.js";
import { NOTHING, heard, raceOf } from "../../../streams/gateway/pages/js/known.js";
import { linesOf } from "../../../streams/gateway/pages/js/lines.js";
import { RACE_ID, entry, snapshot, standings } from "./messages.mjs";

const front = (version, entries) => ({ ...standings(version, entries), type: "field.top", competitors: 2000 });

test("the front of a race in parts is known as its standings, whichever way it comes", () => {
  const first = front(1, [entry("a", 1, 34500)]);
  const known = heard(NOTHING, "snapshot", snapshot({ "field.top": [first] }), 0);
  assert.equal(raceOf(known, RACE_ID).standings, first);
  assert.deepEqual(
    linesOf(known, RACE_ID, 0).map((line) => line.id),
    ["a"],
  );
  const next = heard(known, "field.top", front(2, [entry("b", 1, 34400), entry("a", 2, 34500)]), 5);
  assert.equal(raceOf(next, RACE_ID).standings.version, 2);
  assert.equal(heard(next, "field.top", first, 6), next);
});

test("only a front lacks somebody", () => {
  assert.equal(isFront(front(1, [])), true);
  assert.equal(isFront(standings(1, [])), false);
  assert.equal(isFront(null), false);
});

test("whatever is in a name or an id is asked for as it is", () => {
  assert.equal(
    searchAddress("a b/M500/-", "o'neill & co", 0),
    "/api/races/a%20b/M500/-/sheet?search=o%27neill+%26+co&limit=10",
  );
  assert.equal(lineAddress(RACE_ID, "x/1?", 30), "/api/races/oslo/M500/A/competitors/x%2F1%3F?delay=30");
});

test("a line says what there is, in the language of the page", () => {
  const line = entry("a", 1234, 67_929, {
    time: "1:07.92",
    behind: "+12.34",
    splits: [{ distance_m: 200, time_ms: 16_500, lap_ms: 16_500, rank: 9, rank_equal: false }],
  });
  assert.deepEqual(
    factsOf(line, "nl").map(({ key, value }) => [key, value]),
    [
      ["rank", "1234"],
      ["pair", "1"],
      ["time", "1.07,92"],
      ["behind", "+12,34"],
      ["split 200", "16,50"],
    ],
  );
  assert.deepEqual(
    factsOf(entry("a", null, null, { irm: "DNF", time: null }), "en").map(({ value }) => value),
    ["1", "did not finish"],
  );
  assert.equal(shownCount(20_000, "nl"), "20.000");
  assert.equal(shownCount(20_000, "en"), "20,000");
});
