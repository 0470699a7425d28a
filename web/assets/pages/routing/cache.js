// What is known of caches: what providers' prompt caches saved. Sira's own answer cache is not on, and that is said.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { useResource } from "../../lib/resource.js";
import { saveTable } from "../../lib/csv.js";
import { route, setQuery } from "../../lib/route.js";
import { DataTable, nextSort, sorted, sortState } from "../../lib/table.js";
import { Badge, Card, Icon } from "../../lib/ui.js";
import { filters } from "./answers.js";
import * as f from "../../lib/format.js";

export const CacheCard = {
  setup() {
    const usage = useResource(() => ["/usage", { ...filters(), group_by: "model", order_by: "input", limit: 100, percentiles: false }], { every: 60 });
    const hit = (line) => line.input_tokens ? line.cache_read_tokens / line.input_tokens : null;
    const columns = computed(() => [
      { id: "model", label: t("routing.model"), width: 190, sort: (one) => one.model, cell: (one) => one.model || t("unattributed") },
      { id: "read", label: t("routing.cache.read"), num: true, width: 130, sort: (one) => one.cache_read_tokens, cell: (one) => f.compact(one.cache_read_tokens) },
      { id: "hit", label: t("routing.cache.share"), num: true, width: 110, sort: (one) => hit(one) ?? -1, cell: (one) => f.pct(hit(one)) },
      { id: "saved", label: t("routing.cache.saved"), num: true, width: 110, sort: (one) => Number(one.cache_savings_usd), cell: (one) => f.usd(one.cache_savings_usd) },
    ]);
    const rows = computed(() => sorted((usage.data?.data ?? []).filter((one) => one.cache_read_tokens + one.cache_write_tokens > 0), columns.value, route.query.cache ?? "-read"));
    return () => {
      const all = usage.data?.total;
      return html`
        <${Card} title=${t("routing.caches")} hint=${t("routing.caches.hint")} resource=${usage} tall=${220} flush=${true}>${{
          actions: () => rows.value.length > 0 && html`<button class="icon-b" type="button" aria-label=${t("export")} title=${t("export")} onClick=${() => saveTable("caches", columns.value, rows.value)}><${Icon} name="download" size="15" /></button>`,
          default: () => html`
            <dl class="facts">
              <div><dt>${t("routing.cache.prompt.of")}</dt><dd>${f.pct(all && hit(all))}</dd></div><div><dt>${t("routing.cache.read")}</dt><dd>${f.compact(all?.cache_read_tokens)}</dd></div>
              <div><dt>${t("routing.cache.written")}</dt><dd>${f.compact(all?.cache_write_tokens)}</dd></div><div><dt>${t("routing.cache.saved")}</dt><dd>${f.usd(all?.cache_savings_usd)}</dd></div></dl>
            <p class="own"><${Badge} text=${t("routing.cache.off")} />${t("routing.cache.own")}</p>
            ${rows.value.length ? html`<div class="narrow-t"><${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.model} label=${t("routing.caches")} sort=${sortState(route.query.cache ?? "-read")} onSort=${(id) => setQuery({ cache: nextSort(route.query.cache ?? "-read", id) })} height=${rows.value.length > 6 ? 250 : undefined} /></div>` : html`<p class="muted none-t">${t("routing.cache.none")}</p>`}`,
        }}<//>`;
    };
  },
};
