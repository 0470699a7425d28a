// What was spent, bar by bar, of what it was spent on, beside the period before, the budget's pace, and what is foretold.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { COLORS, StackedBars } from "../../lib/charts.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { iso, pickWindow, range } from "../../lib/range.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { DataTable } from "../../lib/table.js";
import { Card, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { useForecast } from "./forecast.js";
import { slices, slicesBefore } from "./periods.js";
import { DIMENSIONS, filters, nameOf, scope } from "./scope.js";

const NAMED = 6, DAY = 86_400;
const by = computed(() => DIMENSIONS.includes(route.query.by) ? route.query.by : "model");
const cumulated = (/** @type {number[]} */ values) => {
  let sum = 0;
  return values.map((value) => (sum += value ?? 0));
};

/** What the budget of the page's scope allows for each bar; null without one. @param {any[]} statuses @param {number[]} times @param {number} step */
function pace(statuses, times, step) {
  const one = statuses.find((status) => status.scope === (scope.value || "gateway") && status.period_ends_at);
  if (!one) return null;
  const daily = Number(one.allowance_usd) / ((Date.parse(one.period_ends_at) - Date.parse(one.period_began_at)) / 1000) * step;
  return times.map(() => daily);
}

export const Trend = {
  setup() {
    const now = computed(() => slices(range.value)), before = computed(() => slicesBefore(now.value));
    const question = (/** @type {{from: number, to: number, step: number}} */ { from, to, step }, /** @type {Record<string, unknown>} */ more) => ["/series", { metrics: "cost", from, to, step, tz: f.zone(), ...more, ...filters.value }];
    const series = useResource(() => /** @type {any} */ (question(now.value, { by: by.value, limit: NAMED })), { every: 30 });
    const previous = useResource(() => route.query.compare === "off" ? null : /** @type {any} */ (question(before.value, {})));
    const budgets = useResource(() => can("limits:read") && scope.value !== null ? ["/budgets/status"] : null, { every: 60 });
    const forecast = useForecast();
    const label = (/** @type {number} */ time) => now.value.step < DAY ? f.hm(time) : f.day(time);

    const chart = computed(() => {
      const answer = series.data, all = (answer?.series ?? []).filter((/** @type {any} */ one) => one.columns.cost.some(Boolean)), sums = route.query.sum === "1", step = now.value.step;
      const columns = all.map((/** @type {any} */ one) => sums ? cumulated(one.columns.cost) : one.columns.cost.map((/** @type {number | null} */ value) => value ?? 0));
      const names = Object.fromEntries(all.map((/** @type {any} */ one, /** @type {number} */ i) => [one.rest ? "rest" : one.id || "none", [one.rest ? t("rest") : one.id ? by.value === "key" ? one.name : nameOf(one.id) : t("unattributed"), one.rest || !one.id ? "--c6" : COLORS.filter((color) => color !== "--c6")[i % 6]]]));
      const ids = Object.keys(names);
      const groups = (answer?.t ?? []).map((/** @type {number} */ time, /** @type {number} */ k) => ({ id: time, label: label(time), parts: ids.map((id, i) => ({ id, value: columns[i][k] })) }));
      let earlier = previous.data?.series[0]?.columns.cost ?? null, line = pace(budgets.data?.data ?? [], answer?.t ?? [], step);
      if (earlier && sums) earlier = cumulated(earlier);
      // What is foretold is of days of UTC: shown where bars are days and the range reaches up to now.
      let coming = step === DAY && range.value.live ? forecast.coming.value.slice(1) : [];
      if (groups.length && coming.length) {
        let sum = groups.at(-1).parts.reduce((total, part) => total + part.value, 0);
        names.forecast = [t("forecast"), "--c6"];
        coming = coming.map((/** @type {any} */ day) => {
          const value = Number(day.expected_usd);
          sum += value;
          return { id: Date.parse(day.day) / 1000, label: f.day(Date.parse(day.day) / 1000), parts: [{ id: "forecast", value: sums ? sum : value }] };
        });
        const allowed = line?.[0] ?? 0;
        if (line) line = [...line, ...coming.map(() => allowed)];
      }
      if (line && sums) line = cumulated(line);
      return { names, ids, groups: [...groups, ...coming], hatched: coming.length, outline: earlier?.slice(0, groups.length).map((/** @type {number | null} */ value) => value ?? 0), line, total: groups.reduce((sum, group) => sum + group.parts.reduce((all, part) => all + part.value, 0), 0) };
    });

    const columns = computed(() => [
      { id: "time", label: t("cost.time"), width: 150, cell: (group) => group.label },
      ...Object.entries(chart.value.names).map(([id, [name]]) => ({ id, label: name, num: true, cell: (group) => f.usd(group.parts.find((part) => part.id === id)?.value ?? 0) })),
      { id: "all", label: t("total"), num: true, cell: (group) => f.usd(group.parts.reduce((sum, part) => sum + part.value, 0)) },
    ]);
    const save = () => download(fileName("cost-trend"), csv(["start", "local", ...Object.values(chart.value.names).map(([name]) => name), "previous"],
      chart.value.groups.map((group, i) => [iso(group.id), f.full(group.id), ...Object.keys(chart.value.names).map((id) => group.parts.find((part) => part.id === id)?.value ?? ""), chart.value.outline?.[i] ?? ""])));
    const toggle = (/** @type {string} */ name, /** @type {string} */ value) => setQuery({ [name]: route.query[name] === value ? null : value });
    const Key = ([name, color], i) => html`<li key=${i}><i style=${{ background: `var(${color})` }}></i>${name}</li>`;

    return () => html`
      <${Card} resource=${series} title=${t("cost.trend")} hint=${t("cost.trend.hint", { zone: f.zone() })} tall=${300}>${{
        actions: () => html`
          <label class="hear" for="trend-by">${t("cost.by")}</label><select id="trend-by" class="plain" value=${by.value} onChange=${(event) => setQuery({ by: event.target.value })}>${DIMENSIONS.map((name) => html`<option key=${name} value=${name} selected=${name === by.value}>${t("cost.by." + name)}</option>`)}</select>
          <button class=${"btn sm" + (route.query.sum === "1" ? " on" : "")} type="button" aria-pressed=${String(route.query.sum === "1")} onClick=${() => toggle("sum", "1")}>${t("cost.cumulative")}</button>
          <button class=${"btn sm" + (route.query.compare === "off" ? "" : " on")} type="button" aria-pressed=${String(route.query.compare !== "off")} onClick=${() => toggle("compare", "off")}>${t("cost.compare")}</button>
          <button class=${"icon-b" + (route.query.trend === "table" ? " on" : "")} type="button" aria-pressed=${String(route.query.trend === "table")} aria-label=${t("cost.table")} title=${t("cost.table")} onClick=${() => toggle("trend", "table")}><${Icon} name=${route.query.trend === "table" ? "chart-line" : "list"} /></button>
          <button class="icon-b" type="button" aria-label=${t("export")} title=${t("export")} disabled=${!series.fresh || (route.query.compare !== "off" && !previous.fresh)} onClick=${save}><${Icon} name="download" /></button>`,
        default: () => !chart.value.total && !chart.value.hatched ? html`<${Empty} icon="chart-line" title=${t("cost.none")} text=${t("cost.none.why")}>${Object.keys(filters.value).length > 0 && html`<button class="btn" type="button" onClick=${() => setQuery(Object.fromEntries(DIMENSIONS.map((name) => [name, null])))}>${t("filters.clear")}</button>`}<//>`
          : route.query.trend === "table" ? html`<${DataTable} columns=${columns.value} rows=${chart.value.groups} rowKey=${(group) => group.id} label=${t("cost.trend")} height=${300} />`
          : html`<${StackedBars} groups=${chart.value.groups} names=${chart.value.names} format=${f.usd} axis=${axis} label=${t("cost.trend")} height=${250} outline=${chart.value.outline} line=${chart.value.line} hatched=${chart.value.hatched} onPick=${(time) => chart.value.groups.length > 1 && pickWindow(time, time + now.value.step)} />
            <ul class="keys cost-keys">${Object.values(chart.value.names).map(Key)}${chart.value.outline && html`<li><i class="dash"></i>${t("cost.before")}</li>`}${chart.value.line && html`<li><i class="dash"></i>${t("cost.pace")}</li>`}</ul>`,
      }}<//>`;
  },
};
/** Dollars on an axis: as many digits as its steps need. @param {number} value */
export const axis = (value) => value === 0 ? "$0" : value >= 1000 ? "$" + f.compact(value) : f.usd(value, Number.isInteger(value) ? 0 : value >= 1 ? 2 : value >= 0.01 ? 4 : undefined);
