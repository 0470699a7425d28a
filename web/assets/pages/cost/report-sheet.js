// The sheet of a report.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { StackedBars } from "../../lib/charts.js";
import { prefs } from "../../lib/prefs.js";
import { Badge, Empty, Failed } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { change, sum } from "./money.js";
import { chargeback, rows, total as totalOf } from "./report-rows.js";
import { axis } from "./trend.js";
import { nameOf, scopeName } from "./scope.js";
// The sheet says how budgets stand, also where no page of the console has brought their words.
import "../budgets/language.js";

/** Breakdowns that a report can have. */
export const TABLES = ["team", "project", "model", "provider", "key", "tag"];
const LONGEST = 40, DAY = 86_400;

const share = (/** @type {number | null} */ value) => value === null ? "–" : `${value > 0 ? "+" : ""}${f.pct(value, Math.abs(value) < 0.1 ? 1 : 0)}`;
/** A part with its own state; figures of another period are never shown for this one. */
const Part = ({ title, resource }, { slots }) => html`
  <section class="sheet-part" aria-label=${title} tabindex=${prefs.narrow ? 0 : undefined}><h3>${title}</h3>${!resource.fresh ? resource.error ? html`<${Failed} error=${resource.error} onRetry=${resource.reload} />` : html`<div class="sk sheet-sk"></div>` : slots.default()}</section>`;
Part.props = ["title", "resource"];

const Summary = ({ of }) => {
  const now = of.now.data, before = of.before.data ?? {};
  const line = (id, format, value = now[id]?.value, was = before[id]?.value) => html`<tr key=${id}><th scope="row">${t("cost.figure." + id)}</th><td class="num">${format(value)}</td><td class="num">${format(was)}</td><td class="num">${value == null || was == null ? "–" : share(change(value, was))}</td></tr>`;
  const money = (/** @type {number | null | undefined} */ value) => f.usd(value);
  return html`<table class="cost-table"><thead><tr><th scope="col"><span class="hear">${t("cost.name")}</span></th><th scope="col" class="num">${t("cost.now")}</th><th scope="col" class="num">${t("cost.before")}</th><th scope="col" class="num">${t("cost.change")}</th></tr></thead>
    <tbody>${line("spend", money)}${line("requests", f.num)}${line("errors", f.num)}${line("cost_per_request", money)}${line("tokens", f.num)}${line("savings", money)}${line("cost_of_failures", money)}</tbody></table>
    ${now.unpriced?.value > 0 && html`<p class="muted">${t("cost.report.unpriced", { n: f.num(now.unpriced.value) })}</p>`}`;
};
Summary.props = ["of"];

const Breakdown = ({ table, by }) => {
  const list = rows(table, by), total = table.now.data.total, cost = totalOf(table, by);
  return list.length ? html`<table class="cost-table"><thead><tr><th scope="col">${t("cost.by." + by)}</th><th scope="col" class="num">${t("cost.requests")}</th><th scope="col" class="num">${t("cost.by.tokens")}</th><th scope="col" class="num">${t("cost.spend")}</th><th scope="col" class="num">${t("cost.share")}</th><th scope="col" class="num">${t("cost.change")}</th></tr></thead>
    <tbody>${list.slice(0, LONGEST).map((row) => html`<tr key=${row.id + row.name}><th scope="row">${row.name}</th><td class="num">${f.num(row.requests)}</td><td class="num">${f.compact(row.tokens)}</td><td class="num">${f.usd(row.cost)}</td><td class="num">${f.pct(Number(cost) ? Number(row.cost) / Number(cost) : null)}</td><td class="num">${row.before === null ? "–" : share(change(Number(row.cost), row.before))}</td></tr>`)}</tbody>
    <tfoot><tr><th scope="row">${t("total")}</th><td class="num">${f.num(total.requests)}</td><td class="num">${f.compact(total.input_tokens + total.output_tokens)}</td><td class="num">${f.usd(cost)}</td><td></td><td></td></tr></tfoot></table>
    ${list.length > LONGEST && html`<p class="muted">${t("cost.report.longest", { n: f.num(LONGEST), of: f.num(list.length) })}</p>`}${by === "tag" && html`<p class="muted">${t("cost.explore.tags")}</p>`}` : html`<p class="muted">${t("cost.none")}</p>`;
};
Breakdown.props = ["table", "by"];

const Chargeback = ({ table, rule }) => {
  const list = chargeback(table, rule);
  return list.length ? html`<p class="muted">${t("cost.chargeback.how", { rule: t("cost.chargeback." + rule) })}</p><table class="cost-table"><thead><tr><th scope="col">${t("cost.by.team")}</th><th scope="col" class="num">${t("cost.chargeback.own")}</th><th scope="col" class="num">${t("cost.chargeback.shared")}</th><th scope="col" class="num">${t("total")}</th></tr></thead>
    <tbody>${list.map((row) => html`<tr key=${row.id}><th scope="row">${row.name}</th><td class="num">${f.usd(row.cost)}</td><td class="num">${f.usd(row.shared)}</td><td class="num">${f.usd(row.all)}</td></tr>`)}</tbody>
    <tfoot><tr><th scope="row">${t("total")}</th><td class="num">${f.usd(Number(sum(list, "cost")) / 1e9)}</td><td class="num">${f.usd(Number(sum(list, "shared")) / 1e9)}</td><td class="num">${f.usd(Number(sum(list, "all")) / 1e9)}</td></tr></tfoot></table>` : html`<p class="muted">${t("cost.none")}</p>`;
};
Chargeback.props = ["table", "rule"];

