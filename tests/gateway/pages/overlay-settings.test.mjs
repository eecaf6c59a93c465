// What an overlay can be told, and what it refuses.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LOOKS, SETTINGS, read, waitsForPlay } from "../../../streams/gateway/pages/overlay/settings.js";

const asked = (query, graphic = "standings") => read(new URLSearchParams(query), graphic);

test("without anything given every setting has what holds by itself", () => {
  const { values, looks, refused, unknown } = asked("");
  assert.deepEqual(Object.keys(values).sort(), Object.keys(SETTINGS).sort());
  assert.deepEqual([values.race, values.lines, values.theme, values.blank, values.checks], [null, 10, "night", 30, false]);
  assert.deepEqual([looks, refused, unknown], [{}, [], []]);
});

test("a pair is held longer than a record", () => {
  assert.equal(asked("", "pair").values.hold, 12);
  assert.equal(asked("", "record").values.hold, 8);
  assert.equal(asked("hold=3", "pair").values.hold, 3);
});

test("each setting takes what it can be", () => {
  const query = "race=2022-olympics-beijing/M1000/-&lines=8&page=2&rotate=7.5&kinds=wr, nr&lang=nl&delay=4&theme=Ice&motion=none";
  const { values, refused } = asked(query);
  assert.deepEqual(refused, []);
  assert.equal(values.race, "2022-olympics-beijing/M1000/-");
  assert.deepEqual([values.lines, values.page, values.rotate, values.delay], [8, 2, 7.5, 4]);
  assert.deepEqual([values.kinds, values.lang, values.theme, values.motion], [["WR", "NR"], "nl", "ice", "none"]);
});

for (const query of [
  "lines=0", "lines=31", "lines=ten", "lines=1e1", "page=-1", "hold=0", "hold=121", "delay=301", "blank=-1", "rotate=NaN",
  "race=somewhere", "race=a/M500/C", "race=a b/M500/A", "kinds=XR", "kinds=WR;NR", "lang=fr", "theme=../x", "motion=some",
  "checks=maybe", "token=a%20b", "scale=3", "x=2000", "y=1e3", "width=10%25", "safe=21", "in=5001", "font-size=9px",
]) {
  test(`refuses ${query}, and keeps what holds by itself`, () => {
    const told = asked(query);
    assert.equal(told.refused.length, 1);
    assert.match(told.refused[0], new RegExp(`^${query.split("=")[0]}: cannot be "`));
    assert.deepEqual(told.values, asked("").values);
    assert.deepEqual(told.looks, {});
  });
}

test("looks become custom properties with their unit", () => {
  const { looks } = asked("accent=%23FF6600&width=800&y=-40px&safe=3.5&in=0&scale=1.25&move=300ms");
  assert.deepEqual(looks, {
    "--sl-accent": "#ff6600", "--sl-width": "800px", "--sl-y": "-40px", "--sl-safe": "3.5%",
    "--sl-in": "0ms", "--sl-scale": "1.25", "--sl-move": "300ms",
  });
});

for (const colour of ["#f60", "#f60c", "#ff6600", "#FF6600CC", "rgb(255, 102, 0)", "rgba(255,102,0,0.5)", "rgb(255 102 0 / 50%)",
  "hsl(24deg 100% 50%)", "rgba(0,0,0,1.0)", "transparent", "black"]) {
  test(`takes the colour ${colour}`, () => {
    assert.equal(read([["ink", colour]], "pair").looks["--sl-ink"], colour.toLowerCase());
  });
}

for (const colour of ["#ff660", "ff6600", "red; background: url(//x)", "url(x)", "var(--x)", "rgb(1,2)", "rgb(1,2,3", "expression(1)"]) {
  test(`refuses the colour ${colour}`, () => {
    assert.equal(read([["ink", colour]], "pair").looks["--sl-ink"], undefined);
  });
}

test("a font is a list of names, and nothing else", () => {
  const font = (text) => read([["font", text]], "pair").looks["--sl-font"];
  assert.equal(font("Barlow Semi Condensed, sans-serif"), '"Barlow Semi Condensed", sans-serif');
  assert.equal(font("'Überschrift 2'"), '"Überschrift 2"');
  assert.equal(font('x"; } * { display: none'), undefined);
  assert.equal(font("url(x)"), undefined);
});

test("of a name that is given twice the last one holds, and an empty one falls back", () => {
  assert.equal(asked("lines=4&lines=6").values.lines, 6);
  assert.equal(read([["lines", 4], ["lines", ""]], "standings").values.lines, 10);
  assert.equal(read([["race", null]], "standings").values.race, null);
});

test("names that no overlay has are told apart from values that cannot be", () => {
  const { unknown, refused } = asked("acent=red&__proto__=1&constructor=2");
  assert.deepEqual(unknown, ["acent", "__proto__", "constructor"]);
  assert.deepEqual(refused, []);
});

test("who is told to wait waits for play", () => {
  assert.equal(waitsForPlay(asked("").values), false);
  assert.equal(waitsForPlay(asked("caspar=1").values), true);
  assert.equal(waitsForPlay(asked("autoplay=0").values), true);
});

test("no look has the name of a setting", () => {
  assert.deepEqual(Object.keys(LOOKS).filter((name) => name in SETTINGS), []);
});
