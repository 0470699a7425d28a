// What was saved and by what, what the gateway brings for its cost, and what a cache and batches would bring.
import { computed, reactive, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { Delta } from "../../lib/delta.js";
import { useResource } from "../../lib/resource.js";
import { range } from "../../lib/range.js";
import { route, setQuery } from "../../lib/route.js";
import { nextSort, sorted, sortState, DataTable } from "../../lib/table.js";
import { Card, Empty, Icon, Segmented } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { Advice } from "./advice.js";
import { post, useFigures } from "./figures.js";
import { Filters, span } from "./filters.js";
import { Kpi } from "./kpi.js";
import { change, dollars, saved } from "./money.js";
import { Returns, running } from "./returns.js";
import { filters, nameOf, scope } from "./scope.js";

const KINDS = ["model", "team", "key", "provider"];

const Parts = {
  setup() {
    const figures = useFigures(["savings", "spend", "cost_of_failures"], () => ({ from: range.value.from - range.value.from % 60, to: Math.ceil(range.value.to / 60) * 60 }), { compare: "prev", every: 60 });
    return () => {
      const one = figures.data?.savings, spend = figures.data?.spend.value ?? 0, failures = figures.data?.cost_of_failures;
      return html`<div class="cost-kpis five">
        <${Kpi} title=${t("cost.savings")} hint=${t("cost.savings.hint")} resource=${figures}><p class="v">${f.usd(one?.value)} <small class="muted">${t("est")}</small></p><${Delta} change=${change(one?.value ?? 0, one?.previous)} calm=${0.1} good="up" text=${one?.previous ? t("cost.vs.window") : t("cost.vs.nothing")} /><p class="muted cost-line">${t("cost.savings.share", { share: f.pct(spend + (one?.value ?? 0) > 0 ? (one?.value ?? 0) / (spend + (one?.value ?? 0)) : null) })}</p><//>
        <${Kpi} title=${t("cost.savings.by.cache")} hint=${t("cost.savings.by.cache.hint")} resource=${figures}><p class="v">${f.usd(one?.parts.prompt_cache)}</p><//>
        <${Kpi} title=${t("cost.savings.by.routing")} hint=${t("cost.savings.by.routing.hint")} resource=${figures}><p class="v">${f.usd(one?.parts.routing)}</p><//>
        <${Kpi} title=${t("cost.failures")} hint=${t("cost.failures.hint")} resource=${figures}><p class="v">${f.usd(failures?.value)}</p><${Delta} change=${change(failures?.value ?? 0, failures?.previous)} calm=${0.1} good="down" text=${failures?.previous ? t("cost.vs.window") : t("cost.vs.nothing")} /><//>
        <${Returns} /></div>`;
    };
  },
};

const ByWhat = {
  setup() {
    const by = computed(() => KINDS.includes(route.query.split) ? route.query.split : "model");
    const usage = useResource(() => ["/usage", { group_by: by.value, order_by: "cost", limit: 1000, percentiles: false, ...span.value, ...filters.value }]);
    const order = computed(() => route.query.sort ?? "-saved");
    const columns = computed(() => [
      { id: "name", label: t("cost.by." + by.value), sort: (line) => nameOf(line[by.value]), cell: (line) => line[by.value] ? html`<button class="link" type="button" onClick=${() => setQuery({ [by.value]: line[by.value] })}>${nameOf(line[by.value])}</button>` : t("unattributed") },
      .../** @type {[string, string, (line: any) => number][]} */ ([["cost", "cost.spend", (line) => Number(line.cost_usd)], ["cache", "cost.savings.cache.short", (line) => Number(line.cache_savings_usd)], ["routing", "cost.savings.routing.short", (line) => Number(line.routing_savings_usd)], ["saved", "cost.savings", (line) => Number(dollars(saved(line)))]]).map(([id, label, value]) => ({ id, label: t(label), num: true, width: 112, sort: value, cell: (line) => f.usd(value(line)) })),
      { id: "cached", label: t("cost.cached.share"), num: true, width: 128, sort: (line) => line.input_tokens ? line.cache_read_tokens / line.input_tokens : 0, cell: (line) => f.pct(line.input_tokens ? line.cache_read_tokens / line.input_tokens : null) },
    ]);
    const rows = computed(() => sorted((usage.data?.data ?? []).filter((line) => line[by.value] !== undefined && (line.attempts > 0)), columns.value, order.value));
    const save = () => download(fileName("savings-by-" + by.value), csv([by.value, "name", "cost_usd", "cache_savings_usd", "routing_savings_usd", "input_tokens", "cache_read_tokens"], [...rows.value.map((line) => [line[by.value], nameOf(line[by.value]), line.cost_usd, line.cache_savings_usd, line.routing_savings_usd, line.input_tokens, line.cache_read_tokens]), ["total", t("total"), usage.data.total.cost_usd, usage.data.total.cache_savings_usd, usage.data.total.routing_savings_usd, usage.data.total.input_tokens, usage.data.total.cache_read_tokens]]));
    return () => html`
      <${Card} resource=${usage} title=${t("cost.savings.where")} hint=${t("cost.savings.hint")} sub=${usage.data ? `${t("total")} ${f.usd(dollars(saved(usage.data.total)))}` : ""} flush=${true} class="tbl" tall=${240}>${{
        actions: () => html`<${Segmented} label=${t("cost.by")} value=${by.value} options=${KINDS.map((name) => [name, t("cost.by." + name)])} onPick=${(name) => setQuery({ split: name })} /><button class="btn" type="button" disabled=${!usage.fresh} onClick=${save}><${Icon} name="download" size="15" />${t("export")}</button>`,
        default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(line) => line[by.value]} label=${t("cost.savings.where")} sort=${sortState(order.value)} onSort=${(column) => setQuery({ sort: nextSort(order.value, column) })} height=${rows.value.length > 12 ? 480 : undefined}>${{ empty: () => html`<${Empty} icon="coins" title=${t("cost.none")} text=${t("cost.none.why")} />` }}<//>`,
      }}<//>`;
  },
};

