// What changed against the window before: the effects that add up to the difference, and who moved most.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { together, useResource } from "../../lib/resource.js";
import { previousQuery } from "../../lib/range.js";
import { route, setQuery } from "../../lib/route.js";
import { Card, Empty, Icon, Segmented } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { effects, group } from "./effects.js";
import { span } from "./filters.js";
import { filters, nameOf } from "./scope.js";

const EFFECTS = ["volume", "mix", "tokens", "price", "cache"];
const MOVERS = ["team", "key", "model", "tag"];
const before = computed(() => ({ since: previousQuery.value.since, until: previousQuery.value.until }));
/** @param {string} group_by @param {{since: string, until: string}} times */
const question = (group_by, times) => ["/usage", { group_by, order_by: "cost", limit: 1000, percentiles: false, ...times, ...filters.value }];
const signed = (/** @type {number} */ value) => (value > 0 ? "+" : "") + f.usd(value);

const Waterfall = ({ of }) => {
  let level = of.before;
  const steps = EFFECTS.map((id) => {
    const from = level;
    level += of[id];
    return { id, from: Math.min(from, level), to: Math.max(from, level), value: of[id] };
  });
  const most = Math.max(of.before, of.now, ...steps.map((step) => step.to), 1e-9), least = Math.min(0, ...steps.map((step) => step.from));
  const at = (/** @type {number} */ value) => ((value - least) / (most - least)) * 100 + "%";
  const line = (id, name, from, to, tone, text) => html`<li key=${id}><span class="nm">${name}</span><span class="track"><i class=${tone} style=${{ left: at(from), width: to > from ? `max(2px, ${((to - from) / (most - least)) * 100}%)` : "0" }}></i></span><b class="num">${text}</b></li>`;
  return html`<ul class="cost-fall">${line("before", t("cost.before"), 0, of.before, "whole", f.usd(of.before))}
    ${steps.map((step) => line(step.id, html`<span title=${t(`cost.effect.${step.id}.hint`)}>${t("cost.effect." + step.id)}</span>`, step.from, step.to, step.value > 0 ? "more" : "less", signed(step.value)))}
    ${line("now", t("cost.now"), 0, of.now, "whole", f.usd(of.now))}</ul>`;
};
Waterfall.props = ["of"];

export const Changed = {
  setup() {
    const now = useResource(() => /** @type {any} */ (question("provider,model", span.value))), earlier = useResource(() => /** @type {any} */ (question("provider,model", before.value)));
    // Refusals never reached a model: they cost nothing and are no calls.
    const groups = (/** @type {any} */ answer) => answer.data.filter((/** @type {any} */ line) => line.model).map(group);
    const parts = computed(() => now.data && earlier.data ? effects(groups(earlier.data), groups(now.data)) : null);
    const both = together(now, earlier);
    const save = () => parts.value && download(fileName("cost-change"), csv(["effect", "usd"], [["before", parts.value.before], ...EFFECTS.map((id) => [id, parts.value?.[id]]), ["now", parts.value.now]]));
    return () => html`
      <${Card} resource=${both} title=${t("cost.changed")} hint=${t("cost.changed.hint")} sub=${parts.value?.before ? signed(parts.value.now - parts.value.before) : ""} tall=${240}>${{
        actions: () => html`<button class="icon-b" type="button" aria-label=${t("export")} title=${t("export")} disabled=${!both.fresh} onClick=${save}><${Icon} name="download" /></button>`,
        default: () => parts.value?.before ? html`<${Waterfall} of=${parts.value} />` : html`<${Empty} icon="history" title=${t("cost.changed.none")} text=${t("cost.changed.none.why", { from: f.full(before.value.since), to: f.full(before.value.until) })} />`,
      }}<//>`;
  },
};

export const Movers = {
  setup() {
    const by = computed(() => MOVERS.includes(route.query.movers) ? route.query.movers : "team");
    const now = useResource(() => /** @type {any} */ (question(by.value, span.value))), earlier = useResource(() => /** @type {any} */ (question(by.value, before.value)));
    const both = together(now, earlier);
    const rows = computed(() => {
      const was = new Map((earlier.data?.data ?? []).map((/** @type {any} */ line) => [line[by.value], Number(line.cost_usd)]));
      const lines = (now.data?.data ?? []).filter((/** @type {any} */ line) => line[by.value] !== undefined).map((/** @type {any} */ line) => {
        const old = was.get(line[by.value]) ?? 0;
        was.delete(line[by.value]);
        return { id: line[by.value], now: Number(line.cost_usd), before: old };
      });
      return [...lines, ...[...was].map(([id, cost]) => ({ id, now: 0, before: cost }))].filter((row) => row.id !== undefined && row.now !== row.before)
        .sort((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before)).slice(0, 5);
    });
    return () => html`
      <${Card} resource=${both} title=${t("cost.movers")} hint=${t("cost.movers.hint")} tall=${200}>${{
        actions: () => html`<${Segmented} label=${t("cost.by")} value=${by.value} options=${MOVERS.map((name) => [name, t("cost.by." + name)])} onPick=${(name) => setQuery({ movers: name })} />`,
        default: () => rows.value.length ? html`<ul class="cost-movers">${rows.value.map((row) => html`<li key=${row.id}>${row.id ? html`<button class="link nm" type="button" onClick=${() => setQuery({ [by.value]: row.id })}>${nameOf(row.id)}</button>` : html`<span class="nm">${t("unattributed")}</span>`}<span class="muted num">${f.usd(row.before)} → ${f.usd(row.now)}</span><b class="num">${signed(row.now - row.before)}</b></li>`)}</ul>` : html`<${Empty} icon="arrow-left-right" title=${t("cost.movers.none")} />`,
      }}<//>`;
  },
};
