// Which records are announced, one after another, and which are taken back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_RECORDS, advance, clear, hear, pass, remember, skip } from "../../../streams/gateway/pages/overlay/record-queue.js";
import { recordView } from "../../../streams/gateway/pages/overlay/record-view.js";
import { read } from "../../../streams/gateway/pages/overlay/settings.js";
import { competitor, recordSet, revoked } from "./messages.mjs";

const WANTED = { kinds: ["WR", "OR", "NR", "TR"], race: null };
const after = (...messages) => messages.reduce((queue, message) => hear(queue, message, WANTED), NO_RECORDS);
const names = (queue) => queue.waiting.map((card) => card.competitor.id);
const kinds = (card) => card.marks.map((mark) => mark.kind);
const view = (card, query = "") => recordView(card, read(new URLSearchParams(query), "record").values);

test("records come one after another, each for the seconds asked", () => {
  const both = after(recordSet("WR", "a", 33_600), recordSet("NR", "b", 33_900, { scope: "NOR" }));
  const first = advance(both, 1_000, 8);
  assert.equal(first.shown.competitor.id, "a");
  assert.equal(advance(first, 8_999, 8), first);
  const second = advance(first, 9_000, 8);
  assert.equal(second.shown.competitor.id, "b");
  assert.equal(advance(second, 17_000, 8).shown, null);
});

test("all that one time has done is one card, the highest kind first", () => {
  const queue = after(recordSet("TR", "a", 33_600, { scope: "rink" }), recordSet("WR", "a", 33_600), recordSet("NR", "a", 33_600, { scope: "NED" }));
  assert.deepEqual(queue.waiting.map(kinds), [["WR", "NR", "TR"]]);
});

test("a kind that comes while its card is on air joins it", () => {
  const shown = advance(after(recordSet("NR", "a", 33_600, { scope: "NED" })), 0, 8);
  const joined = hear(shown, recordSet("WR", "a", 33_600), WANTED);
  assert.deepEqual([kinds(joined.shown), joined.until, joined.waiting], [["WR", "NR"], 8_000, []]);
});

test("kinds and races that were not asked for are not announced, also not later", () => {
  const personal = recordSet("PB", "a", 34_000, { scope: "a" });
  assert.deepEqual(after(personal).waiting, []);
  assert.deepEqual(hear(NO_RECORDS, recordSet("WR", "a", 33_600), { ...WANTED, race: "elsewhere/M500/A" }).waiting, []);
  assert.deepEqual(hear(after(personal), personal, { kinds: ["PB"], race: null }).waiting, []);
});

test("a record that comes again, corrected or official, is not announced again", () => {
  const told = skip(advance(after(recordSet("WR", "a", 33_600)), 0, 8));
  assert.deepEqual(hear(told, recordSet("WR", "a", 33_590, { status: "official" }), WANTED).waiting, []);
});

test("one that waits or is on air has the corrected time at once", () => {
  const corrected = recordSet("WR", "a", 33_590);
  assert.equal(hear(after(recordSet("WR", "a", 33_600)), corrected, WANTED).waiting[0].marks[0].time_ms, 33_590);
  const shown = hear(advance(after(recordSet("WR", "a", 33_600)), 0, 8), corrected, WANTED);
  assert.deepEqual([shown.shown.marks[0].time_ms, shown.until], [33_590, 8_000]);
});

test("a revoked record goes at once, waiting or on air", () => {
  const waiting = after(recordSet("WR", "a", 33_600), revoked("WR", "a", 33_600));
  assert.deepEqual([waiting.waiting, waiting.shown], [[], null]);
  const shown = hear(advance(after(recordSet("WR", "a", 33_600), recordSet("NR", "b", 33_900)), 0, 8), revoked("WR", "a", 33_600), WANTED);
  assert.equal(shown.shown, null);
  assert.equal(advance(shown, 1, 8).shown.competitor.id, "b");
});

test("what is left of a card after one of its kinds was revoked stays", () => {
  const shown = advance(after(recordSet("WR", "a", 33_600), recordSet("NR", "a", 33_600, { scope: "NED" })), 0, 8);
  assert.deepEqual(kinds(hear(shown, revoked("WR", "a", 33_600), WANTED).shown), ["NR"]);
});

