// A report as a table for spreadsheets, and as JSON.
import { csv } from "../../lib/csv.js";
import { t } from "../../lib/i18n.js";
import { iso } from "../../lib/range.js";
import * as f from "../../lib/format.js";
import { chargeback, rows, total } from "./report-rows.js";
import { TABLES } from "./report-sheet.js";

/** @param {any} report */
export function asJSON(report) {
  const { times, sections, now, before, tables, trend, standing } = report;
  const figures = (/** @type {any} */ resource) => Object.fromEntries(Object.entries(resource.data ?? {}).map(([id, one]) => [id, one.value]));
  return {
    from: iso(times.from), to: iso(times.to), previous: { from: iso(times.before.from), to: iso(times.before.to) },
    time_zone: f.zone(), currency: "USD", made_at: new Date().toISOString(), filters: report.filters,
    ...(sections.includes("summary") ? { summary: { now: figures(now), previous: figures(before) } } : {}),
    ...(sections.includes("trend") && trend.data ? { trend: trend.data.t.map((/** @type {number} */ time, /** @type {number} */ i) => ({ start: iso(time), cost_usd: trend.data.series[0]?.columns.cost[i] ?? 0, requests: trend.data.series[0]?.columns.requests[i] ?? 0 })) } : {}),
    ...Object.fromEntries(TABLES.filter((by) => sections.includes(by)).map((by) => ["by_" + by, { lines: rows(tables[by], by), total_usd: tables[by].now.data ? total(tables[by], by) : null }])),
    ...(sections.includes("chargeback") ? { chargeback: { rule: report.rule, lines: chargeback(tables.team, report.rule) } } : {}),
    ...(sections.includes("budgets") ? { budgets: standing.data?.data ?? [] } : {}),
  };
}

/** One line for each figure: section, id, name, requests, cost, cost before. @param {any} report */
export function asCSV(report) {
  const { times, sections, now, before, tables, trend, standing } = report;
  /** @type {unknown[][]} */
  const lines = [["report", iso(times.from), iso(times.to), f.zone(), "USD", ""]];
  if (sections.includes("summary")) { for (const [id, one] of Object.entries(now.data ?? {})) lines.push(["summary", id, t("cost.figure." + id), "", one.value, before.data?.[id]?.value ?? ""]); }
  if (sections.includes("trend")) trend.data?.t.forEach((/** @type {number} */ time, /** @type {number} */ i) => lines.push(["trend", iso(time), f.full(time), trend.data.series[0]?.columns.requests[i] ?? 0, trend.data.series[0]?.columns.cost[i] ?? 0, ""]));
  for (const by of TABLES.filter((name) => sections.includes(name))) {
    for (const row of rows(tables[by], by)) lines.push([by, row.id, row.name, row.requests ?? "", row.cost, row.before ?? ""]);
    if (tables[by].now.data) lines.push([by, "total", t("total"), tables[by].now.data.total.requests, total(tables[by], by), tables[by].before.data?.total.cost_usd ?? ""]);
  }
  if (sections.includes("chargeback")) { for (const row of chargeback(tables.team, report.rule)) lines.push(["chargeback", row.id, row.name, row.requests, row.all, ""]); }
  if (sections.includes("budgets")) { for (const one of standing.data?.data ?? []) lines.push(["budget", one.budget, one.scope, "", one.spent_usd, one.allowance_usd]); }
  return csv(["section", "id", "name", "requests", "value", "previous_or_limit"], lines);
}
