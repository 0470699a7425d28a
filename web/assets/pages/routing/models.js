// The models tab: scores side by side, and what each model was asked, cost and took in the range.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { saveTable } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { href, route, setQuery } from "../../lib/route.js";
import { canAtGateway } from "../../lib/session.js";
import { DataTable, nextSort, sorted, sortState } from "../../lib/table.js";
import { Card, Empty, Icon } from "../../lib/ui.js";
import { filters } from "./answers.js";
import { ScoresCard } from "./scores.js";
import * as f from "../../lib/format.js";

export const Models = {
  setup() {
    const usage = useResource(() => ["/usage", { ...filters(), group_by: "provider,model", order_by: "requests", limit: 1000 }], { every: 30 });
    const per = (one) => one.requests - one.errors > 0 ? Number(one.cost_usd) / (one.requests - one.errors) : null;
    const columns = computed(() => [
      { id: "model", label: t("routing.model"), sort: (one) => one.model, cell: (one) => one.model ? html`<a class="model" href=${href("/requests", { model: one.model, provider: one.provider })}>${one.model}</a>` : t("unattributed") },
      { id: "provider", label: t("routing.provider"), width: 140, sort: (one) => one.provider, cell: (one) => one.provider || html`<span class="muted">–</span>` },
      { id: "requests", label: t("routing.requests"), num: true, width: 110, sort: (one) => one.requests, cell: (one) => f.num(one.requests) },
      { id: "errors", label: t("routing.errors"), num: true, width: 96, sort: (one) => one.requests ? one.errors / one.requests : 0, cell: (one) => html`<span class=${one.errors / one.requests > 0.05 ? "slow-t" : ""}>${f.pct(one.requests ? one.errors / one.requests : null)}</span>` },
      { id: "p95", label: "p95", num: true, width: 100, sort: (one) => one.latency_us?.p95 ?? -1, cell: (one) => f.ms(one.latency_us?.p95 == null ? null : one.latency_us.p95 / 1000) },
      { id: "ttft", label: t("routing.first_token"), num: true, width: 130, sort: (one) => one.time_to_first_token_us?.p95 ?? -1, cell: (one) => f.ms(one.time_to_first_token_us?.p95 == null ? null : one.time_to_first_token_us.p95 / 1000) },
      { id: "tokens", label: t("routing.tokens"), num: true, width: 110, sort: (one) => one.input_tokens + one.output_tokens, cell: (one) => f.compact(one.input_tokens + one.output_tokens) },
      { id: "cost", label: t("routing.cost.all"), num: true, width: 110, sort: (one) => Number(one.cost_usd), cell: (one) => f.usd(one.cost_usd) },
      { id: "per_request", label: t("routing.cost"), num: true, width: 120, sort: (one) => per(one) ?? -1, cell: (one) => f.usd(per(one)) },
    ]);
    const rows = computed(() => sorted((usage.data?.data ?? []).filter((one) => one.model), columns.value, route.query.sort ?? "-requests"));
    return () => html`
      <div class="stack">${canAtGateway("routing:read") && html`<${ScoresCard} />`}
        <${Card} title=${t("routing.used")} hint=${t("routing.used.hint")} resource=${usage} tall=${260} flush=${true} class="tbl">${{
          actions: () => html`<button class="btn sm" type="button" onClick=${() => saveTable("models", columns.value, rows.value)}><${Icon} name="download" size="14" />${t("export")}</button>`,
          default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.provider + "/" + one.model} label=${t("routing.used")} sort=${sortState(route.query.sort ?? "-requests")} onSort=${(id) => setQuery({ sort: nextSort(route.query.sort ?? "-requests", id) })} height=${rows.value.length > 14 ? 600 : undefined}>${{ empty: () => html`<${Empty} icon="cpu" title=${t("state.none")} />` }}<//>`,
        }}<//></div>`;
  },
};