test("a near miss is no record, and takes one back that was told", () => {
  const missed = recordSet("WR", "a", 33_620, { type: "record.missed" });
  assert.deepEqual(after(missed).waiting, []);
  assert.deepEqual(after(recordSet("WR", "a", 33_600), missed).waiting, []);
});

test("a record set anew after it was revoked is news", () => {
  assert.deepEqual(names(after(recordSet("WR", "a", 33_600), revoked("WR", "a", 33_600), recordSet("WR", "a", 33_605))), ["a"]);
});

test("a record that was beaten before it could be told is not told any more", () => {
  assert.deepEqual(names(after(recordSet("WR", "a", 33_600), recordSet("WR", "b", 33_500))), ["b"]);
  const shown = advance(after(recordSet("WR", "a", 33_600)), 0, 8);
  assert.equal(hear(shown, recordSet("WR", "b", 33_500), WANTED).shown, null);
});

test("an equalled record stands beside the one it equals, another board's is its own", () => {
  const equalled = recordSet("WR", "b", 33_600, { type: "record.equalled", margin_ms: 0 });
  assert.deepEqual(names(after(recordSet("WR", "a", 33_600), equalled)), ["a", "b"]);
  assert.deepEqual(names(after(recordSet("NR", "a", 33_900, { scope: "NED" }), recordSet("NR", "b", 33_600, { scope: "NOR" }))), ["a", "b"]);
});

test("what a snapshot tells is old", () => {
  const queue = remember(NO_RECORDS, [recordSet("WR", "a", 33_600)]);
  assert.deepEqual(queue.waiting, []);
  assert.deepEqual(hear(queue, recordSet("WR", "a", 33_600, { status: "official" }), WANTED).waiting, []);
});

test("a snapshot takes back what it does not bear out, and leaves what it does", () => {
  const shown = advance(after(recordSet("WR", "a", 33_600), recordSet("NR", "b", 33_900)), 0, 8);
  const without = remember(shown, [recordSet("NR", "b", 33_900), revoked("WR", "a", 33_600)]);
  assert.deepEqual([without.shown, names(without)], [null, ["b"]]);
  assert.deepEqual(remember(shown, [recordSet("WR", "a", 33_590), recordSet("NR", "b", 33_900)]).shown.marks[0].time_ms, 33_590);
});

test("what was missed is noted and not announced", () => {
  const missed = pass(NO_RECORDS, recordSet("WR", "a", 33_600));
  assert.deepEqual(missed.waiting, []);
  assert.deepEqual(hear(missed, recordSet("WR", "a", 33_590), WANTED).waiting, []);
});

test("a cleared queue announces nothing, and does not forget", () => {
  const cleared = clear(after(recordSet("WR", "a", 33_600)));
  assert.deepEqual([cleared.waiting, cleared.shown], [[], null]);
  assert.deepEqual(hear(cleared, recordSet("WR", "a", 33_600), WANTED).waiting, []);
});

test("a card says what, who, how fast, and what stood before", () => {
  const previous = { time_ms: 33_610, time: "33.61", holder: competitor("k", "Pavel Kulizhnikov", "RUS"), set_on: null, race_id: null };
  const [card] = after(recordSet("WR", "a", 33_600, { previous }), recordSet("TR", "a", 33_600)).waiting;
  const written = view(card);
  assert.deepEqual([written.kind, written.headline, written.race, written.time], ["WR", "world record", "Men 500 m, A division", "33.60"]);
  assert.equal(written.before, "0.01 under 33.61 of Pavel Kulizhnikov");
  assert.deepEqual([written.others, written.isProvisional], [["TR"], ""]);
  assert.equal(view(card, "checks=1").isProvisional, "provisional");
  assert.equal(view(card, "lang=nl").headline, "wereldrecord");
});

test("an equalled record says whose", () => {
  const previous = { time_ms: 33_610, time: "33.61", holder: competitor("k", "K"), set_on: null, race_id: null };
  const [card] = after(recordSet("WR", "a", 33_613, { type: "record.equalled", margin_ms: 0, previous })).waiting;
  assert.deepEqual([view(card).headline, view(card).before], ["world record equalled", "33.61 K"]);
});
