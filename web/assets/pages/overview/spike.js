// Finds a stretch in which a metric was far above what is usual for it.

/** The value in the middle. @param {number[]} list */
function median(list) {
  const sorted = list.slice().sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Seconds of data below which nothing can be called usual. */
const NEEDED = 120;
/** Seconds without a value, or below the limit, that do not end a stretch. */
const GAP = 3;

/**
 * The latest stretch of at least `least` seconds above median + 6 × MAD.
 * @param {number[]} times epoch seconds, one apart
 * @param {(number | null)[]} values
 * @param {{least?: number, floor?: number}} [options] floor: what is no higher than the median by this much is no spike
 * @returns {{from: number, to: number, peak: number, usual: number} | null}
 */
export function findSpike(times, values, { least = 10, floor = 0 } = {}) {
  const known = /** @type {number[]} */ (values.filter((value) => value !== null));
  if (known.length < NEEDED) return null;
  const usual = median(known), spread = median(known.map((value) => Math.abs(value - usual)));
  const limit = usual + Math.max(6 * spread, floor);
  let end = -1, start = -1, above = 0, peak = 0;
  for (let i = values.length - 1; i >= 0; i--) {
    const value = values[i];
    if (value !== null && value > limit) {
      if (end < 0) [end, above, peak] = [i, 0, 0];
      start = i;
      above++;
      peak = Math.max(peak, value);
    } else if (end >= 0 && start - i >= GAP) {
      if (end - start + 1 >= least && above >= least / 2) break;
      end = -1;
    }
  }
  if (end < 0 || end - start + 1 < least || above < least / 2) return null;
  return { from: times[start], to: times[end] + 1, peak, usual };
}