/** What it would be at other rates, by the gateway's own model of it. */
const WhatIf = {
  setup() {
    const rates = reactive({ cache: "30", batch: "0" });
    const asked = ref({ cache: "30", batch: "0" });
    const valid = (/** @type {string} */ text) => /^\d{1,3}(\.\d+)?$/.test(text) && Number(text) <= 100;
    const resource = useResource(() => scope.value !== null ? ["/roi", { measured: true, hr: Number(asked.value.cache) / 100, br: Number(asked.value.batch) / 100, since: span.value.since, until: span.value.until, ...(running.value ? { o_cost_usd: (Number(running.value) * range.value.length / 86_400 / 30).toFixed(6) } : {}), ...(scope.value ? { scope: scope.value } : {}) }] : null, { ask: post });
    /** @param {Event} event */
    function calculate(event) {
      event.preventDefault();
      if (valid(rates.cache) && valid(rates.batch)) asked.value = { ...rates };
    }
    const field = (name) => html`<div class=${"field" + (valid(rates[name]) ? "" : " wrong")}><label for=${"whatif-" + name}>${t("cost.whatif." + name)}</label><span class="input"><input id=${"whatif-" + name} inputmode="decimal" autocomplete="off" value=${rates[name]} aria-invalid=${valid(rates[name]) ? undefined : "true"} onInput=${(event) => (rates[name] = event.target.value)} /><i>%</i></span></div>`;
    return () => html`
      <${Card} resource=${resource} title=${t("cost.whatif")} hint=${t("cost.whatif.hint")} tall=${220}>
        <form class="cost-whatif" onSubmit=${calculate}>${field("cache")}${field("batch")}<button class="btn primary" type="submit">${t("cost.whatif.go")}</button></form>
        ${resource.data && html`<dl class="kv two">${[["without", f.usd(resource.data.cost_without_usd)], ["with", f.usd(resource.data.cost_with_usd)], ["by_cache", f.usd(resource.data.cache_savings_usd)], ["by_batch", f.usd(resource.data.batch_savings_usd)], ["saves", f.usd(resource.data.savings_usd)], ["pays", resource.data.break_even_requests == null ? "–" : t("cost.whatif.pays.n", { n: f.num(resource.data.break_even_requests) })]].map(([name, value]) => html`<div key=${name}><dt>${t("cost.whatif." + name)}</dt><dd>${value}</dd></div>`)}</dl>
        <p class="muted cost-line">${running.value ? t("cost.whatif.note", { amount: f.usd(resource.data.overhead_usd) }) : t("cost.whatif.free")}</p>`}
      <//>`;
  },
};

export const SavingsTab = {
  setup: () => () => html`<${Filters} /><${Parts} /><div class="cols-21 cost-row"><${ByWhat} />${scope.value !== null && html`<${WhatIf} />`}</div><div class="cost-row"><${Advice} /></div>`,
};
