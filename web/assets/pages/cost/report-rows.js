// The lines of a report's tables, the same on screen, on paper and in files.
import { t } from "../../lib/i18n.js";
import { dollars, nanos, sum } from "./money.js";
import { nameOf } from "./scope.js";

/**
 * Lines of a breakdown; together they are the total: what is attributed to nobody, and what no line has, are lines too.
 * @param {any} table @param {string} by
 */
export function rows(table, by) {
  const data = table.now.data;
  if (!data) return [];
  const was = new Map((table.before.data?.data ?? []).map((/** @type {any} */ line) => [line[by], Number(line.cost_usd)]));
  const list = data.data.map((/** @type {any} */ line) => ({ id: line[by], name: nameOf(line[by]), requests: line.requests, tokens: line.input_tokens + line.output_tokens, cost: line.cost_usd, before: table.before.data ? was.get(line[by]) ?? 0 : null }));
  // Without more lines these are all there is: the total is told apart from them, while requests go on.
  const rest = data.has_more || by === "user" ? nanos(data.total.cost_usd) - sum(data.data) : 0n;
  // By tag a request is in several lines, and there is no rest to speak of.
  if (by !== "tag" && rest !== 0n) list.push({ id: "", name: data.has_more ? t("rest") : t("unattributed"), requests: null, tokens: null, cost: dollars(rest), before: null });
  return list;
}

/** The sum of all lines; by tag what all requests cost, each counted once. @param {any} table @param {string} by */
export const total = (table, by) => by === "tag" ? table.now.data.total.cost_usd : dollars(sum(rows(table, by), "cost"));

/**
 * What each team is charged: its own, and a part of what belongs to none.
 * @param {any} table of teams @param {string} rule even, tokens or requests
 */
export function chargeback(table, rule) {
  const all = rows(table, "team"), teams = all.filter((row) => row.id), shared = sum(all.filter((row) => !row.id), "cost");
  const weight = (/** @type {any} */ row) => rule === "tokens" ? row.tokens : rule === "requests" ? row.requests : 1;
  const weights = teams.reduce((total, row) => total + weight(row), 0);
  let given = 0n;
  return teams.map((row, i) => {
    // The last takes what rounding leaves, so that the parts add up to the whole.
    const part = i === teams.length - 1 ? shared - given : weights ? shared * BigInt(Math.round(weight(row))) / BigInt(Math.round(weights)) : 0n;
    given += part;
    return { ...row, shared: dollars(part), all: dollars(nanos(row.cost) + part) };
  });
}
