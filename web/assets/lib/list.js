// A card with a table of things that fit into memory: search, order by the address, export of what the filter shows.
import { computed } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { csv, download, fileName } from "./csv.js";
import { route, setQuery } from "./route.js";
import { DataTable, nextSort, sorted, sortState } from "./table.js";
import { Card, Empty, Icon } from "./ui.js";
import * as f from "./format.js";

/** A button of a row: an icon and what it does. */
export const Act = ({ icon, label, disabled, onClick }) => html`<button class="icon-b sm" type="button" aria-label=${label} title=${label} disabled=${disabled} onClick=${onClick}><${Icon} name=${icon} size="15" /></button>`;
Act.props = ["icon", "label", "disabled", "onClick"];

/**
 * Props: title, hint, sub, resource, rows, columns (DataTable's; `csv` of one is what is exported where it is not what it sorts by),
 *   rowKey, file (of the export), order (without one in the address), param (before the names in the address, where a page has several),
 *   search (row → text; none without it), onOpen, selected, onEnd, tall, long (rows from which on it scrolls by itself). Slots: actions, empty, above, below.
 */
export const ListCard = {
  props: ["title", "hint", "sub", "resource", "rows", "columns", "rowKey", "file", "order", "param", "search", "onOpen", "selected", "onEnd", "tall", "long"],
  setup(p, { slots }) {
    const name = (what) => p.param ? `${p.param}_${what}` : what;
    const order = computed(() => route.query[name("sort")] ?? p.order);
    const words = computed(() => route.query[name("q")] ?? "");
    const key = (row) => (p.rowKey ?? ((one) => one.id))(row);
    const rows = computed(() => {
      const asked = words.value.toLowerCase();
      return sorted((p.rows ?? []).filter((row) => !asked || p.search(row).toLowerCase().includes(asked)), p.columns, order.value);
    });
    function save() {
      const columns = p.columns.filter((column) => column.csv || column.sort);
      download(fileName(p.file), csv(columns.map((column) => column.id), rows.value.map((row) => columns.map((column) => (column.csv ?? column.sort)(row)))));
    }
    return () => html`
      <${Card} resource=${p.resource} title=${p.title} hint=${p.hint} sub=${p.sub ?? (p.rows ? f.num(rows.value.length) : "")} flush=${true} class="tbl" tall=${p.tall ?? 240}>${{
        actions: () => html`${p.search && html`<label class="find"><${Icon} name="list-filter" size="14" /><input type="search" placeholder=${t("search.short")} aria-label=${`${p.title}: ${t("search.short")}`} value=${words.value} onInput=${(event) => setQuery({ [name("q")]: event.target.value }, { replace: true })} /></label>`}
          ${p.file && html`<button class="btn" type="button" disabled=${p.resource?.fresh === false} onClick=${save}><${Icon} name="download" size="15" />${t("export")}</button>`}${slots.actions?.()}`,
        default: () => html`${slots.above?.()}<${DataTable} columns=${p.columns} rows=${rows.value} rowKey=${key} label=${p.title} sort=${sortState(order.value)} onSort=${(column) => setQuery({ [name("sort")]: nextSort(order.value, column) })} onOpen=${p.onOpen} selected=${p.selected} onEnd=${p.onEnd} height=${rows.value.length > (p.long ?? 14) ? 590 : undefined}>${{
          empty: () => words.value ? html`<${Empty} icon="search" title=${t("state.no_match")}><button class="btn" type="button" onClick=${() => setQuery({ [name("q")]: null })}>${t("filters.clear")}</button><//>` : slots.empty ? slots.empty() : html`<${Empty} title=${t("state.none")} />`,
        }}<//>${slots.below?.()}`,
      }}<//>`;
  },
};
