// Times as people read them, in both languages.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  difference,
  inLanguage,
  shownGap,
  shownTime,
  shownWithThousandth,
  textOf,
} from "../../../streams/gateway/pages/js/times.js";

test("a time is truncated to hundredths, never rounded", () => {
  assert.equal(textOf(67098), "1:07.09");
  assert.equal(textOf(36099), "36.09");
  assert.equal(textOf(0), "0.00");
  assert.equal(textOf(751999), "12:31.99");
});

test("the Dutch write a comma before the hundredths and a point after the minutes", () => {
  assert.equal(inLanguage("1:07.92", "nl"), "1.07,92");
  assert.equal(inLanguage("1:07.92", "en"), "1:07.92");
  assert.equal(shownTime(67929, "nl"), "1.07,92");
});

test("the deciding thousandth stands in brackets, and only where there is one", () => {
  assert.equal(shownWithThousandth("1:19.24", "8", "en"), "1:19.24(8)");
  assert.equal(shownWithThousandth("1:19.24", "0", "nl"), "1.19,24(0)");
  assert.equal(shownWithThousandth("1:19.24", null, "en"), "1:19.24");
  assert.equal(shownWithThousandth(null, null, "en"), "");
});

test("a gap has its sign, a true minus sign where somebody is ahead", () => {
  assert.equal(shownGap(400, "en"), "+0.40");
  assert.equal(shownGap(-1190, "nl"), "−1,19");
  assert.equal(shownGap(0, "en"), "+0.00");
  assert.equal(shownGap(null, "en"), "");
});

test("gaps are differences of what is shown", () => {
  assert.equal(difference(67929, 67920), 0);
  assert.equal(difference(67930, 67929), 10);
});
