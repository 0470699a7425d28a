// What stretch of time the chart spans: the range, or more than the window that was picked in it.
import { computed, onBeforeUnmount, ref } from "../../lib/vue.js";
import { LENGTHS, parseLength, range } from "../../lib/range.js";
import { route } from "../../lib/route.js";

const MINUTE = 60, DAY = 86_400;
/** Seconds between two points, whole minutes and beyond an hour whole hours, so that there are some 360 at most. */
const STEPS = [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 3_600, 6 * 3_600, DAY];

/** The span; it moves on by itself while it is live. To be called in setup(). */
export function useSpan() {
  const now = ref(Math.floor(Date.now() / 1000));
  const timer = setInterval(() => (now.value = Math.floor(Date.now() / 1000)), 15_000);
  onBeforeUnmount(() => clearInterval(timer));
  return computed(() => {
    const step = (/** @type {number} */ length) => STEPS.find((one) => length / one <= 360) ?? DAY;
    const { from, to, length, live } = range.value;
    const make = (/** @type {number} */ a, /** @type {number} */ b, /** @type {boolean} */ moves, /** @type {[number, number] | null} */ picked) => ({ from: a, to: b, length: b - a, live: moves, step: step(b - a), picked });
    if (live) return make(from, to, true, null);
    // A window that was picked within a live range is shown there.
    const named = LENGTHS[route.query.range ?? ""] ?? parseLength(route.query.range ?? "");
    if (named && from >= now.value - named) return make(now.value - named, now.value, true, [from, to]);
    if (length >= 30 * MINUTE) return make(from, to, false, null);
    const around = Math.max(5 * MINUTE, 2 * length);
    return make(from - around, Math.min(now.value, to + around), false, [from, to]);
  });
}
