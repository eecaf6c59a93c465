// Which race is on air where none was asked for.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenRace } from "../../../streams/gateway/pages/overlay/chosen-race.js";
import { standings } from "./messages.mjs";

const race = (id, clock, change = {}) =>
  standings(1, [], { race_id: id, as_of: `2026-01-10T${clock}:00+01:00`, remaining: 4, ...change });

test("where nothing is known there is no race", () => assert.equal(chosenRace([], null), null));

test("the one that is live goes before the one that was announced last", () => {
  assert.equal(chosenRace([race("a", "14:00"), race("b", "14:10", { status: "START_LIST" })], null), "a");
});

test("of two that are live the first one chosen stays", () => {
  const both = [race("a", "14:00"), race("b", "14:01")];
  assert.equal(chosenRace(both, null), "b");
  assert.equal(chosenRace(both, "a"), "a");
});

test("a race in its interval stays", () => {
  assert.equal(chosenRace([race("a", "14:00", { status: "INTERMEDIATE" }), race("b", "14:15")], "a"), "a");
});

test("a race that was left gives way to the one that goes on", () => {
  assert.equal(chosenRace([race("a", "14:00"), race("b", "14:20")], "a"), "b");
});

test("a race that is over stays until another one is live", () => {
  const over = race("a", "14:00", { status: "OFFICIAL", remaining: 0 });
  assert.equal(chosenRace([over, race("b", "13:00", { status: "START_LIST" })], "a"), "a");
  assert.equal(chosenRace([over, race("b", "14:01")], "a"), "b");
});

test("everybody in, but not closed yet, is still the race that is shown", () => {
  const done = race("a", "14:00", { remaining: 0 });
  assert.equal(chosenRace([done, race("b", "13:50", { status: "OFFICIAL", remaining: 0 })], null), "a");
  assert.equal(chosenRace([done], "a"), "a");
});

test("where nobody skates yet a start list does", () => {
  assert.equal(chosenRace([race("a", "12:00", { status: "START_LIST" })], null), "a");
});

test("a chosen race that a snapshot does not know any more is given up", () => {
  assert.equal(chosenRace([race("b", "14:00")], "a"), "b");
});
