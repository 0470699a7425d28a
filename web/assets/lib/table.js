// A table of any length: only the rows in sight are in the document. Sorting is the caller's, by the address.
import { computed, nextTick, ref, shallowRef, watch } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { Icon } from "./ui.js";
import { prefs } from "./prefs.js";
import * as f from "./format.js";

/** The row that had the focus last. @type {HTMLElement | null} */
let last = null;
/** Rows that can be opened, in a table and as a list on a phone. */
const ROWS = "tr.opens[data-i], button[data-i]";

/** Gives the focus to the row that had it last; where that is gone, to the first in sight of the page's first table. */
export function focusRow() {
  if (last?.isConnected) return last.focus();
  for (const box of document.querySelectorAll("main .tbl-box")) {
    const top = Math.max(0, box.getBoundingClientRect().top);
    const row = [...box.querySelectorAll(ROWS)].find((one) => one.getBoundingClientRect().top >= top);
    if (row) return /** @type {HTMLElement} */ (row).focus();
  }
}

/**
 * Props:
 *   columns  [{id, label, num?, width?, cell: (row) => content, sort?: (row) => value, title?: (row) => text}]
 *   rows     of any kind; rowKey: (row) => id
 *   label    what the table is of, for those who hear it
 *   sort     {col, dir} or nothing; onSort(col)
 *   selected the id of the row that is open; onOpen(row)
 *   height   of the box in pixels; without it the table is as long as its rows
 *   card     (row) => content of the row on a phone; without it the table scrolls sideways
 *   live     whether new rows wait behind a button once the reader has scrolled
 *   onEnd    called when the reader comes to the last rows
 */
