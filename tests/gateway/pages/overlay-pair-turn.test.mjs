// When a pair comes in, and when it goes out.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTHING, heard, raceOf } from "../../../streams/gateway/pages/js/known.js";
import { nextTurn, turnKey } from "../../../streams/gateway/pages/overlay/pair-turn.js";
import { RACE_ID, entry, pace, standings } from "./messages.mjs";

const at = (clock) => `2026-01-10T14:${clock}+01:00`;
const listed = (id, pair, timeMs = null) => entry(id, timeMs === null ? null : 1, timeMs, { pair });
const raceAfter = (...messages) =>
  raceOf(messages.reduce((known, message) => heard(known, message.type, message, 0), NOTHING), RACE_ID);
const go = (turn, race, change = {}) =>
  nextTurn(turn, race, race, { now: 0, holdS: 12, isFirst: false, sent: null, ...change });

const called = raceAfter(standings(2, [listed("a", 1), listed("b", 2)], { on_ice: [1], as_of: at("00:00") }));
const done = raceAfter(standings(3, [listed("a", 1, 34500), listed("b", 2)], { on_ice: [], as_of: at("01:00") }));

test("nobody on the ice is nobody's turn", () => {
  assert.equal(go(null, raceAfter(standings(1, []))), null);
  assert.equal(go(null, null), null);
});

test("a pair comes in as soon as it is called", () => {
  assert.deepEqual(go(null, called), { raceId: RACE_ID, pair: 1, since: at("00:00"), heldFrom: null });
});

test("a pair that was there before the page has been there for unknown long", () => {
  assert.equal(go(null, called, { isFirst: true }).since, null);
});

test("a pair stays for the seconds asked after its finish, and then goes", () => {
  const turn = go(null, called);
  const held = go(turn, done, { now: 1_000 });
  assert.deepEqual([held.pair, held.heldFrom], [1, 1_000]);
  assert.equal(go(held, done, { now: 12_999 }).pair, 1);
  assert.equal(go(held, done, { now: 13_000 }), null);
  assert.equal(go(null, done, { now: 13_001 }), null);
});

test("the next pair waits while the last one is held", () => {
  const next = raceAfter(standings(4, [listed("a", 1, 34500), listed("b", 2)], { on_ice: [2], as_of: at("01:05") }));
  const held = go(go(null, called), done, { now: 0 });
  assert.equal(go(held, next, { now: 5_000 }).pair, 1);
  assert.equal(go(held, next, { now: 12_000 }).pair, 2);
});

test("the next pair does not wait once it skates", () => {
  const next = raceAfter(
    standings(4, [listed("a", 1, 34500), listed("b", 2)], { on_ice: [2], as_of: at("01:05") }),
    pace("b", 100, 9800, { pair: 2, version: 5, as_of: at("01:20") }),
  );
  assert.equal(go(go(go(null, called), done), next, { now: 2_000 }).pair, 2);
});

test("a pair whose clock was reset stays, one that is taken off the ice goes at once", () => {
  const turn = go(null, called);
  assert.equal(go(turn, called), turn);
  const back = raceAfter(standings(3, [listed("a", 1), listed("b", 2)], { on_ice: [], next: [1, 2] }));
  assert.equal(go(turn, back), null);
});

test("a finish that is taken back puts the pair on the ice again", () => {
  const held = go(go(null, called), done, { now: 1_000 });
  assert.equal(go(held, called, { now: 2_000 }).heldFrom, null);
});

test("a disqualification is a result too", () => {
  const ruled = raceAfter(standings(3, [entry("a", null, null, { irm: "DQ" }), listed("b", 2)]));
  assert.equal(go(go(null, called), ruled).pair, 1);
});

test("a pair that finished before the page was opened never comes in", () => assert.equal(go(null, done, { isFirst: true }), null));

test("of two pairs on the ice the one that skates comes in", () => {
  const two = raceAfter(
    standings(2, [listed("a", 1), listed("b", 2)], { on_ice: [1, 2] }),
    pace("b", 100, 9800, { pair: 2, version: 3, as_of: at("00:30") }),
  );
  assert.equal(go(null, two).pair, 2);
  assert.equal(go(go(null, called), two).pair, 2, "a pair that was called and does not start gives way");
});

test("two pairs that both skate do not take turns", () => {
  const two = raceAfter(
    standings(2, [listed("a", 1), listed("b", 2)], { on_ice: [1, 2] }),
    pace("a", 200, 18_000, { pair: 1, version: 3, as_of: at("00:18") }),
    pace("b", 200, 18_000, { pair: 2, version: 4, as_of: at("00:48") }),
  );
  assert.equal(go(go(null, called), two).pair, 1);
});

test("a pair that stands still for a minute gives way to one that skates", () => {
  const two = raceAfter(
    standings(2, [listed("a", 1), listed("b", 2)], { on_ice: [1, 2] }),
    pace("a", 200, 18_000, { pair: 1, version: 3, as_of: at("00:18") }),
    pace("b", 200, 18_000, { pair: 2, version: 4, as_of: at("01:19") }),
  );
  assert.equal(go(go(null, called), two).pair, 2);
});

test("who was sent out stays out, and the next one comes", () => {
  const turn = go(null, called);
  assert.equal(go(turn, called, { sent: turnKey(turn) }), null);
  const two = raceAfter(standings(3, [listed("a", 1), listed("b", 2)], { on_ice: [1, 2] }));
  assert.equal(go(turn, two, { sent: turnKey(turn) }).pair, 2);
});

test("the last pair of a race is held while another race comes live", () => {
  const other = raceAfter(standings(1, [listed("c", 1)], { race_id: RACE_ID, on_ice: [] }));
  const held = nextTurn(go(null, called), other, done, { now: 0, holdS: 12, isFirst: false, sent: null });
  assert.equal(held.heldFrom, 0);
  const gone = nextTurn(go(null, called), other, called, { now: 0, holdS: 12, isFirst: false, sent: null });
  assert.equal(gone, null, "but nobody who is still on the ice of a race that was left");
});

test("a reskate that did not better the time is a finish of its pair", () => {
  const again = raceAfter(
    standings(5, [listed("a", 1, 34500)], { on_ice: [], as_of: at("20:00") }),
    pace("a", 500, 34_900, { pair: 3, version: 5, as_of: at("20:00"), basis: "finish" }),
  );
  const turn = { raceId: RACE_ID, pair: 3, since: at("19:00"), heldFrom: null };
  assert.equal(go(turn, again).heldFrom, 0);
});