const Budgets = ({ budgets, standing }) => {
  const names = new Map(budgets.data.data.map((one) => [one.id, one.name]));
  return standing.data?.data.length ? html`<p class="muted">${t("cost.report.budgets.now")}</p><table class="cost-table"><thead><tr><th scope="col">${t("nav.budgets")}</th><th scope="col" class="num">${t("budgets.limit")}</th><th scope="col" class="num">${t("budgets.used")}</th><th scope="col" class="num">${t("cost.share")}</th><th scope="col">${t("budgets.state")}</th></tr></thead>
    <tbody>${standing.data.data.map((one) => html`<tr key=${one.budget + one.scope}><th scope="row">${names.get(one.budget) || scopeName(one.scope)}</th><td class="num">${f.usd(one.allowance_usd)}</td><td class="num">${f.usd(one.spent_usd)}</td><td class="num">${f.pct(Number(one.allowance_usd) ? Number(one.spent_usd) / Number(one.allowance_usd) : null)}</td><td><${Badge} tone=${{ ok: "good", warned: "warn", soft: "warn", frozen: "bad" }[one.state]} text=${t("budgets.raw." + one.state)} /></td></tr>`)}</tbody></table>` : html`<p class="muted">${t("cost.budget.none")}</p>`;
};
Budgets.props = ["budgets", "standing"];

const Trend = ({ of }) => {
  const { t: starts, series, step } = of.data, cost = series[0]?.columns.cost ?? [];
  const label = (/** @type {number} */ time) => step < DAY ? f.hm(time) : f.day(time);
  return html`<${StackedBars} groups=${starts.map((time, i) => ({ id: time, label: label(time), parts: [{ id: "cost", value: cost[i] ?? 0 }] }))} names=${{ cost: [t("cost.spend"), "--c1"] }} format=${f.usd} axis=${axis} label=${t("cost.trend")} height=${190} />`;
};
Trend.props = ["of"];

/** What the period of a report is called. @param {any} times */
export const title = (times) => {
  if (times.period === "month") return f.month(times.from);
  if (times.period === "day") return f.fullDate(times.from);
  // The last moment belongs to the next period.
  return times.period === "week" ? `${f.fullDate(times.from)} – ${f.fullDate(times.whole - 60)}` : `${f.full(times.from)} – ${f.full(times.to)}`;
};

export const Sheet = ({ report }) => {
  const { times, sections, parts, tables } = report, has = (/** @type {string} */ name) => sections.includes(name);
  const narrowed = Object.entries(report.filters).map(([name, value]) => `${t("cost.by." + name)}: ${nameOf(value)}`).join(" · ");
  return html`
    <article class="sheet" lang=${prefs.lang === "zh" ? "zh-CN" : "en"}>
      <header><div><h2>${t("cost.report.title")}</h2><p class="sheet-when">${title(times)}</p></div><p class="muted sheet-host">Sira · ${location.host}</p></header>
      <p class="muted sheet-meta">${[t("cost.report.window", { from: f.full(times.from), to: f.full(times.to) }), times.whole > times.to ? t("cost.report.partial") : "", t("cost.report.zone", { zone: f.zone() }), t("cost.report.currency"), t("cost.report.made", { at: f.full(Date.now() / 1000) }), narrowed].filter(Boolean).join(" · ")}</p>
      ${has("summary") && html`<${Part} title=${t("cost.report.summary")} resource=${parts.summary}><${Summary} of=${report} /><//>`}
      ${has("trend") && html`<${Part} title=${t("cost.report.trend")} resource=${report.trend}><${Trend} of=${report.trend} /><//>`}
      ${TABLES.filter(has).map((by) => html`<${Part} key=${by} title=${t("cost.report.by", { by: t("cost.by." + by).toLowerCase() })} resource=${parts.tables[by]}><${Breakdown} table=${tables[by]} by=${by} /><//>`)}
      ${has("chargeback") && html`<${Part} title=${t("cost.report.chargeback")} resource=${parts.tables.team}><${Chargeback} table=${tables.team} rule=${report.rule} /><//>`}
      ${has("budgets") && html`<${Part} title=${t("nav.budgets")} resource=${parts.budgets}><${Budgets} budgets=${report.budgets} standing=${report.standing} /><//>`}
      ${!sections.length && html`<${Empty} icon="file-text" title=${t("cost.report.empty")} />`}
    </article>`;
};
Sheet.props = ["report"];
