// Words for the fields of budgets.
import { t } from "../../lib/i18n.js";
import * as f from "../../lib/format.js";
import { nameOf } from "../cost/scope.js";
import { parts } from "./standing.js";

/** Whose money: "team · payments". @param {string} scope */
export function place(scope) {
  const [kind, id] = parts(scope);
  if (!id) return t("budgets.gateway");
  return id === "*" ? t("budgets.each", { kind: t("cost.by." + kind).toLowerCase() }) : `${t("cost.by." + kind)} · ${nameOf(id)}`;
}

/** What stands below a budget's name: whose money it is, and that the rule is for each of them. @param {any} line */
export function under(line) {
  const { budget, scope } = line, each = budget && budget.scope !== scope && parts(budget.scope)[1] === "*";
  return [budget?.name ? place(scope) : "", each ? place(budget.scope) : ""].filter(Boolean).join(" · ");
}

/** @param {any} budget */
export const periodName = (budget) => budget ? budget.period === "rolling" ? t("budgets.period.rolling.n", { n: f.num(budget.rolling_hours) }) : t("budgets.period." + budget.period) : "–";

/** What happens on the way: "80, 90 % tell · 90 % gpt-5-mini · 100 % refuse". @param {any} budget */
export function actions(budget) {
  if (!budget) return "";
  const list = [];
  const warns = budget.warn_at_percent.slice().sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
  if (warns.length) list.push(t("budgets.act.tell", { at: warns.join(", ") }));
  if (budget.soft_at_percent != null) list.push(t("budgets.act.soft", { at: budget.soft_at_percent, model: budget.soft_model ?? "–" }));
  list.push(t("budgets.act." + budget.hard_action));
  return list.join(" · ");
}
