// The programme, and which race a page shows that was not told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { followed, programmeOf } from "../../../streams/gateway/pages/js/programme.js";
import { placeOf, searchWith } from "../../../streams/gateway/pages/js/scoreboard/place.js";
import { race } from "./messages.mjs";

const summary = (id, status, asOf, start = asOf) => ({
  ...race(),
  race_id: id,
  version: 1,
  status,
  as_of: `2026-01-${asOf}:00+01:00`,
  scheduled_at: start === null ? null : `2026-01-${start}:00+01:00`,
});
const known = (...summaries) => new Map(summaries.map((one) => [one.race_id, one]));

test("the live race is followed, a pause of the ice included", () => {
  assert.equal(
    followed(known(summary("a", "OFFICIAL", "10T15:00"), summary("b", "INTERMEDIATE", "10T14:00")), null),
    "b",
  );
});

test("a race that is shown and going on is not left for another one", () => {
  assert.equal(followed(known(summary("a", "LIVE", "10T14:00"), summary("b", "LIVE", "10T14:05")), "a"), "a");
});

test("a race that is over stays until the next is live", () => {
  const over = summary("a", "UNOFFICIAL", "10T14:00");
  assert.equal(followed(known(over, summary("b", "START_LIST", "10T14:05")), "a"), "a");
  assert.equal(followed(known(over, summary("b", "LIVE", "10T14:06")), "a"), "b");
});

test("at first, where none is live, the latest is shown; where there is none, none", () => {
  assert.equal(
    followed(known(summary("a", "OFFICIAL", "10T14:00"), summary("b", "OFFICIAL", "11T14:00")), null),
    "b",
  );
  assert.equal(followed(new Map(), null), null);
});

test("the latest day comes first, the races of a day in the order of the programme", () => {
  const groups = programmeOf(
    known(
      summary("a", "OFFICIAL", "10T18:00", "10T15:00"),
      summary("b", "OFFICIAL", "10T17:00", "10T14:00"),
      summary("c", "OFFICIAL", "11T14:00", null),
    ),
  );
  assert.deepEqual(
    groups.map((group) => group.races.map((one) => one.race_id)),
    [["c"], ["b", "a"]],
  );
});

test("an address tells a place, and a new one keeps what else it asks for", () => {
  assert.deepEqual(placeOf("?race=oslo/M500/A&lang=nl"), {
    race: "oslo/M500/A",
    view: "race",
    ranking: null,
    competitor: null,
  });
  assert.equal(placeOf("?view=rankings").view, "rankings");
  assert.equal(placeOf("?view=wall").view, "wall");
  assert.equal(placeOf("?view=hall").view, "race");
  assert.equal(
    searchWith({ race: "oslo/M500/B/1" }, "?race=oslo/M500/A&lang=nl&delay=5"),
    "?race=oslo/M500/B/1&lang=nl&delay=5",
  );
  assert.equal(searchWith({ race: null, view: "rankings" }, "?race=x&token=secret"), "?view=rankings");
});
