// What the figures of an experiment come to, in a word.
import { t } from "../../lib/i18n.js";
import * as f from "../../lib/format.js";

/** Requests that each arm needs before anything is said. */
export const NEEDED = 30;
export const MEASURES = ["error_rate", "time_to_first_token", "duration", "cost", "feedback"];

/** How an experiment stands: a tone and a word. @param {any} one @returns {[string, string]} */
export function standing(one) {
  if (!one.canary) return ["info", "running"];
  return { rolled_back: ["bad", "rolled_back"], completed: ["good", "completed"] }[one.canary.state] ?? (one.canary.hesitation ? ["warn", "waiting"] : ["info", "running"]);
}

/** What can be said of an arm against the first, all measures together. @param {any} arm */
export function verdictOf(arm) {
  const said = new Set((arm?.comparisons ?? []).map((one) => one.verdict));
  if (said.has("better") && said.has("worse")) return "mixed";
  return ["worse", "better", "open"].find((word) => said.has(word)) ?? "too_few";
}

/** A value of a measure. @param {string} measure @param {number | null} value */
export const shown = (measure, value) => value === null || value === undefined ? "–" : measure === "error_rate" ? f.pct(value, 2) : measure === "cost" ? f.usd(value) : measure === "feedback" ? f.num(value, 2) : f.ms(value * 1000);

const signed = (value, text) => (value > 0 ? "+" : value < 0 ? "−" : "") + text;
/** One bound of what has changed. @param {any} comparison @param {"estimate" | "lower" | "upper"} bound */
function amount(comparison, bound) {
  const { lift, difference, measure } = comparison;
  if (lift) return signed(lift[bound], f.pct(Math.abs(lift[bound]), 0));
  const value = difference[bound];
  return signed(value, measure === "error_rate" ? t("experiments.points", { n: f.num(Math.abs(value) * 100, 2) }) : shown(measure, Math.abs(value)));
}

/** By how much an arm differs, with its interval: "−20% (−27% … −12%)". @param {any} comparison */
export const change = (comparison) => comparison.difference ? `${amount(comparison, "estimate")} (${amount(comparison, "lower")} … ${amount(comparison, "upper")})` : "–";

/** The mean of a measure in an arm's report. @param {any} arm @param {string} measure */
export function mean(arm, measure) {
  if (measure === "error_rate") return { value: arm.error_rate.estimate, n: arm.requests, interval: arm.error_rate };
  const told = arm[{ time_to_first_token: "time_to_first_token_s", duration: "duration_s", cost: "cost_usd", feedback: "feedback" }[measure] ?? ""];
  return { value: told?.mean ?? null, n: told?.count ?? 0, interval: null };
}
