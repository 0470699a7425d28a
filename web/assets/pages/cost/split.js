// What spending goes to, by kind: a donut or a table of which the total is the page's.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Donut } from "../../lib/charts.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { range } from "../../lib/range.js";
import { route, setQuery } from "../../lib/route.js";
import { Card, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { useFigures } from "./figures.js";
import { span } from "./filters.js";
import { dollars, left, nanos, sum } from "./money.js";
import { DIMENSIONS, filters, nameOf } from "./scope.js";

const KINDS = ["provider", "model", "team", "project", "key", "tag", "user", "organization", "tokens", "cost"];
const kind = computed(() => KINDS.includes(route.query.split) ? route.query.split : "provider");

/** Tokens by kind; what was cached is a part of the prompt, and reasoning of the answer. @param {any} total */
const tokens = (total) => [
  ["input", total.input_tokens - total.cache_read_tokens - total.cache_write_tokens], ["cached", total.cache_read_tokens],
  ["written", total.cache_write_tokens], ["output", total.output_tokens - total.reasoning_tokens], ["reasoning", total.reasoning_tokens],
].map(([id, value]) => ({ id, name: t("cost.tokens." + id), value, picks: false }));

export const Split = {
  setup() {
    const grouped = computed(() => DIMENSIONS.includes(kind.value));
    const usage = useResource(() => kind.value === "cost" ? null : ["/usage", {
      ...(grouped.value ? { group_by: kind.value, order_by: "cost", limit: 1000 } : {}), percentiles: false, ...span.value, ...filters.value,
    }], { every: 60 });
    const parts = useFigures(["spend"], () => kind.value === "cost" ? { from: range.value.from - range.value.from % 60, to: Math.ceil(range.value.to / 60) * 60 } : null);
    const resource = computed(() => kind.value === "cost" ? parts : usage);
    /** The answer may still be of the kind that was chosen before. */
    const lines = computed(() => (usage.data?.data ?? []).filter((/** @type {any} */ line) => line[kind.value] !== undefined));
    const money = computed(() => kind.value !== "tokens");
    const format = (/** @type {number} */ value) => money.value ? f.usd(value) : f.compact(value);

    const rows = computed(() => {
      if (kind.value === "cost") {
        const figure = parts.data?.spend;
        return ["answers", "failures"].map((id) => ({ id, name: t("cost.kind." + id), value: figure?.parts[id] ?? 0, picks: false }));
      }
      if (!usage.data) return [];
      if (kind.value === "tokens") return tokens(usage.data.total);
      const named = lines.value.filter((/** @type {any} */ line) => line[kind.value] !== "");
      const none = lines.value.filter((/** @type {any} */ line) => line[kind.value] === "");
      // Without more lines these are all there is: the total is told apart from them, while requests go on.
      const rest = usage.data.has_more || ["tag", "user"].includes(kind.value) ? left(usage.data.total, lines.value) : "0", list = named.map((/** @type {any} */ line) => ({ id: line[kind.value], name: nameOf(line[kind.value]), value: Number(line.cost_usd), requests: line.requests, picks: true }));
      // A request with two tags is in both lines: what belongs to none cannot be told then.
      const overlap = kind.value === "tag" && nanos(rest) < 0n;
      if (!overlap) {
        const inList = usage.data.has_more ? 0n : nanos(rest);
        list.push({ id: "", name: t("unattributed"), value: Number(dollars(sum(none) + inList)), requests: none[0]?.requests ?? 0, picks: false });
        if (usage.data.has_more) list.push({ id: "rest", name: t("rest"), value: Number(rest), requests: null, picks: false });
      }
      return list;
    });
    const total = computed(() => money.value && ["tag", "user"].includes(kind.value) ? Number(usage.data?.total.cost_usd ?? 0) : rows.value.reduce((all, row) => all + row.value, 0));
    const overlaps = computed(() => kind.value === "tag" && rows.value.reduce((all, row) => all + row.value, 0) > total.value + 1e-9);
    const pick = (/** @type {string} */ id) => setQuery({ [kind.value]: id });
    const save = () => download(fileName("cost-by-" + kind.value), csv([kind.value, "name", money.value ? "cost_usd" : "tokens", "requests"], [...rows.value.map((row) => [row.id, row.name, row.value, row.requests ?? ""]), ["total", t("total"), total.value, usage.data?.total.requests ?? ""]]));

    return () => html`
      <${Card} resource=${resource.value} title=${t("cost.split")} hint=${t("cost.split.hint")} tall=${250}>${{
        actions: () => html`<label class="hear" for="split-by">${t("cost.by")}</label><select id="split-by" class="plain" value=${kind.value} onChange=${(event) => setQuery({ split: event.target.value })}>${KINDS.map((name) => html`<option key=${name} value=${name} selected=${name === kind.value}>${t("cost.by." + name)}</option>`)}</select>
          <button class=${"icon-b" + (route.query.shape === "table" ? " on" : "")} type="button" aria-pressed=${String(route.query.shape === "table")} aria-label=${t("cost.table")} title=${t("cost.table")} onClick=${() => setQuery({ shape: route.query.shape === "table" ? null : "table" })}><${Icon} name=${route.query.shape === "table" ? "chart-pie" : "list"} /></button>
          <button class="icon-b" type="button" aria-label=${t("export")} title=${t("export")} disabled=${!resource.value.fresh} onClick=${save}><${Icon} name="download" /></button>`,
        default: () => html`
          ${route.query.shape === "table" ? html`<div class="cost-scroll" tabindex="0" role="group" aria-label=${t("cost.split")}><table class="cost-table"><thead><tr><th scope="col"><span>${t("cost.by." + kind.value)}</span></th><th scope="col" class="num"><span>${money.value ? t("cost.spend") : t("cost.by.tokens")}</span></th><th scope="col" class="num"><span>${t("cost.share")}</span></th></tr></thead>
              <tbody>${rows.value.map((row) => html`<tr key=${row.id}><td>${row.picks ? html`<button class="link" type="button" onClick=${() => pick(row.id)}>${row.name}</button>` : row.name}</td><td class="num">${format(row.value)}</td><td class="num">${total.value ? f.pct(row.value / total.value) : "–"}</td></tr>`)}</tbody>
              <tfoot><tr><th scope="row"><span>${t("total")}</span></th><td class="num">${format(total.value)}</td><td class="num">${overlaps.value ? "–" : f.pct(1, 0)}</td></tr></tfoot></table></div>`
          : html`<${Donut} items=${rows.value} format=${format} label=${t("cost.split")} caption=${overlaps.value ? t("cost.sum") : t("total")} onPick=${grouped.value ? (id) => id !== "rest" && pick(id) : undefined} />
            ${grouped.value && !overlaps.value && html`<p class="muted cost-line">${t("unattributed")}: ${f.usd(rows.value.find((row) => row.id === "")?.value ?? 0)}</p>`}`}
          ${overlaps.value && html`<p class="muted cost-line">${t("cost.split.tags", { total: f.usd(total.value) })}</p>`}
          ${kind.value === "cost" && html`<p class="muted cost-line">${t("cost.kind.note")}</p>`}`,
      }}<//>`;
  },
};
