// Numbers, money and times in the reader's language.
import { computed } from "./vue.js";
import { prefs } from "./prefs.js";
import { zone } from "./zone.js";

const locale = () => (prefs.lang === "zh" ? "zh-CN" : "en-US");
const memo = new Map();

/** @param {Intl.NumberFormatOptions} options @returns {Intl.NumberFormat} */
function numbers(options) {
  const key = locale() + JSON.stringify(options);
  let format = memo.get(key);
  if (!format) memo.set(key, (format = new Intl.NumberFormat(locale(), options)));
  return format;
}

const NONE = "–";
/** @param {unknown} value @returns {value is null | undefined} */
const missing = (value) => value === null || value === undefined || Number.isNaN(value);

/** @param {number | null | undefined} value */
export const num = (value, digits = 0) =>
  missing(value) ? NONE : numbers({ minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);
/** @param {number | null | undefined} value */
export const compact = (value) => missing(value) ? NONE : numbers({ notation: "compact", maximumFractionDigits: 1 }).format(value);
/** A share of one. @param {number | null | undefined} share */
export const pct = (share, digits = 1) => missing(share) ? NONE : num(share * 100, digits) + "%";
/** @param {number | null | undefined} value milliseconds */
export const ms = (value) => {
  if (missing(value)) return NONE;
  if (value >= 60_000) return `${num(Math.floor(value / 60_000))} min ${num(Math.round((value % 60_000) / 1000))} s`;
  if (value >= 1_000) return num(value / 1_000, value >= 10_000 ? 1 : 2) + " s";
  return num(value, value > 0 && value < 10 ? 1 : 0) + " ms";
};
/** @param {number | null | undefined} value bytes */
export const bytes = (value) => {
  if (missing(value)) return NONE;
  const power = value < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(value) / 10));
  return `${num(value / 1024 ** power, power ? 1 : 0)} ${["B", "KB", "MB", "GB", "TB"][power]}`;
};

/**
 * Dollars. Small amounts keep the digits that say something: $0.000042.
 * @param {number | string | null | undefined} value dollars, as a number or as the API writes them
 * @param {number} [digits] as many; by size without it
 */
export const usd = (value, digits) => {
  if (missing(value)) return NONE;
  const amount = Number(value), size = Math.abs(amount);
  const places = digits ?? (size === 0 || size >= 1 ? 2 : size >= 0.01 ? 4 : 6);
  return numbers({
    style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", minimumFractionDigits: Math.min(places, 2),
    maximumFractionDigits: places,
  }).format(amount);
};
/** Nano-dollars as dollars. @param {string | number | null | undefined} nanos */
export const nano = (nanos, /** @type {number | undefined} */ digits = undefined) => missing(nanos) ? NONE : usd(Number(nanos) / 1e9, digits);

export { zone };

const times = computed(() => {
  const make = (/** @type {Intl.DateTimeFormatOptions} */ options) => new Intl.DateTimeFormat(locale(), { hourCycle: "h23", timeZone: zone(), ...options });
  return {
    hms: make({ hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    hm: make({ hour: "2-digit", minute: "2-digit" }),
    day: make({ month: "short", day: "numeric" }),
    date: make({ year: "numeric", month: "short", day: "numeric" }),
    full: make({ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    month: make({ year: "numeric", month: "long" }),
  };
});

/** Times come as epoch seconds or as the API writes them. @param {number | string | null | undefined} time */
const date = (time) => new Date(typeof time === "number" ? time * 1000 : String(time));
/** @param {"hms" | "hm" | "day" | "date" | "full" | "month"} kind */
const as = (kind) => (/** @type {number | string | null | undefined} */ time) =>
  missing(time) || time === "" ? NONE : times.value[kind].format(date(time));
export const hms = as("hms"), hm = as("hm"), day = as("day"), fullDate = as("date"), full = as("full"), month = as("month");

/** How long ago, or how long until: "3 min ago". @param {number | string | null | undefined} time */
export function ago(time) {
  if (missing(time) || time === "") return NONE;
  const seconds = (date(time).getTime() - Date.now()) / 1000, size = Math.abs(seconds);
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: "auto", style: "short" });
  if (size < 60) return format.format(Math.round(seconds), "second");
  if (size < 3_600) return format.format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return format.format(Math.round(seconds / 3_600), "hour");
  return format.format(Math.round(seconds / 86_400), "day");
}
