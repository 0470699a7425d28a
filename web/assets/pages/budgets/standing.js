// How budgets stand: what the gateway says of each, what is spent in seven days, and what that comes to.
import { computed } from "../../lib/vue.js";
import { t } from "../../lib/i18n.js";
import { onLive } from "../../lib/live.js";
import { iso } from "../../lib/range.js";
import { useResource } from "../../lib/resource.js";
import { can } from "../../lib/session.js";
import * as f from "../../lib/format.js";
import "./language.js";

/** From the best to the worst. */
export const STATES = ["unmet", "on_track", "watch", "warned", "over_soon", "soft", "exceeded", "frozen"];
const TONES = { unmet: "", on_track: "good", watch: "info", warned: "warn", over_soon: "warn", soft: "warn", exceeded: "bad", frozen: "bad" };
/** What a budget can be of, besides the whole gateway. */
export const KINDS = ["organization", "team", "project", "key", "user", "tag", "model", "provider"];
/** Days whose spending is the pace. */
const PACE_DAYS = 7;
const DAY = 86_400_000;

/** @param {string} scope @returns {[kind: string, id: string]} */
export const parts = (scope) => {
  const [kind, ...rest] = scope.split(":");
  return [kind, rest.join(":")];
};
/** Budgets of what supplies count what providers ask, all others what tenants are charged. @param {string} scope */
export const measure = (scope) => ["model", "provider"].includes(parts(scope)[0]) ? "cost_usd" : "charge_usd";

/** What was spent in the last days, of everything that has a budget: one question for each kind, none for each budget. */
function usePace(/** @type {() => Set<string>} */ kinds) {
  const since = () => iso(Math.floor(Date.now() / 1000 / 300) * 300 - PACE_DAYS * 86_400);
  const ask = (/** @type {string} */ kind) => useResource(() => can("usage:read") && kinds().has(kind)
    ? ["/usage", { ...(kind === "gateway" ? {} : { group_by: kind, order_by: "cost", limit: 1000 }), since: since(), percentiles: false }] : null, { every: 60 });
  const sums = Object.fromEntries(["gateway", ...KINDS].map((kind) => [kind, ask(kind)]));
  const history = useResource(() => can("usage:read") ? ["/forecast"] : null, { every: 600 });
  const days = computed(() => history.data ? (Date.parse(history.data.now) - Date.parse(history.data.history_from)) / DAY : 0);
  /** Dollars a day; null while there is less than a day to tell from. */
  return (/** @type {string} */ scope) => {
    const [kind, id] = parts(scope), answer = sums[kind]?.data;
    if (!answer || days.value < 1) return null;
    const line = kind === "gateway" ? answer.total : answer.data.find((/** @type {any} */ one) => one[kind] === id);
    return Number(line?.[measure(scope)] ?? 0) / Math.min(PACE_DAYS, days.value);
  };
}

/**
 * @typedef {{key: string, budget: any, status: any, scope: string, allowance: number, spent: number, reserved: number, used: number,
 *   projected: number | null, runway: number | null, runwayText: string, state: string, tone: string}} Line
 */

/** All budgets with how they stand, asked for every two seconds so that one that trips is seen at once. */
export function useBudgets() {
  const budgets = useResource(() => ["/budgets", { limit: 200 }], { every: 15 });
  const status = useResource(() => ["/budgets/status"], { every: 2 });
  onLive("config", () => budgets.reload());
  onLive("alert", () => status.reload());
  const pace = usePace(() => new Set((status.data?.data ?? []).map((/** @type {any} */ one) => parts(one.scope)[0])));

  /** @param {any} budget @param {any} one @returns {Line} */
  function line(budget, one) {
    const scope = one?.scope ?? budget.scope, allowance = Number(one?.allowance_usd ?? budget.amount), spent = Number(one?.spent_usd ?? 0);
    const used = allowance ? spent / allowance : 1, daily = one ? pace(scope) : null, left = allowance - spent;
    const days = one?.period_ends_at ? (Date.parse(one.period_ends_at) - Date.now()) / DAY : null;
    // A rolling budget forgets: what it comes to is its length at the pace. One of all time comes to no end.
    const projected = daily === null ? null : budget?.period === "rolling" ? daily * (budget.rolling_hours ?? 0) / 24 / allowance : days === null ? null : (spent + daily * days) / allowance;
    const runway = left <= 0 ? 0 : daily ? left / daily : null;
    const state = !one ? "unmet" : one.state === "frozen" ? "frozen" : used >= 1 ? "exceeded" : one.state === "soft" ? "soft"
      : projected !== null && projected > 1 ? "over_soon" : one.state === "warned" ? "warned" : projected !== null && projected > 0.8 ? "watch" : "on_track";
    return {
      key: `${budget?.id ?? one.budget} ${scope}`, budget, status: one, scope, allowance, spent, reserved: Number(one?.reserved_usd ?? 0), used,
      projected, runway, runwayText: words(runway, daily, days), state, tone: TONES[state],
    };
  }

  const lines = computed(() => {
    const all = new Map((budgets.data?.data ?? []).map((/** @type {any} */ one) => [one.id, one])), seen = new Set();
    const list = (status.data?.data ?? []).filter((/** @type {any} */ one) => all.has(one.budget)).map((/** @type {any} */ one) => {
      seen.add(one.budget);
      return line(all.get(one.budget), one);
    });
    // One of each of a kind has no line before somebody is met, and a new one none for a moment.
    return /** @type {Line[]} */ ([...list, ...[...all.values()].filter((one) => !seen.has(one.id)).map((one) => line(one, null))]);
  });
  return { budgets, status, lines, reload: () => (budgets.reload(), status.reload()) };
}

/** @param {number | null} runway days @param {number | null} daily @param {number | null} left days of the period */
function words(runway, daily, left) {
  if (runway === 0) return t("budgets.runway.over");
  if (daily === null) return t("budgets.runway.unknown");
  if (runway === null || (left !== null && runway > left)) return t("budgets.runway.lasts");
  return runway < 1 ? t("budgets.runway.hours", { n: f.num(Math.max(1, Math.round(runway * 24))) }) : t(f.num(runway, runway < 10 ? 1 : 0) === f.num(1, 1) ? "budgets.runway.day" : "budgets.runway.days", { n: f.num(runway, runway < 10 ? 1 : 0) });
}
