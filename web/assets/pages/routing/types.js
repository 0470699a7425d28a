// What kinds of requests there are, and how each kind does.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { Donut } from "../../lib/charts.js";
import { saveTable } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { DataTable, nextSort, sorted, sortState } from "../../lib/table.js";
import { Card, Empty, Icon } from "../../lib/ui.js";
import { filters } from "./answers.js";
import * as f from "../../lib/format.js";

/** A kind of request in the reader's words. @param {string} id */
export const typeName = (id) => !id || id === "unclassified" ? t("routing.unclassified") : has("routing.type." + id) ? t("routing.type." + id) : id;

export const RequestTypes = {
  setup() {
    const answer = useResource(() => ["/routing/summary", filters()], { every: 60 });
    const columns = computed(() => [
      { id: "type", label: t("routing.type"), width: 110, sort: (one) => one.type, cell: (one) => html`<button class="link" type="button" aria-pressed=${String(route.query.type === one.type)} onClick=${() => setQuery({ type: route.query.type === one.type ? null : one.type })}>${typeName(one.type)}</button>` },
      { id: "share", label: t("routing.share"), num: true, width: 66, sort: (one) => one.share ?? 0, cell: (one) => f.pct(one.share, 0) },
      // Nothing is judged yet on most gateways: a column of dashes says no more than its absence.
      ...((answer.data?.types ?? []).some((one) => one.accuracy !== null) ? [{ id: "accuracy", label: t("routing.accurate"), num: true, width: 80, sort: (one) => one.accuracy ?? -1, cell: (one) => f.pct(one.accuracy, 0) }] : []),
      { id: "cost", label: t("routing.cost"), num: true, width: 84, sort: (one) => one.average_cost ?? -1, cell: (one) => f.usd(one.average_cost) },
      { id: "p95", label: "p95", num: true, width: 74, sort: (one) => one.p95_ms ?? -1, cell: (one) => f.ms(one.p95_ms) },
    ]);
    const rows = computed(() => sorted((answer.data?.types ?? []).filter((one) => one.count > 0), columns.value, route.query.types ?? "-share"));
    return () => html`
      <${Card} title=${t("routing.types")} hint=${t("routing.types.hint")} sub=${answer.data?.types_sampled ? t("routing.types.sampled") : ""} resource=${answer} tall=${330} flush=${true}>${{
        actions: () => rows.value.length > 0 && html`<button class="icon-b" type="button" aria-label=${t("export")} title=${t("export")} onClick=${() => saveTable("request-types", columns.value, rows.value)}><${Icon} name="download" size="15" /></button>`,
        default: () => rows.value.length ? html`
          <${Donut} items=${rows.value.map((one) => ({ id: one.type, name: typeName(one.type), value: one.count }))} format=${f.compact} label=${t("routing.types")} onPick=${(id) => setQuery({ type: id })} />
          <div class="narrow-t"><${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.type} label=${t("routing.types")} sort=${sortState(route.query.types ?? "-share")} onSort=${(id) => setQuery({ types: nextSort(route.query.types ?? "-share", id) })} /></div>`
          : html`<${Empty} icon="chart-pie" title=${t("routing.types.none")} />`,
      }}<//>`;
  },
};
