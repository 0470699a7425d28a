// The time range of a view, as the address has it: ?range=15m (up to now) or ?from=…&to=… (epoch seconds).
import { computed, ref } from "./vue.js";
import { route, setQuery } from "./route.js";
import { dayTime, partsOf, timeOf, zone } from "./zone.js";

const MINUTE = 60, HOUR = 3_600, DAY = 86_400;
/** The lengths that can be picked, in seconds. @type {Record<string, number>} */
export const LENGTHS = {
  "5m": 5 * MINUTE, "15m": 15 * MINUTE, "1h": HOUR, "6h": 6 * HOUR, "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY,
};
/** Seconds between two points of a chart, so that there are at most some 700. */
const STEPS = [1, 5, 15, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY];

const now = ref(Math.floor(Date.now() / 1000));
/** Moves ranges that end now; called each second while the view is live. @param {number} time epoch seconds */
export const tick = (time) => (now.value = time);

/**
 * A length as people write it: "15m", "2h", "3d", "1w".
 * @param {string} text @returns {number | null} seconds
 */
export function parseLength(text) {
  const match = /^(\d{1,4})\s*(s|m|min|h|d|w)$/.exec(text.trim());
  if (!match) return null;
  const unit = { s: 1, m: MINUTE, min: MINUTE, h: HOUR, d: DAY, w: 7 * DAY }[match[2]] ?? 0;
  const seconds = Number(match[1]) * unit;
  return seconds >= MINUTE && seconds <= 400 * DAY ? seconds : null;
}

/** The length of a name in the address, or of what was typed. @param {string} name */
const lengthOf = (name) => Object.hasOwn(LENGTHS, name) ? LENGTHS[name] : parseLength(name);
/** The year 2100: what is later in an address was never meant. */
const LATEST = 4_102_444_800;

/**
 * What is typed into the range box: a length, "today", "yesterday", "this month", "last month", "2026-11-03..2026-11-07".
 * @param {string} text @returns {Record<string, string | null> | null} what the address is to have; null when it is none
 */
export function parseRange(text) {
  const words = text.trim().toLowerCase(), end = Math.floor(Date.now() / 1000), { year, month, day } = partsOf(end);
  const between = (/** @type {number} */ from, /** @type {number} */ to) => ({ range: null, from: String(from), to: String(to) });
  if (lengthOf(words)) return { range: words.replace(/\s/g, ""), from: null, to: null };
  const today = timeOf(year, month, day), thisMonth = timeOf(year, month, 1);
  if (["today", "今天"].includes(words)) return between(today, end);
  if (["yesterday", "昨天"].includes(words)) return between(timeOf(year, month, day - 1), today);
  if (["this month", "本月"].includes(words)) return between(thisMonth, end);
  if (["last month", "上月", "上个月"].includes(words)) return between(timeOf(year, month - 1, 1), thisMonth);
  const span = /^(\d{4}-\d{2}-\d{2})(?:\s*\.\.\s*(\d{4}-\d{2}-\d{2}))?$/.exec(words);
  const from = dayTime(span?.[1]), last = dayTime(span?.[2] ?? span?.[1]);
  if (from === null || last === null || from > last) return null;
  const till = partsOf(last);
  return between(from, timeOf(till.year, till.month, till.day + 1));
}

/** @param {number} from @param {number} to */
const isWindow = (from, to) => from > 0 && to > from && to <= LATEST;

/**
 * The range in force.
 * @type {import("./vue.d.ts").ComputedRef<{from: number, to: number, length: number, step: number, live: boolean, name: string}>}
 */
export const range = computed(() => {
  const from = Number(route.query.from), to = Number(route.query.to);
  if (isWindow(from, to)) return { from, to, length: to - from, step: step(to - from), live: false, name: "" };
  const name = route.query.range ?? "", length = lengthOf(name);
  const usual = length ?? HOUR;
  return { from: now.value - usual, to: now.value, length: usual, step: step(usual), live: true, name: length ? name : "1h" };
});

/** What the address says of a range and cannot be read; "" where there is no such thing. */
export const unreadRange = computed(() => {
  const { from, to, range: name = "" } = route.query;
  if (from !== undefined || to !== undefined) return isWindow(Number(from), Number(to)) ? "" : `${from ?? ""}..${to ?? ""}`;
  return name && !lengthOf(name) ? name : "";
});

/** @param {number} length */
const step = (length) => STEPS.find((seconds) => length / seconds <= 720) ?? DAY;

/** Takes a window that was dragged on a chart. @param {number} from @param {number} to */
export const pickWindow = (from, to) => setQuery({ range: null, from: String(Math.floor(from)), to: String(Math.ceil(to)) });

/** Moves the range by parts of its length. @param {number} back @param {number} forth */
export function shift(back, forth) {
  const { from, to, length, live } = range.value, end = Math.floor(Date.now() / 1000), moves = back === forth;
  // What ends now cannot go on; what would go beyond keeps its length, and ends now.
  if (moves && forth > 0 && live) return;
  const newTo = Math.min(end, to + forth * length), newFrom = moves ? newTo - length : Math.min(from + back * length, newTo - MINUTE);
  setQuery({ range: null, from: String(Math.max(1, Math.round(newFrom))), to: String(Math.round(newTo)) });
}

/** Epoch seconds as the gateway reads times. @param {number} seconds */
export const iso = (seconds) => new Date(seconds * 1000).toISOString().replace(/\.\d{3}Z$/, "Z");

/** The range as parameters of the API, to whole steps so that the same view asks for the same thing. */
export const rangeQuery = computed(() => {
  const { from, to, step } = range.value, unit = Math.max(step, 60);
  return { since: iso(Math.floor(from / unit) * unit), until: iso(Math.ceil(to / unit) * unit), tz: zone() };
});

/** The window of equal length just before, as parameters of the API. */
export const previousQuery = computed(() => {
  const { from, length, step } = range.value, unit = Math.max(step, 60);
  return { since: iso(Math.floor((from - length) / unit) * unit), until: iso(Math.floor(from / unit) * unit), tz: zone() };
});
