// All names that clients can ask for: what they lead to, what they can, what they cost.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { saveTable } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { href, route, setQuery } from "../../lib/route.js";
import { DataTable, nextSort, sorted, sortState } from "../../lib/table.js";
import { Badge, Card, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** Dollars for a million tokens. @param {any} one @param {string} unit @returns {number | null} */
const price = (one, unit) => one.prices?.nano_per_million?.[unit] === undefined ? null : Number(one.prices.nano_per_million[unit]) / 1e9;
const uses = (one) => [...one.used_in.aliases, ...one.used_in.routes, ...one.used_in.experiments];

/** The reader's word for one of the API's; the API's own where there is none. @param {string} of @param {string} name */
const word = (of, name) => has(`providers.${of}.${name}`) ? t(`providers.${of}.${name}`) : name.replaceAll("_", " ");
/** @param {string[]} list */
const media = (list) => list.map((one) => word("medium", one)).join(", ");

export const ModelTable = {
  setup() {
    const answer = useResource(() => ["/models", { provider: route.query.provider }]);
    const priced = (unit, label) => ({ id: unit, label, num: true, width: 96, sort: (one) => price(one, unit) ?? -1, csv: (one) => price(one, unit), cell: (one) => price(one, unit) === null ? html`<span class="muted">–</span>` : f.usd(price(one, unit)), title: (one) => one.prices ? t("providers.price.source", { source: one.prices.source, date: one.prices.date ?? "–" }) : t("providers.price.none") });
    const columns = computed(() => [
      { id: "id", label: t("providers.model"), width: 186, sort: (one) => one.id, cell: (one) => html`<b class="model">${one.id}</b>${one.is_own_name && html` <${Badge} tone="info" text=${t("providers.alias")} />`}`, title: (one) => one.id },
      { id: "target", label: t("providers.leads"), width: 150, sort: (one) => one.target, cell: (one) => html`<span class="dim">${one.target}</span>`, title: (one) => one.target },
      { id: "kind", label: t("providers.model.kind"), width: 114, sort: (one) => one.kind, csv: (one) => one.kind, title: (one) => word("kind", one.kind), cell: (one) => html`<span class="kind">${word("kind", one.kind)}</span>` },
      { id: "context", label: t("providers.context"), num: true, width: 76, sort: (one) => one.context ?? -1, cell: (one) => f.compact(one.context) },
      { id: "modalities", label: t("providers.modalities"), width: 124, csv: (one) => `${one.modalities.input.join("+")}>${one.modalities.output.join("+")}`, cell: (one) => html`<span class="dim">${media(one.modalities.input)} → ${media(one.modalities.output)}</span>`, title: (one) => one.capabilities.join(", ") },
      priced("input", t("providers.price.input")), priced("output", t("providers.price.output")), priced("cache_read", t("providers.price.cached")),
      { id: "used", label: t("providers.used"), num: true, width: 74, sort: (one) => uses(one).length, cell: (one) => f.num(uses(one).length), title: (one) => uses(one).join(", ") || undefined },
      { id: "retires", label: t("providers.retires"), width: 134, sort: (one) => one.retires_on ?? "9", cell: (one) => one.retires_on ? html`<${Badge} tone="warn" text=${one.retires_on} />` : html`<span class="muted">–</span>` },
    ]);
    const rows = computed(() => {
      const words = (route.query.q ?? "").toLowerCase();
      return sorted((answer.data?.models ?? []).filter((one) => (one.id + one.target).toLowerCase().includes(words)), columns.value, route.query.sort ?? "-used");
    });
    const unpriced = computed(() => rows.value.filter((one) => !one.prices && uses(one).length).length);
    return () => html`
      ${unpriced.value > 0 && html`<p class="locked warn-l"><${Icon} name="triangle-alert" size="15" />${t("providers.unpriced", { n: f.num(unpriced.value) })}</p>`}
      <${Card} title=${t("providers.model.all")} hint=${t("providers.model.hint")} sub=${answer.data ? f.num(rows.value.length) : ""} resource=${answer} tall=${420} flush=${true} class="tbl">${{
        actions: () => html`${route.query.provider && html`<button class="chip" type="button" onClick=${() => setQuery({ provider: null })}>${route.query.provider}<${Icon} name="x" size="13" label=${t("filters.clear")} /></button>`}
          <label class="find"><${Icon} name="list-filter" size="14" /><input type="search" placeholder=${t("search.short")} aria-label=${t("search.short")} value=${route.query.q ?? ""} onInput=${(event) => setQuery({ q: event.target.value }, { replace: true })} /></label>
          <button class="btn" type="button" onClick=${() => saveTable("models", columns.value, rows.value)}><${Icon} name="download" size="15" />${t("export")}</button>
          <a class="btn" href=${href("/playground")}><${Icon} name="play" size="15" />${t("nav.playground")}</a>`,
        default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.id} label=${t("providers.model.all")} sort=${sortState(route.query.sort ?? "-used")} onSort=${(id) => setQuery({ sort: nextSort(route.query.sort ?? "-used", id) })} height=${rows.value.length > 14 ? 640 : undefined}
          card=${(one) => html`<span class="row"><span class="model">${one.id}</span><span class="grow"></span><span class="num">${f.usd(price(one, "input"))} / ${f.usd(price(one, "output"))}</span></span><span class="row muted"><span>${one.target}</span><span class="grow"></span><span class="num">${f.compact(one.context)}</span></span>`}>${{
          empty: () => route.query.q || route.query.provider ? html`<${Empty} icon="search" title=${t("state.no_match")}><button class="btn" type="button" onClick=${() => setQuery({ q: null, provider: null })}>${t("filters.clear")}</button><//>` : html`<${Empty} icon="cpu" title=${t("providers.model.none")} text=${t("providers.model.none.why")} />`,
        }}<//>`,
      }}<//>`;
  },
};
