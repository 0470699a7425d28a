// The live connection: what the gateway tells each second. One for the page, none while it is hidden.
import { onBeforeUnmount, shallowReactive, watch } from "./vue.js";
import { ask } from "./api.js";
import { events } from "./events.js";
import { tick } from "./range.js";

export const live = shallowReactive({
  /** Whether the page moves; the reader can stop it. */
  on: new URLSearchParams(location.search).get("live") !== "0",
  connected: false,
  /** The last second that was told, in epoch seconds. */
  time: 0,
  /** The newest sums, by name. @type {Record<string, number>} */
  pulse: {},
});

/** The connection, as long as there is one. @type {AbortController | null} */
let connection = null;
/** The last event that was heard: the gateway goes on from there after a short gap. */
let last = "";
/** @type {Record<string, Set<(data: any) => void>>} */
const listeners = { tick: new Set(), rows: new Set(), alert: new Set(), config: new Set() };

/**
 * Hears of what happens, while the page is live. To be called in setup().
 * @param {"tick" | "rows" | "alert" | "config"} event @param {(data: any) => void} action
 */
export function onLive(event, action) {
  listeners[event].add(action);
  onBeforeUnmount(() => listeners[event].delete(action));
}

/**
 * Hears that the page is live again, after it was paused, hidden or cut off: what happened meanwhile was not told.
 * To be called in setup().
 * @param {() => void} action
 */
export const onLiveAgain = (action) => void watch(() => live.on && live.connected, (now) => now && action());

/** Seconds until a lost connection is tried again: more each time, up to half a minute. */
const WAITS = [2, 2, 5, 10, 30];

/** Connects, and again when the connection is lost, until the page is hidden. */
export async function connect() {
  if (connection || document.hidden) return;
  const mine = connection = new AbortController();
  for (let lost = 0; !mine.signal.aborted; lost++) {
    try {
      const answer = await ask("GET", "/stream", { query: { topics: "pulse,requests,alerts" }, after: last, signal: mine.signal });
      live.connected = true;
      for await (const { event, data, id } of events(answer)) {
        lost = 0;
        if (id) last = id;
        if (live.on && event in listeners) hear(/** @type {keyof typeof listeners} */ (event), JSON.parse(data));
      }
    } catch { /* refused, or lost: tried again below */ }
    if (connection === mine) live.connected = false;
    if (!mine.signal.aborted) await new Promise((resolve) => setTimeout(resolve, WAITS[Math.min(lost, WAITS.length - 1)] * 1000));
  }
}

/** @param {string} event @param {any} data */
function hear(event, data) {
  if (event === "tick") {
    live.time = data.t;
    live.pulse = data.p;
    tick(data.t);
  }
  for (const action of listeners[event]) action(data);
}

function disconnect() {
  connection?.abort();
  connection = null;
  live.connected = false;
}

let started = false;
export function startLive() {
  if (started) return;
  started = true;
  connect();
  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  // Ranges that end now go on without a connection too.
  setInterval(() => {
    if (live.on && !live.connected && !document.hidden) tick(Math.floor(Date.now() / 1000));
  }, 5_000);
}
