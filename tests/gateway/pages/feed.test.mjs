// The live connection, over a source that does what it is told.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import {
  LOOK_MS,
  SILENCE_MS,
  delayAsked,
  openFeed,
  streamAddress,
} from "../../../streams/gateway/pages/js/feed.js";

let opened = [];

class Source extends EventTarget {
  readyState = 0;

  constructor(address) {
    super();
    this.address = address;
    opened.push(this);
  }

  send(name, data, lastEventId = "") {
    this.readyState = 1;
    const event = new Event(name);
    this.dispatchEvent(Object.assign(event, { data: JSON.stringify(data), lastEventId }));
  }

  fail(readyState) {
    this.readyState = readyState;
    this.dispatchEvent(new Event("error"));
  }

  close() {
    this.readyState = 2;
  }
}

let feed = null;
const messages = [];
const states = [];

beforeEach(() => {
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  opened = [];
  messages.length = 0;
  states.length = 0;
  feed = openFeed(
    { races: [], delay: 0 },
    (...message) => messages.push(message),
    (state) => states.push(state),
    Source,
  );
});

afterEach(() => {
  feed.close();
  mock.timers.reset();
});

test("an address names what is wanted and nothing else", () => {
  assert.equal(streamAddress({}), "/api/stream");
  const wanted = { races: ["oslo/M500/A"], kinds: ["standings", "pace"], delay: 5, base: "http://gateway" };
  assert.equal(
    streamAddress(wanted, "7-9"),
    "http://gateway/api/stream?race=oslo%2FM500%2FA&kind=standings%2Cpace&delay=5&last_event_id=7-9",
  );
});

test("the page's own query asks for the delay, within what the gateway gives", () => {
  assert.equal(delayAsked("?delay=12.5"), 12.5);
  assert.equal(delayAsked("?delay=1000"), 300);
  assert.equal(delayAsked("?delay=soon"), 0);
  assert.equal(delayAsked(""), 0);
});

test("snapshot and changes go through one handler, and tell that the stream is alive", () => {
  opened[0].send("snapshot", { stale: true, delay_s: 3 });
  opened[0].send("pace", { type: "pace" });
  assert.deepEqual(
    messages.map(([kind]) => kind),
    ["snapshot", "pace"],
  );
  assert.deepEqual(feed.state(), { connected: true, stale: true, delay: 3 });
});

test("a status tells staleness, once for each change", () => {
  opened[0].send("status", { stale: false, delay_s: 0 });
  opened[0].send("status", { stale: true, delay_s: 0 });
  opened[0].send("status", { stale: true, delay_s: 0 });
  assert.deepEqual(
    states.map((state) => state.stale),
    [false, true],
  );
});

test("a stream on which nothing comes any more is opened anew, from where it was", () => {
  opened[0].send("pace", {}, "41");
  for (let ms = 0; ms <= SILENCE_MS + LOOK_MS; ms += LOOK_MS) mock.timers.tick(LOOK_MS);
  assert.equal(opened.length, 2);
  assert.equal(opened[0].readyState, 2);
  assert.equal(opened[1].address, "/api/stream?last_event_id=41");
});

test("a heartbeat keeps a quiet stream open", () => {
  for (let beats = 0; beats < 10; beats += 1) {
    opened[0].send("status", { stale: false, delay_s: 0 });
    mock.timers.tick(10_000);
  }
  assert.equal(opened.length, 1);
});

test("an EventSource that gave up is opened anew, ever later", () => {
  opened[0].fail(2);
  assert.equal(feed.state().connected, false);
  mock.timers.tick(1_000);
  assert.equal(opened.length, 2);
  opened[1].fail(2);
  mock.timers.tick(1_000);
  assert.equal(opened.length, 2);
  mock.timers.tick(1_000);
  assert.equal(opened.length, 3);
});

test("one that the browser reconnects by itself is left to it", () => {
  opened[0].fail(0);
  mock.timers.tick(4_000);
  assert.equal(opened.length, 1);
  assert.equal(feed.state().connected, false);
});

test("a stream that was left has nothing to say any more", () => {
  feed.close();
  opened[0].send("pace", {});
  assert.deepEqual(messages, []);
});
