// What alerts watch: in what each is counted, and on which side of the threshold it is bad.
import { t } from "../../lib/i18n.js";
import * as f from "../../lib/format.js";

/** Kind → unit and side. @type {Record<string, {unit: string, side: "over" | "reaching" | "under", icon: string}>} */
export const KINDS = {
  error_rate: { unit: "share", side: "over", icon: "circle-x" },
  provider_down: { unit: "state", side: "reaching", icon: "plug" },
  budget_threshold: { unit: "share", side: "reaching", icon: "gauge" },
  forecast_over_budget: { unit: "share", side: "over", icon: "trending-up" },
  spend_spike: { unit: "deviations", side: "over", icon: "activity" },
  credit_low: { unit: "dollars", side: "under", icon: "coins" },
  cache_hit_drop: { unit: "share", side: "over", icon: "trending-down" },
  key_expiring: { unit: "seconds", side: "under", icon: "key-round" },
  queue_depth: { unit: "count", side: "over", icon: "list" },
  journal_depth: { unit: "bytes", side: "over", icon: "database" },
  journal_age: { unit: "seconds", side: "over", icon: "timer" },
};

/** A length of time in words. @param {number} seconds */
export function span(seconds) {
  const [unit, size] = seconds >= 172_800 ? ["d", 86_400] : seconds >= 7_200 ? ["h", 3_600] : seconds >= 120 ? ["min", 60] : ["s", 1];
  return t("alerts.span." + unit, { n: f.num(seconds / Number(size), seconds % Number(size) ? 1 : 0) });
}

/** A figure of a kind. @param {string} kind @param {number | string | null | undefined} figure */
export function figure(kind, figure) {
  if (figure === null || figure === undefined) return "–";
  const value = Number(figure);
  switch (KINDS[kind]?.unit) {
    case "share": return f.pct(value);
    case "dollars": return f.usd(value);
    case "bytes": return f.bytes(value);
    case "seconds": return span(value);
    case "deviations": return `${f.num(value, 1)} σ`;
    case "state": return t(value >= 1 ? "alerts.down" : "alerts.up");
    default: return f.num(value);
  }
}

/** "over 5 %, for 5 min": when a rule is bad. @param {any} rule as GET /alerts tells it */
export const condition = (rule) => (KINDS[rule.kind]?.unit === "state" ? t("alerts.when.down") : t("alerts.when." + (KINDS[rule.kind]?.side ?? "over"), { figure: figure(rule.kind, rule.threshold) })) + (rule.for_seconds ? " · " + t("alerts.for", { time: span(rule.for_seconds) }) : "");

/** How a threshold is entered: what the API's value is multiplied by, and what is written behind it. @param {string} kind @returns {{scale?: number, suffix?: string}} */
export const entered = (kind) => ({ share: { scale: 100, suffix: "%" }, bytes: { scale: 1 / 1_048_576, suffix: "MiB" }, dollars: { suffix: "USD" }, deviations: { suffix: "σ" } }[KINDS[kind]?.unit] ?? (kind === "key_expiring" ? { scale: 1 / 86_400, suffix: t("alerts.days") } : KINDS[kind]?.unit === "seconds" ? { suffix: "s" } : {}));

/** @param {string} severity */
export const tone = (severity) => ({ critical: "bad", warning: "warn" }[severity] ?? "info");
