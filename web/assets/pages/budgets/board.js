// All budgets with how they stand; the same on the budgets page and in the cost centre.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Gauge } from "../../lib/charts.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { DataTable, nextSort, sorted, sortState } from "../../lib/table.js";
import { Badge, Card, Empty, Icon, Segmented } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { loadNames, nameOf } from "../cost/scope.js";
import { actions, periodName, place, under } from "./words.js";
import { BudgetDetail } from "./detail.js";
import { BudgetEditor } from "./editor.js";
import { STATES, useBudgets } from "./standing.js";

/** States by what is to be done about them. @type {Record<string, string[]>} */
const GROUPS = { all: STATES, bad: ["frozen", "exceeded"], warn: ["soft", "over_soon", "warned", "watch"], good: ["on_track", "unmet"] };

export const BudgetBoard = {
  setup() {
    loadNames();
    const budgets = useBudgets(), editing = ref(/** @type {any} */ (null));
    const group = computed(() => GROUPS[route.query.state] ? route.query.state : "all");
    const order = computed(() => route.query.sort ?? "-state");
    const columns = computed(() => [
      { id: "scope", label: t("budgets.scope"), width: 206, sort: (line) => place(line.scope).toLowerCase(), title: (line) => [line.budget?.name || place(line.scope), under(line)].filter(Boolean).join(" · "), cell: (line) => html`<span class="bud-name"><b>${line.budget?.name || place(line.scope)}</b>${under(line) && html`<small class="muted">${under(line)}</small>`}</span>` },
      { id: "period", label: t("budgets.period"), width: 96, sort: (line) => line.budget?.period, cell: (line) => periodName(line.budget) },
      { id: "limit", label: t("budgets.limit"), num: true, width: 104, sort: (line) => line.allowance, title: (line) => line.budget?.override ? t("budgets.override.short") : undefined, cell: (line) => line.status ? html`${f.usd(line.allowance)}${line.budget?.override ? html`<span class="bud-up"><${Icon} name="arrow-up" size="13" label=${t("budgets.override.short")} /></span>` : ""}` : `${line.budget.amount.replace(/\.?0+$/, "")} ${line.budget.currency}` },
      { id: "used", label: t("budgets.used"), width: 160, sort: (line) => line.used, cell: (line) => html`<span class="bud-used"><${Gauge} used=${line.used} projected=${line.projected} label=${place(line.scope)} /><small class="num">${f.usd(line.spent)} · ${f.pct(line.used)}</small></span>` },
      { id: "projected", label: t("budgets.projected"), num: true, width: 100, sort: (line) => line.projected ?? -1, title: (line) => line.projected === null ? t("budgets.projected.none") : undefined, cell: (line) => line.projected === null ? html`<span class="muted">–</span>` : f.pct(line.projected, 0) },
      { id: "state", label: t("budgets.state"), width: 124, sort: (line) => STATES.indexOf(line.state) * 10 + Math.min(9, line.used), cell: (line) => html`<${Badge} tone=${line.tone} text=${t("budgets.state." + line.state)} />` },
      { id: "runway", label: t("budgets.runway"), width: 106, sort: (line) => line.runway ?? 1e9, title: (line) => line.runwayText, cell: (line) => line.status ? line.runway === null && line.projected === null ? html`<span class="muted">–</span>` : line.runwayText : t("budgets.unmet") },
      { id: "actions", label: t("budgets.actions"), title: (line) => actions(line.budget), cell: (line) => html`<small class="muted">${actions(line.budget)}</small>` },
    ]);
    const found = computed(() => budgets.lines.value.filter((line) => `${line.budget?.name} ${place(line.scope)} ${line.scope}`.toLowerCase().includes((route.query.q ?? "").toLowerCase())));
    /** How many of a state there are; nothing before that is known. @param {string} name */
    const count = (name) => budgets.budgets.data && budgets.status.data ? f.num(counted(name)) : undefined;
    const counted = (name) => found.value.filter((line) => GROUPS[name].includes(line.state)).length;
    const rows = computed(() => sorted(found.value.filter((line) => GROUPS[group.value].includes(line.state)), columns.value, order.value));
    const open = computed(() => budgets.lines.value.find((line) => line.key === route.query.peek) ?? null);
    const tripped = computed(() => budgets.lines.value.filter((line) => line.state === "frozen"));
    const save = () => download(fileName("budgets"), csv(["id", "name", "scope", "scope_name", "period", "period_began_at", "period_ends_at", "allowance_usd", "spent_usd", "reserved_usd", "used", "projected", "state", "runway_days", "hard_action"],
      rows.value.map((line) => [line.budget?.id, line.budget?.name, line.scope, place(line.scope), line.budget?.period, line.status?.period_began_at, line.status?.period_ends_at, line.status?.allowance_usd ?? line.budget?.amount, line.status?.spent_usd, line.status?.reserved_usd, line.used, line.projected, line.state, line.runway, line.budget?.hard_action])));
    const card = (line) => html`<span class="l1"><b>${line.budget?.name || place(line.scope)}</b><${Badge} tone=${line.tone} text=${t("budgets.state." + line.state)} /></span><span class="l2"><span class="muted">${f.usd(line.spent)} / ${f.usd(line.allowance)}</span><span class="num">${f.pct(line.used)}</span></span>`;
    const make = (content) => can("limits:write") && content;
    return () => html`
      ${tripped.value.length > 0 && html`<div class="note bud-note" role="alert"><${Icon} name="ban" size="16" /><p><b>${t("budgets.tripped", { n: f.num(tripped.value.length) })}</b> <span>${tripped.value.slice(0, 4).map((line) => line.budget?.name || nameOf(line.scope)).join(", ")}. ${t("budgets.tripped.what")}</span></p><button class="btn sm" type="button" onClick=${() => setQuery({ state: "bad" })}>${t("show")}</button></div>`}
      <${Card} resource=${budgets.budgets.data ? budgets.status : budgets.budgets} title=${t("nav.budgets")} hint=${t("budgets.hint")} flush=${true} class="tbl" tall=${300}>${{
        actions: () => html`
          <${Segmented} label=${t("budgets.state")} value=${group.value} options=${Object.keys(GROUPS).map((name) => [name, t("budgets.group." + name), count(name)])} onPick=${(name) => setQuery({ state: name === "all" ? null : name })} />
          <label class="find"><${Icon} name="list-filter" size="14" /><input type="search" placeholder=${t("search.short")} aria-label=${t("search.short")} value=${route.query.q ?? ""} onInput=${(event) => setQuery({ q: event.target.value }, { replace: true })} /></label>
          <button class="btn" type="button" onClick=${save}><${Icon} name="download" size="15" />${t("export")}</button>
          ${make(html`<button class="btn primary" type="button" onClick=${() => setQuery({ new: "1" })}><${Icon} name="plus" size="15" />${t("budgets.new")}</button>`)}`,
        default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(line) => line.key} label=${t("nav.budgets")} sort=${sortState(order.value)} onSort=${(column) => setQuery({ sort: nextSort(order.value, column) })} selected=${route.query.peek} onOpen=${(line) => setQuery({ peek: line.key })} height=${rows.value.length > 12 ? 560 : undefined} card=${card}>${{
          empty: () => route.query.q || group.value !== "all" ? html`<${Empty} icon="search" title=${t("state.no_match")}><button class="btn" type="button" onClick=${() => setQuery({ q: null, state: null })}>${t("filters.clear")}</button><//>` : html`<${Empty} icon="gauge" title=${t("budgets.none")} text=${t("budgets.none.why")}>${make(html`<button class="btn primary" type="button" onClick=${() => setQuery({ new: "1" })}>${t("budgets.new")}</button>`)}<//>`,
        }}<//>`,
      }}<//>
      <${BudgetDetail} line=${open.value} onClose=${() => setQuery({ peek: null })} onEdit=${(budget) => (editing.value = budget)} onChanged=${budgets.reload} />
      <${BudgetEditor} open=${route.query.new === "1" || Boolean(editing.value)} budget=${editing.value} onClose=${() => { editing.value = null; setQuery({ new: null }, { replace: true }); }} onSaved=${budgets.reload} />`;
  },
};
