// Coming on air and going off, one view at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { onAir } from "../../../streams/gateway/pages/overlay/air.js";

function stageWith(t, durations) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  globalThis.getComputedStyle = () => ({ getPropertyValue: (name) => durations[name] });
  const stage = { dataset: {} };
  const drawn = [];
  return { stage, drawn, air: onAir(stage, (view) => drawn.push(view)), pass: (ms) => t.mock.timers.tick(ms) };
}
const SLOW = { "--in": "500ms", "--out": "0.3s" };

test("a view comes in, and is drawn before it is seen", async (t) => {
  const { stage, drawn, air, pass } = stageWith(t, SLOW);
  const shown = air.show({ key: "a" });
  assert.deepEqual([stage.dataset.air, drawn.length], ["in", 1]);
  pass(500);
  await shown;
  assert.equal(stage.dataset.air, "on");
});

test("the same key is drawn again where it is, another one waits until it has left", async (t) => {
  const { stage, drawn, air, pass } = stageWith(t, SLOW);
  air.show({ key: "a", n: 1 });
  air.show({ key: "a", n: 2 });
  pass(500);
  assert.deepEqual(drawn.map(({ n }) => n), [1, 2]);
  const changed = air.show({ key: "b", n: 3 });
  assert.equal(stage.dataset.air, "leaving");
  assert.equal(drawn.length, 2);
  pass(300);
  assert.deepEqual([stage.dataset.air, drawn.at(-1).key], ["in", "b"]);
  pass(500);
  await changed;
});

test("what is called off while it waits never comes in", async (t) => {
  const { stage, drawn, air, pass } = stageWith(t, SLOW);
  air.show({ key: "a" });
  air.show({ key: "b" });
  const hidden = air.hide();
  pass(300);
  await hidden;
  assert.deepEqual([stage.dataset.air, drawn.length], ["out", 1]);
});

test("a view that comes back while it leaves comes in anew", (t) => {
  const { stage, air, pass } = stageWith(t, SLOW);
  air.show({ key: "a" });
  pass(500);
  air.hide();
  air.show({ key: "a" });
  assert.equal(stage.dataset.air, "leaving");
  pass(300);
  assert.equal(stage.dataset.air, "in");
});

test("without motion everything is at once", async (t) => {
  const { stage, air } = stageWith(t, { "--in": "0ms", "--out": "0ms" });
  await air.show({ key: "a" });
  assert.equal(stage.dataset.air, "on");
  await air.show({ key: "b" });
  assert.equal(stage.dataset.air, "on");
  await air.hide();
  assert.equal(stage.dataset.air, "out");
});
