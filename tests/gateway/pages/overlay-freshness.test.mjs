// When what is known may not be shown as live any more.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NEVER_HEARD, freshness, isCatchingUp, isTooOld } from "../../../streams/gateway/pages/overlay/freshness.js";

const GOOD = { connected: true, stale: false };
const STALE = { connected: true, stale: true };
const AWAY = { connected: false, stale: false };
const after = (...states) => states.reduce((fresh, [state, now]) => freshness(fresh, state, now), NEVER_HEARD);

test("before anything was heard there is nothing to show", () => {
  assert.equal(isTooOld(NEVER_HEARD, 30, 0), true);
  assert.equal(isTooOld(after([STALE, 5]), 30, 6), true);
});

for (const [name, bad] of [["stale", STALE], ["away", AWAY]]) {
  test(`a feed that is ${name} is shown for as long as was asked, and then no more`, () => {
    const fresh = after([GOOD, 1_000], [bad, 10_000]);
    assert.equal(isTooOld(fresh, 30, 39_999), false);
    assert.equal(isTooOld(fresh, 30, 40_000), true);
    assert.equal(isTooOld(fresh, 5, 15_000), true);
  });
}

test("the time counts from when it went bad first", () => {
  const fresh = after([GOOD, 0], [AWAY, 10_000], [STALE, 20_000], [AWAY, 35_000]);
  assert.equal(isTooOld(fresh, 30, 40_000), true);
});

test("a feed that is back is shown at once", () => {
  assert.equal(isTooOld(after([GOOD, 0], [AWAY, 10_000], [GOOD, 90_000]), 30, 90_000), false);
});

test("zero seconds is never", () => {
  assert.equal(isTooOld(after([GOOD, 0], [AWAY, 1]), 0, 9e9), false);
});

test("what comes right after a long absence was missed", () => {
  const fresh = after([GOOD, 0], [AWAY, 10_000], [GOOD, 45_000]);
  assert.equal(isCatchingUp(fresh, 30, 46_000), true);
  assert.equal(isCatchingUp(fresh, 30, 47_000), false);
  assert.equal(isCatchingUp(fresh, 0, 46_000), true);
});

test("what comes after a short absence, or at first, is live", () => {
  assert.equal(isCatchingUp(after([GOOD, 0], [AWAY, 10_000], [GOOD, 12_000]), 30, 12_001), false);
  assert.equal(isCatchingUp(after([GOOD, 5]), 30, 6), false);
});
