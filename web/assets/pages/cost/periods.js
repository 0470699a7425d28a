// Days and months of the reader's zone, as epoch seconds.
import { partsOf, timeOf } from "../../lib/zone.js";

/** @param {number} time @param {number} [days] so many days later */
export const dayStart = (time, days = 0) => {
  const { year, month, day } = partsOf(time);
  return timeOf(year, month, day + days);
};
/** @param {number} time @param {number} [months] so many months later */
export const monthStart = (time, months = 0) => {
  const { year, month } = partsOf(time);
  return timeOf(year, month + months, 1);
};
/** The Monday of a time's week. @param {number} time @param {number} [weeks] */
export const weekStart = (time, weeks = 0) => {
  const { year, month, day } = partsOf(time), weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return timeOf(year, month, day + weeks * 7 - ((weekday + 6) % 7));
};

/** A time in whole minutes, so that the same view asks for the same thing. @param {number} time */
export const minute = (time) => Math.floor(time / 60) * 60;

/** Today up to now, and yesterday up to the same time. @param {number} now */
export const today = (now) => {
  const from = dayStart(now), before = dayStart(now, -1);
  return { from, before: { from: before, to: Math.min(from, before + now - from) } };
};

/** This month up to now, and the same days of the last. @param {number} now */
export const thisMonth = (now) => {
  const from = monthStart(now), before = monthStart(now, -1), { year, month, day, hour, minute } = partsOf(now);
  // Dates, not seconds: the clocks may have been set in between, and months are of different lengths.
  const same = timeOf(year, month - 1, day, hour, minute);
  return { from, before: { from: before, to: Math.min(from, same) } };
};

const HOUR = 3_600, DAY = 86_400;
/** How long the bars of a range are, in seconds. @param {number} length */
export const barStep = (length) => length <= 1_800 ? 60 : length <= 2 * HOUR ? 300 : length <= 6 * HOUR ? 900 : length <= 3 * DAY ? HOUR : length <= 100 * DAY ? DAY : 7 * DAY;

/**
 * The whole slices that cover a range.
 * @param {{from: number, to: number}} range @returns {{from: number, to: number, step: number, count: number}}
 */
export function slices({ from, to }) {
  const step = barStep(to - from);
  if (step < DAY) {
    const first = Math.floor(from / step) * step, last = Math.ceil(to / step) * step;
    return { from: first, to: last, step, count: (last - first) / step };
  }
  const first = step === DAY ? dayStart(from) : weekStart(from);
  let last = first, count = 0;
  while (last < to) {
    last = dayStart(last, step / DAY);
    count++;
  }
  return { from: first, to: last, step, count };
}

/** The slices just before, as many of them. @param {{from: number, step: number, count: number}} now */
export const slicesBefore = ({ from, step, count }) => ({ from: step < DAY ? from - step * count : dayStart(from, -count * step / DAY), to: from, step, count });
