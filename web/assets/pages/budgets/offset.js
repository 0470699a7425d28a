// Where a budget's day begins: in the zone that the reader's days are of, as far ahead of UTC as it is now.
import { api, get } from "../../lib/api.js";
import { can } from "../../lib/session.js";
import { partsOf } from "../../lib/zone.js";

/** Minutes that the clocks of the reader's zone are ahead of UTC now. */
export function offsetNow() {
  const now = Math.floor(Date.now() / 1000), { year, month, day, hour, minute, second } = partsOf(now);
  return Math.round((Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - now) / 60);
}

/** "UTC+08:00". @param {number} minutes */
export const offsetText = (minutes) => `UTC${minutes < 0 ? "−" : "+"}${String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0")}:${String(Math.abs(minutes) % 60).padStart(2, "0")}`;

/** Offsets that zones of the world have, in minutes; and one that is none of them, where it is in force. @param {number} own */
export function offsets(own) {
  const odd = [-570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765];
  const whole = Array.from({ length: 27 }, (_, i) => (i - 12) * 60);
  return [...new Set([...whole, ...odd, own])].sort((a, b) => a - b);
}

/**
 * Lets the budget that a new key was made with begin its days where the reader's begin. The key is there and shown once: what
 * fails here must not hide it, so the budget keeps the days of UTC then.
 * @param {any} key
 */
export async function giveOwnDays(key) {
  const offset = offsetNow();
  if (!offset || !can("limits:write")) return;
  try {
    const { data } = await get("/budgets", { scope: `key:${key.id}` });
    for (const one of data) await api("PATCH", `/budgets/${encodeURIComponent(one.id)}`, { body: { utc_offset_minutes: offset }, version: one.version });
  } catch { /* it is seen, and can be changed, on the page of budgets */ }
}
