// A pivot: any two dimensions against each other, and a measure.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { href, route, setQuery } from "../../lib/route.js";
import { Card, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { Filters, span } from "./filters.js";
import { DIMENSIONS, filters, nameOf } from "./scope.js";

/** Measures: their name in the order of the API, value of a line, format. @type {Record<string, [string, (line: any) => number, (value: number) => string]>} */
const MEASURES = {
  cost: ["cost", (line) => Number(line.cost_usd), (value) => f.usd(value)],
  charge: ["charge", (line) => Number(line.charge_usd), (value) => f.usd(value)],
  requests: ["requests", (line) => line.requests, (value) => f.num(value)],
  errors: ["errors", (line) => line.errors, (value) => f.num(value)],
  input: ["input", (line) => line.input_tokens, (value) => f.compact(value)],
  output: ["output", (line) => line.output_tokens, (value) => f.compact(value)],
};
const ROWS = 50, COLUMNS = 8, MOST = 1000;
/** Where the rows of each dimension lead: what lies within one of them, or who used it. @type {Record<string, string[]>} */
const WITHIN = { organization: ["team"], team: ["project"], project: ["key"], key: ["model"], model: ["team", "key"], provider: ["model"], tag: ["team", "key"], user: ["key", "model"] };
/** What is looked at next where all that is filtered by already. */
const ELSE = ["team", "project", "key", "model", "provider", "user"];
/** A cell's name; texts of ids hold no such character. */
const SEP = "\u0000";

export const Explore = {
  setup() {
    const measure = computed(() => MEASURES[route.query.measure] ? route.query.measure : "cost");
    const rows = computed(() => DIMENSIONS.includes(route.query.rows) ? route.query.rows : "team");
    const columns = computed(() => DIMENSIONS.includes(route.query.columns) && route.query.columns !== rows.value ? route.query.columns : ["model", "team", "key", "provider"].find((name) => name !== rows.value && !filters.value[name]) ?? "tag");
    /** Narrows to a row, and goes on to what lies within it. @param {string} id */
    const into = (id) => setQuery({ [rows.value]: id, rows: [...WITHIN[rows.value], ...ELSE].find((name) => name !== rows.value && !filters.value[name]) ?? rows.value });
    const usage = useResource(() => ["/usage", { group_by: `${rows.value},${columns.value}`, order_by: MEASURES[measure.value][0], limit: MOST, percentiles: false, ...span.value, ...filters.value }]);

    const table = computed(() => {
      const [, value, format] = MEASURES[measure.value], lines = (usage.data?.data ?? []).filter((line) => line[rows.value] !== undefined && line[columns.value] !== undefined);
      const byRow = new Map(), byColumn = new Map(), cells = new Map();
      const add = (map, key, amount) => map.set(key, (map.get(key) ?? 0) + amount);
      for (const line of lines) {
        add(byRow, line[rows.value], value(line));
        add(byColumn, line[columns.value], value(line));
        add(cells, line[rows.value] + SEP + line[columns.value], value(line));
      }
      const largest = (map, most) => [...map].filter(([, amount]) => amount !== 0).sort((a, b) => b[1] - a[1]).slice(0, most).map(([id]) => id);
      const left = largest(byRow, ROWS), top = largest(byColumn, COLUMNS), sum = (list) => list.reduce((all, one) => all + one, 0);
      const whole = usage.data?.has_more || [rows.value, columns.value].some((name) => ["tag", "user"].includes(name));
      const total = usage.data && whole ? value(usage.data.total) : sum([...byRow.values()]);
      return {
        top, total, format, most: Math.max(...[...cells.values()], 1e-12),
        lines: left.map((id) => {
          const values = top.map((column) => cells.get(id + SEP + column) ?? 0), all = byRow.get(id);
          return { id, values, rest: all - sum(values), all };
        }),
        // What is beyond the rows that are shown, and with tags what is in several of them.
        rest: total - sum(left.map((id) => byRow.get(id))), sums: top.map((column) => byColumn.get(column)), hasRest: largest(byColumn, Infinity).length > top.length,
      };
    });
    const overlaps = computed(() => [rows.value, columns.value].includes("tag"));
    const save = () => download(fileName(`cost-${rows.value}-by-${columns.value}`), csv([rows.value, t("cost.name"), ...table.value.top.map(nameOf), t("rest"), t("total")], table.value.lines.map((line) => [line.id, nameOf(line.id), ...line.values, line.rest, line.all])));
    const Pick = (name, value, options, words) => html`<label class="cost-pickl" for=${"explore-" + name}><span>${t("cost.explore." + name)}</span><select id=${"explore-" + name} class="plain" value=${value} onChange=${(event) => setQuery({ [name]: event.target.value })}>${options.map((one) => html`<option key=${one} value=${one} selected=${one === value}>${t(words + one)}</option>`)}</select></label>`;
    /** With its row and column, a cell leads to the requests that it is the sum of. */
    const cell = (value, of) => html`<td class="num" style=${value > 0 ? { background: `color-mix(in srgb, var(--c1) ${Math.round(Math.sqrt(value / table.value.most) * 24)}%, transparent)` } : undefined}>${value ? of ? html`<a href=${href("/requests", { ...filters.value, ...of })} title=${t("cost.explore.requests")}>${table.value.format(value)}</a>` : table.value.format(value) : html`<span class="muted">–</span>`}</td>`;
    return () => html`
      <${Filters} />
      <${Card} resource=${usage} title=${t("cost.tab.explore")} hint=${t("cost.explore.hint")} flush=${true} class="tbl" tall=${420}>${{
        actions: () => html`${Pick("rows", rows.value, DIMENSIONS, "cost.by.")}${Pick("columns", columns.value, DIMENSIONS.filter((one) => one !== rows.value), "cost.by.")}${Pick("measure", measure.value, Object.keys(MEASURES), "cost.measure.")}
          <button class="btn" type="button" disabled=${!usage.fresh} onClick=${save}><${Icon} name="download" size="15" />${t("export")}</button>`,
        default: () => table.value.lines.length ? html`
          <div class="cost-scroll" tabindex="0" role="group" aria-label=${t("cost.tab.explore")}><table class="cost-table pivot" style=${{ minWidth: (table.value.top.length + 3) * 118 + "px" }}>
            <thead><tr><th scope="col"><span>${t("cost.by." + rows.value)}</span></th>${table.value.top.map((id) => html`<th key=${id} scope="col" class="num" title=${nameOf(id)}><span>${nameOf(id)}</span></th>`)}${table.value.hasRest && html`<th scope="col" class="num"><span>${t("rest")}</span></th>`}<th scope="col" class="num"><span>${t("total")}</span></th></tr></thead>
            <tbody>${table.value.lines.map((line) => html`<tr key=${line.id}><th scope="row">${line.id ? html`<button class="link" type="button" title=${t("cost.filter.to")} onClick=${() => into(line.id)}>${nameOf(line.id)}</button>` : html`<span>${t("unattributed")}</span>`}</th>${line.values.map((value, i) => cell(value, line.id && table.value.top[i] ? { [rows.value]: line.id, [columns.value]: table.value.top[i] } : null))}${table.value.hasRest && cell(line.rest, null)}<td class="num"><b>${line.id ? html`<a href=${href("/requests", { ...filters.value, [rows.value]: line.id })} title=${t("cost.explore.requests")}>${table.value.format(line.all)}</a>` : table.value.format(line.all)}</b></td></tr>`)}
              ${Math.abs(table.value.rest) > 1e-9 && !overlaps.value && html`<tr><th scope="row"><span>${t("rest")}</span></th>${table.value.top.map((id) => html`<td key=${id}></td>`)}${table.value.hasRest && html`<td></td>`}<td class="num">${table.value.format(table.value.rest)}</td></tr>`}</tbody>
            <tfoot><tr><th scope="row"><span>${t("total")}</span></th>${table.value.sums.map((value, i) => html`<td key=${i} class="num">${table.value.format(value)}</td>`)}${table.value.hasRest && html`<td></td>`}<td class="num">${table.value.format(table.value.total)}</td></tr></tfoot></table></div>
          ${overlaps.value && html`<p class="muted foot">${t("cost.explore.tags")}</p>`}${usage.data.has_more && html`<p class="muted foot">${t("cost.explore.cut", { n: f.num(MOST) })}</p>`}`
          : html`<${Empty} icon="columns-3" title=${t("cost.none")} text=${t("cost.none.why")} />`,
      }}<//>`;
  },
};
