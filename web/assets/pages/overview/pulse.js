// The last seconds, one by one: asked once, then moved on by the live connection.
import { onBeforeUnmount, shallowReactive, watchEffect } from "../../lib/vue.js";
import { get } from "../../lib/api.js";
import { live, onLive } from "../../lib/live.js";
import { namedFilters } from "../../lib/requests.js";

/** Longer ranges are told slice by slice. */
const MOST = 900;

/**
 * Whether a span is the last minutes of everything: seconds are kept for the whole, not for each filter.
 * @param {{live: boolean, length: number}} span
 */
export const isPulsed = (span) => span.live && span.length <= MOST && Object.keys(namedFilters()).length === 0;

/**
 * Columns of numbers by name, with `times`; both are replaced as a whole at each second, and never grow.
 * @param {() => number | null} seconds how many seconds; null for none. To be called in setup().
 */
export function usePulse(seconds) {
  const pulse = shallowReactive({
    times: /** @type {number[]} */ ([]), columns: /** @type {Record<string, (number | null)[]>} */ ({}), data: /** @type {any} */ (null), error: /** @type {any} */ (null),
    loading: true, at: /** @type {number | null} */ (null), reload: () => load(),
  });
  let number = 0, length = /** @type {number | null} */ (null);
  async function load() {
    const mine = ++number;
    if (!length) return;
    pulse.loading = true;
    try {
      const answer = await get("/pulse", { seconds: length });
      if (mine !== number) return;
      const count = Math.max(0, ...Object.values(answer.columns).map((/** @type {any} */ list) => list.length)), from = answer.t0 ?? Math.floor(Date.now() / 1000);
      // What was before the gateway began is a gap, so that the axis is as long as the range.
      const missing = Math.max(0, length - count), gap = Array(missing).fill(null);
      pulse.times = Array.from({ length: missing + count }, (_, i) => from - missing + i);
      pulse.columns = Object.fromEntries(Object.entries(answer.columns).map(([name, list]) => [name, [...gap, .../** @type {any} */ (list)]]));
      Object.assign(pulse, { data: answer, error: null, at: Date.now() / 1000 });
    } catch (error) {
      if (mine === number) pulse.error = error;
    }
    pulse.loading = false;
  }
  onLive("tick", ({ t: time, p: values }) => {
    if (!pulse.data || !length) return;
    const last = pulse.times.at(-1) ?? 0;
    if (time <= last) return;
    // After a while away what was missed is asked for.
    if (time - last > 30) return void load();
    const moved = (/** @type {any[]} */ list, /** @type {(second: number) => any} */ value) => {
      for (let second = last + 1; second <= time; second++) {
        list.shift();
        list.push(value(second));
      }
      return list;
    };
    pulse.columns = Object.fromEntries(Object.entries(pulse.columns).map(([name, list]) => [name, moved(list, (second) => (second === time ? values[name] ?? null : null))]));
    pulse.times = moved(pulse.times.slice(), (second) => second);
    pulse.at = time;
  });
  const stop = watchEffect(() => {
    const now = seconds();
    if (now === length) return;
    length = now;
    Object.assign(pulse, { data: null, error: null });
    queueMicrotask(load);
  });
  // Without a connection it is asked for now and then.
  const timer = setInterval(() => { if (length && live.on && !live.connected && !document.hidden) load(); }, 10_000);
  onBeforeUnmount(() => {
    stop();
    clearInterval(timer);
    number++;
  });
  return pulse;
}

/** The mean of the last so many seconds, of those that are known. @param {(number | null)[]} list @param {number} count */
export function meanOfLast(list, count) {
  const known = list.slice(-count).filter((value) => value !== null);
  return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}

/** The mean of the ten seconds up to each second, as requests per second are told. @param {(number | null)[]} list */
export function smoothed(list, count = 10) {
  let sum = 0, known = 0;
  return list.map((value, i) => {
    if (value !== null) [sum, known] = [sum + value, known + 1];
    const gone = i >= count ? list[i - count] : null;
    if (gone !== null) [sum, known] = [sum - gone, known - 1];
    return value === null || !known ? null : Math.max(0, sum / known);
  });
}
