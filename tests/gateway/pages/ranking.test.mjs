// Rankings as tables.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rankingGroups, rankingTable, rankingTitle } from "../../../streams/gateway/pages/js/ranking.js";
import { competitor, race } from "./messages.mjs";

const ranking = (id, basis, entries = []) => ({
  type: "ranking",
  ranking_id: id,
  version: 1,
  basis,
  season: "2025-26",
  provisional: false,
  entries,
});
const line = (value, parts = [], state = null) => ({
  rank: 1,
  rank_equal: false,
  competitor: competitor("a"),
  value,
  state,
  parts,
});
const summaries = new Map([
  ["oslo/M500/A/1", { ...race({ run: 1 }), race_id: "oslo/M500/A/1" }],
  [
    "oslo/M500/A/2",
    { ...race({ run: 2, scheduled_at: "2026-01-09T14:00:00+01:00" }), race_id: "oslo/M500/A/2" },
  ],
]);

test("rankings are named after what they rank", () => {
  assert.deepEqual(rankingTitle(ranking("2025-26/worldcup/M500", "points"), summaries, "en"), {
    group: "World Cup points, 2025-26",
    name: "Men 500 m",
  });
  assert.deepEqual(
    rankingTitle(ranking("2025-26/worldcup/W3000-W5000", "points"), summaries, "nl").name,
    "3000 m vrouwen / 5000 m vrouwen",
  );
  assert.deepEqual(rankingTitle(ranking("oslo/matrix/M", "matrix"), summaries, "en"), {
    group: "Selection, World Cup Oslo",
    name: "Men",
  });
  assert.deepEqual(rankingTitle(ranking("my-own", "samalog"), summaries, "en"), {
    group: "Overall",
    name: "my-own",
  });
});

test("rankings of one kind and season are a group, distances in order of length", () => {
  const groups = rankingGroups(
    [
      ranking("x/worldcup/M1000", "points"),
      ranking("x/worldcup/M500", "points"),
      ranking("oslo/medals", "medals"),
    ],
    summaries,
    "en",
  );
  assert.deepEqual(
    groups.map(({ group, rankings }) => [group, rankings.map(({ name }) => name)]),
    [
      ["Medals, World Cup Oslo", [""]],
      ["World Cup points, x", ["Men 500 m", "Men 1000 m"]],
    ],
  );
});

test("points have a column for each race, in the order they were skated", () => {
  const parts = ["oslo/M500/A/1", "oslo/M500/A/2"].map((race_id) => ({ race_id, rank: 1, value: "60" }));
  const { columns, rows } = rankingTable(
    ranking("x/worldcup/M500", "points", [line("120", parts)]),
    summaries,
  );
  assert.deepEqual(
    columns.map(({ key }) => key),
    ["value", "oslo/M500/A/2", "oslo/M500/A/1"],
  );
  assert.equal(rows[0].cells.get("oslo/M500/A/1"), "60");
});

test("medals are three columns", () => {
  const { columns, rows } = rankingTable(ranking("oslo/medals", "medals", [line("2-1-0")]), summaries);
  assert.deepEqual(
    columns.map(({ key }) => rows[0].cells.get(key)),
    ["2", "1", "0"],
  );
});

test("a matrix tells the state, and the rank in the race that gave the place", () => {
  const parts = [
    { race_id: "oslo/M500/A/1", rank: 3, value: "14" },
    { race_id: null, rank: null, value: "6" },
  ];
  const { rows } = rankingTable(
    ranking("oslo/matrix/M", "matrix", [line("14", parts, "waiting")]),
    summaries,
  );
  assert.deepEqual(
    [...rows[0].cells],
    [
      ["value", "14"],
      ["state", "waiting"],
      ["oslo/M500/A/1", "3"],
    ],
  );
});
