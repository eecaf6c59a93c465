// Which language a page speaks and how it names things.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chosenLanguage,
  clockOf,
  dayOf,
  ordinal,
  raceTitle,
  say,
  shownRank,
} from "../../../streams/gateway/pages/js/language.js";
import { NL } from "../../../streams/gateway/pages/js/dutch.js";
import { EN } from "../../../streams/gateway/pages/js/english.js";
import { race } from "./messages.mjs";

test("the address goes before the stored choice, and that before the browser's", () => {
  assert.equal(chosenLanguage("?lang=nl", "en", ["en-GB"]), "nl");
  assert.equal(chosenLanguage("", "nl", ["en-GB"]), "nl");
  assert.equal(chosenLanguage("", null, ["de-DE", "nl-BE", "en"]), "nl");
  assert.equal(chosenLanguage("?lang=fr", null, ["de"]), "en");
});

test("words are filled in, and an unknown key is said as it is", () => {
  assert.equal(say("nl", "delayed", { delay: 5 }), "5 s vertraagd");
  assert.equal(say("nl", "WR"), "WR");
  assert.equal(say("en", "SOMETHING_NEW"), "SOMETHING_NEW");
});

test("Dutch has no key that English lacks, and takes the same values", () => {
  const values = (words) => [...words.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();
  for (const [key, words] of Object.entries(NL)) {
    assert.ok(key in EN, `${key} is unknown in English`);
    assert.deepEqual(values(words), values(EN[key]), key);
  }
});

test("a race is named as an announcer does", () => {
  assert.equal(raceTitle(race({ run: 2 }), "en"), "Men 500 m, A division, race 2");
  assert.equal(raceTitle(race({ division: "-" }), "nl"), "500 m mannen");
  assert.equal(raceTitle(race({ discipline: "WTP" }), "nl"), "Ploegenachtervolging vrouwen, A-groep");
  assert.equal(raceTitle(race({ discipline: "XMR", division: "-" }), "en"), "Mixed relay");
});

test("places are numbers, with a sign where they are shared", () => {
  assert.equal(shownRank(8, true), "=8");
  assert.equal(shownRank(null, false), "");
  assert.deepEqual(
    [1, 2, 3, 4, 11, 12, 13, 21].map((rank) => ordinal(rank, "en")),
    ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st"],
  );
  assert.equal(ordinal(3, "nl"), "3e");
});

test("clock and day are those at the rink, wherever the page is read", () => {
  assert.equal(clockOf("2022-02-18T16:30:00+08:00"), "16:30");
  assert.equal(dayOf("2022-02-18T01:30:00+08:00", "en"), "Friday 18 February 2022");
  assert.equal(dayOf("2022-02-18T01:30:00+08:00", "nl"), "vrijdag 18 februari 2022");
});
