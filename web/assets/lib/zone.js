// Days and clocks of a time zone: the one that the reader chose for the account, or else the browser's.
import { session } from "./session.js";

/** @type {Map<string, Intl.DateTimeFormat | null>} */
const clocks = new Map();

/** What tells the parts of a time in a zone; null for a zone that this browser does not know. @param {string} name */
function clock(name) {
  let format = clocks.get(name);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat("en-US", {
        timeZone: name, calendar: "gregory", numberingSystem: "latn", hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
        hour: "numeric", minute: "numeric", second: "numeric",
      });
    } catch {
      format = null;
    }
    clocks.set(name, format);
  }
  return format;
}

const browser = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
/** @type {string | null} */
let given = null;
/** Shows times in this zone, whatever the reader's is: what is shared has its own. @param {string} name */
export const giveZone = (name) => (given = clock(name) && name);

/** The reader's time zone, as its database names it (IANA). */
export function zone() {
  if (given) return given;
  const chosen = session.me?.account?.preferences?.time_zone;
  return chosen && clock(chosen) ? chosen : browser;
}

/**
 * What calendar and clock say. @param {number} time epoch seconds
 * @returns {{year: number, month: number, day: number, hour: number, minute: number, second: number}} months from 1 on
 */
export function partsOf(time, name = zone()) {
  const parts = Object.fromEntries((clock(name) ?? clock("UTC"))?.formatToParts(time * 1000).map((part) => [part.type, Number(part.value)]) ?? []);
  return { year: parts.year, month: parts.month, day: parts.day, hour: parts.hour, minute: parts.minute, second: parts.second };
}

/** So many seconds clocks are ahead of UTC. @param {number} time @param {string} name */
function ahead(time, name) {
  const { year, month, day, hour, minute, second } = partsOf(time, name);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - Math.floor(time);
}

/**
 * When clocks say this. Days and months may be beyond their month and year. Of an hour that comes twice the first, and of
 * one that is left out what follows it.
 * @param {number} year @param {number} month from 1 on @param {number} day @returns {number} epoch seconds
 */
export function timeOf(year, month, day, hour = 0, minute = 0, name = zone()) {
  const plain = Date.UTC(year, month - 1, day, hour, minute) / 1000;
  const before = ahead(plain - 86_400, name), after = ahead(plain + 86_400, name);
  return [before, after].map((offset) => plain - offset).find((time, i) => ahead(time, name) === [before, after][i]) ?? plain - before;
}

/** A day as addresses have it: 2026-11-03. @param {number} time */
export function dayName(time, name = zone()) {
  const { year, month, day } = partsOf(time, name);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** When a day of an address begins; null for what is none, such as the 30th of February. @param {string | undefined} text */
export function dayTime(text, name = zone()) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? "");
  if (!match) return null;
  const time = timeOf(Number(match[1]), Number(match[2]), Number(match[3]), 0, 0, name);
  return dayName(time, name) === text ? time : null;
}