export const DataTable = {
  props: ["columns", "rows", "rowKey", "label", "sort", "onSort", "selected", "onOpen", "height", "card", "live", "onEnd"],
  setup(p, { slots }) {
    const top = ref(0), tall = ref(p.height ?? 480), box = ref(/** @type {any} */ (null));
    /** The id of the row that was the first when the reader scrolled away from it. */
    const held = shallowRef(/** @type {any} */ (null));
    const rowHeight = computed(() => (prefs.narrow && p.card ? 66 : 42));
    // Who reads further down is not disturbed: the rows stay where they are, new ones are offered, older ones come after.
    watch(top, (y) => {
      if (!p.live) return;
      if (y > 4 && held.value === null && p.rows.length) held.value = p.rowKey(p.rows[0]);
      else if (y <= 4) held.value = null;
    });
    const fresh = computed(() => held.value === null ? 0 : Math.max(0, p.rows.findIndex((row) => p.rowKey(row) === held.value)));
    const list = computed(() => fresh.value ? p.rows.slice(fresh.value) : p.rows);
    const seen = computed(() => {
      const count = list.value.length;
      if (!p.height) return { from: 0, to: count, count, rows: list.value };
      const from = Math.max(0, Math.floor(top.value / rowHeight.value) - 6);
      const to = Math.min(count, from + Math.ceil(tall.value / rowHeight.value) + 12);
      return { from, to, count, rows: list.value.slice(from, to) };
    });
    watch(seen, (view) => { if (p.height && view.to >= view.count && view.count) p.onEnd?.(); });

    function scrolled(event) {
      top.value = event.target.scrollTop;
      tall.value = event.target.clientHeight;
    }
    function keys(event) {
      const row = event.target.closest("[data-i]");
      if (!row || event.target !== row) return;
      const index = Number(row.dataset.i);
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        p.onOpen?.(list.value[index]);
      }
      const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      if (p.height) box.value.scrollTop += step * rowHeight.value;
      nextTick(() => box.value.querySelector(`[data-i="${index + step}"]`)?.focus({ preventScroll: Boolean(p.height) }));
    }
    const ariaSort = (column) => p.sort?.col === column.id ? (p.sort.dir > 0 ? "ascending" : "descending") : column.sort ? "none" : undefined;
    const arrow = (column) => p.sort?.col === column.id ? (p.sort.dir > 0 ? "chevron-up" : "chevron-down") : "chevrons-up-down";

    const head = () => html`
      <thead><tr aria-rowindex="1">${p.columns.map((column) => html`
        <th key=${column.id} scope="col" class=${column.num ? "num" : ""} style=${{ width: column.width ? column.width + "px" : prefs.narrow ? "160px" : undefined }} aria-sort=${ariaSort(column)}>
          ${column.sort && p.onSort ? html`<button type="button" title=${t("sort.by", { column: column.label })} onClick=${() => p.onSort(column.id)}>${column.label}<${Icon} name=${arrow(column)} size="12" /></button>` : html`<span>${column.label || html`<span class="hear">${t("actions")}</span>`}</span>`}
        </th>`)}</tr></thead>`;
    const line = (row, index) => html`
      <tr key=${p.rowKey(row)} tabindex=${p.onOpen ? 0 : undefined} data-i=${index} aria-rowindex=${index + 2} class=${(p.onOpen ? "opens" : "") + (p.selected === p.rowKey(row) ? " sel" : "")}
        onClick=${(event) => { if (!event.target.closest("a, button, input, select")) p.onOpen?.(row); }}>
        ${p.columns.map((column) => html`<td key=${column.id} class=${column.num ? "num" : ""} title=${column.title?.(row)}>${column.cell(row)}</td>`)}
      </tr>`;
    const pad = (id, rows) => rows > 0 && html`<tr key=${id} aria-hidden="true" class="pad"><td colspan=${p.columns.length} style=${{ height: rows * rowHeight.value + "px" }}></td></tr>`;

    return () => {
      const view = seen.value;
      if (!view.count && slots.empty) return slots.empty();
      return html`
        <div class="tbl-wrap">
          ${fresh.value > 0 && html`<button class="fresh" type="button" onClick=${() => { box.value.scrollTop = 0; }}><${Icon} name="chevron-up" size="14" />${t("table.new", { n: f.num(fresh.value) })}</button>`}
          <div class=${"tbl-box" + (p.height ? " windowed" : "")} ref=${box} tabindex="0" role="group" aria-label=${p.label} style=${{ height: p.height ? p.height + "px" : undefined }} onScroll=${scrolled} onKeydown=${keys} onFocusin=${(event) => { if (event.target.matches(ROWS)) last = event.target; }}>
            ${prefs.narrow && p.card ? html`
              <ul class="rows" style=${{ height: view.count * rowHeight.value + "px" }}>${view.rows.map((row, k) => html`
                <li key=${p.rowKey(row)} style=${{ transform: `translateY(${(view.from + k) * rowHeight.value}px)` }}><button type="button" data-i=${view.from + k} onClick=${() => p.onOpen?.(row)}>${p.card(row)}</button></li>`)}</ul>`
            : html`<table aria-rowcount=${view.count + 1} aria-label=${p.label}>${head()}<tbody>${pad("above", view.from)}${view.rows.map((row, k) => line(row, view.from + k))}${pad("below", view.count - view.to)}</tbody></table>`}
          </div>
        </div>`;
    };
  },
};

/**
 * Rows in the order that the address names (?sort=-cost), by the columns' own values.
 * @param {any[]} rows @param {any[]} columns @param {string | undefined} order
 */
export function sorted(rows, columns, order) {
  if (!order) return rows;
  const column = columns.find((one) => one.id === order.replace("-", ""));
  if (!column?.sort) return rows;
  const sign = order.startsWith("-") ? -1 : 1;
  return rows.slice().sort((a, b) => {
    const x = column.sort(a), y = column.sort(b);
    return (x < y ? -1 : x > y ? 1 : 0) * sign;
  });
}

/** @param {string | undefined} order */
export const sortState = (order) => order ? { col: order.replace("-", ""), dir: order.startsWith("-") ? -1 : 1 } : null;

/** The order after a click on a column. @param {string | undefined} order @param {string} column */
export const nextSort = (order, column) => order === `-${column}` ? column : `-${column}`;
