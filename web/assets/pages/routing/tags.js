// Tags of requests: larger are more frequent, the colour says how many fail. The list says the same in words.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { saveTable } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { DataTable, nextSort, sorted, sortState } from "../../lib/table.js";
import { Card, Empty, Icon, Segmented } from "../../lib/ui.js";
import { filters } from "./answers.js";
import * as f from "../../lib/format.js";

/** Tags of a cloud; the rest is in the list. */
const MOST = 40;

/** Whether more or fewer than before by a tenth. @param {any} one */
const trend = (one) => Math.abs(one.count - one.previous) < Math.max(1, one.previous * 0.1) ? "" : one.count > one.previous ? "▲" : "▼";
/** @param {any} one */
const tone = (one) => one.error_rate > 0.05 ? "bad" : one.error_rate > 0.01 ? "warn" : "";

export const TagCloud = {
  setup() {
    const answer = useResource(() => ["/routing/summary", { ...filters(), tag: null }], { every: 60 });
    const columns = computed(() => [
      { id: "tag", label: t("routing.tag"), width: 160, sort: (one) => one.tag, cell: (one) => html`<button class="link" type="button" onClick=${() => setQuery({ tag: one.tag })}>${one.tag}</button>` },
      { id: "count", label: t("routing.requests"), num: true, width: 110, sort: (one) => one.count, cell: (one) => f.num(one.count) },
      { id: "previous", label: t("previous"), num: true, width: 110, sort: (one) => one.previous, cell: (one) => html`${trend(one)} ${f.num(one.previous)}` },
      { id: "errors", label: t("routing.errors"), num: true, width: 100, sort: (one) => one.error_rate ?? -1, cell: (one) => html`<span class=${tone(one) === "bad" ? "slow-t" : ""}>${f.pct(one.error_rate)}</span>` },
    ]);
    const rows = computed(() => sorted(answer.data?.tags ?? [], columns.value, route.query.tags ?? "-count"));
    const cloud = computed(() => {
      const list = (answer.data?.tags ?? []).slice().sort((a, b) => b.count - a.count).slice(0, MOST), most = Math.log1p(list[0]?.count ?? 1);
      return list.map((one) => ({ ...one, step: 1 + Math.round(4 * Math.log1p(one.count) / most) })).sort((a, b) => a.tag < b.tag ? -1 : 1);
    });
    return () => html`
      <${Card} title=${t("routing.tags")} hint=${t("routing.tags.hint")} resource=${answer} tall=${220} flush=${true}>${{
        actions: () => html`${route.query.tag && html`<button class="chip" type="button" onClick=${() => setQuery({ tag: null })}>${route.query.tag}<${Icon} name="x" size="13" label=${t("filters.clear")} /></button>`}
          <${Segmented} label=${t("routing.tags")} value=${route.query.tag_view ?? "cloud"} options=${[["cloud", t("routing.tags.cloud")], ["list", t("routing.tags.list")]]} onPick=${(id) => setQuery({ tag_view: id === "cloud" ? null : id })} />
          <button class="icon-b" type="button" aria-label=${t("export")} title=${t("export")} onClick=${() => saveTable("tags", columns.value, rows.value)}><${Icon} name="download" size="15" /></button>`,
        default: () => !rows.value.length ? html`<${Empty} icon="tag" title=${t("routing.tags.none")} text=${t("routing.tags.none.why")} />`
          : route.query.tag_view === "list" ? html`<div class="narrow-t"><${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.tag} label=${t("routing.tags")} sort=${sortState(route.query.tags ?? "-count")} onSort=${(id) => setQuery({ tags: nextSort(route.query.tags ?? "-count", id) })} height=${rows.value.length > 8 ? 300 : undefined} /></div>`
          : html`<ul class="cloud">${cloud.value.map((one) => html`<li key=${one.tag}><button type="button" class=${`t${one.step} ${tone(one)}`} aria-label=${t("routing.tag.of", { tag: one.tag, n: f.num(one.count), errors: f.pct(one.error_rate) })} onClick=${() => setQuery({ tag: one.tag })}>${one.tag}<small aria-hidden="true">${trend(one)}</small></button></li>`)}</ul>`,
      }}<//>`;
  },
};
