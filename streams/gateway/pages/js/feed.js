/**
 * The live connection of a page: opens the gateway's stream, hands out what comes, and never gives up.
 *
 * The browser reconnects an EventSource by itself most of the time. Two things it does not do are done here: it
 * gives up for good after an answer that is no stream (a proxy's error page), and it does not notice a connection
 * on which nothing comes any more. In both cases the stream is opened anew, from where it was.
 */

export const SILENCE_MS = 25_000;
/** How often the silence is looked at; a sleeping laptop looks when it wakes. */
export const LOOK_MS = 5_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
const EVENTS = ["snapshot", "races", "standings", "field.top", "podium", "pace", "records", "rankings", "needs"];
const CLOSED = 2;

/** Read from a page's own query string how many seconds everything is to be held back, 0 to 300. */
export function delayAsked(search) {
  const asked = Number(new URLSearchParams(search).get("delay"));
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 0), 300) : 0;
}

/**
 * Spell the address of a stream.
 *
 * @param {object} wanted `races`, `disciplines`, `kinds`: lists, empty or absent for all; `delay` in seconds;
 *   `token`; `base`: the gateway's origin, "" for the page's own.
 * @param {string} lastEventId where to go on, "" for a snapshot.
 */
export function streamAddress(wanted, lastEventId = "") {
  const query = new URLSearchParams();
  for (const race of wanted.races ?? []) query.append("race", race);
  for (const discipline of wanted.disciplines ?? []) query.append("discipline", discipline);
  if (wanted.kinds?.length) query.set("kind", wanted.kinds.join(","));
  if (wanted.delay) query.set("delay", String(wanted.delay));
  if (wanted.token) query.set("token", wanted.token);
  if (lastEventId) query.set("last_event_id", lastEventId);
  const asked = query.toString();
  return `${wanted.base ?? ""}/api/stream${asked ? `?${asked}` : ""}`;
}

/**
 * Open a stream and keep it open.
 *
 * @param {object} wanted see `streamAddress`; without `delay` the page's own query decides.
 * @param {(kind: string, data: object) => void} onMessage gets `snapshot` first, and changes by their kind.
 * @param {(state: object) => void} onState gets `{connected, stale, delay}` whenever one of them changes:
 *   `connected` is whether the stream is open and was heard lately, `stale` whether the gateway itself says that
 *   it hears nothing from behind it, `delay` the seconds by which everything is held back.
 * @param {typeof EventSource} Source what opens streams; the browser's, but for tests.
 * @returns {{close: () => void, state: () => object}}
 */
export function openFeed(wanted, onMessage, onState = () => {}, Source = globalThis.EventSource) {
  const asked = { ...wanted, delay: wanted.delay ?? delayAsked(globalThis.location?.search ?? "") };
  let state = Object.freeze({ connected: false, stale: false, delay: asked.delay });
  let source = null;
  let lastEventId = "";
  let heardAt = Date.now();
  let retry = null;
  let wait = FIRST_RETRY_MS;

  function tell(change) {
    const next = { ...state, ...change };
    if (Object.keys(next).every((name) => next[name] === state[name])) return;
    state = Object.freeze(next);
    onState(state);
  }

  function heard(event) {
    heardAt = Date.now();
    wait = FIRST_RETRY_MS;
    if (event.lastEventId) lastEventId = event.lastEventId;
    tell({ connected: true });
    return JSON.parse(event.data);
  }

  function open() {
    retry = null;
    heardAt = Date.now();
    const opened = new Source(streamAddress(asked, lastEventId));
    source = opened;
    // What a stream that was left still has to say is not for us.
    const on = (name, take) => opened.addEventListener(name, (event) => opened === source && take(event));
    for (const kind of EVENTS) {
      on(kind, (event) => {
        const data = heard(event);
        if (kind === "snapshot") tell({ stale: data.stale, delay: data.delay_s });
        onMessage(kind, data);
      });
    }
    on("status", (event) => {
      const data = heard(event);
      tell({ stale: data.stale, delay: data.delay_s });
    });
    on("goodbye", () => tell({ connected: false }));
    on("error", () => {
      tell({ connected: false });
      if (opened.readyState === CLOSED) again();
    });
  }

  function again() {
    source?.close();
    source = null;
    tell({ connected: false });
    if (retry !== null) return;
    retry = setTimeout(open, wait);
    wait = Math.min(wait * 2, LONGEST_RETRY_MS);
  }

  const looking = setInterval(() => {
    if (source !== null && Date.now() - heardAt > SILENCE_MS) again();
  }, LOOK_MS);
  open();
  return {
    close() {
      clearInterval(looking);
      clearTimeout(retry);
      source?.close();
      source = null;
    },
    state: () => state,
  };
}
