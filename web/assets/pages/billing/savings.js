// What an organization saved in a month, and the fee on it, step by step.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { Card, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** The last twelve months, such as 2026-11. */
export const months = () => Array.from({ length: 12 }, (_one, back) => {
  const date = new Date();
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1)).toISOString().slice(0, 7);
});

export const Savings = {
  props: ["organization"],
  setup(p) {
    const month = computed(() => /^\d{4}-\d{2}$/.test(route.query.month ?? "") ? route.query.month : months()[0]);
    const share = useResource(() => [`/organizations/${encodeURIComponent(p.organization.id)}/savings-share`, { month: month.value }]);
    const save = () => download(fileName("savings"), csv(["model", "measure", "past_volume", "past_cost_usd", "volume", "baseline_usd", "actual_usd", "saved_usd"], share.data.lines.map((line) => [line.model, line.measure, line.past_volume, line.past_cost_usd, line.volume, line.baseline_usd, line.actual_usd, line.saved_usd])));
    const step = (label, value) => html`<li><span>${t(label)}</span><span></span><b class="num">${f.usd(value)}</b></li>`;
    return () => html`
      <${Card} title=${t("billing.savings")} hint=${t("billing.savings.hint")} resource=${share} tall=${120}>${{
        actions: () => html`<select class="plain" aria-label=${t("billing.month")} value=${month.value} onChange=${(event) => setQuery({ month: event.target.value })}>${months().map((one) => html`<option key=${one} value=${one} selected=${one === month.value}>${f.month(one + "-15T00:00:00Z")}</option>`)}</select>${share.data?.lines.length > 0 && html`<button class="btn sm" type="button" onClick=${save}><${Icon} name="download" size="14" />CSV</button>`}`,
        default: () => share.data?.lines.length ? html`<p class="big-v">${f.usd(share.data.saved_usd)}</p><ul class="plain-list">${step("billing.savings.baseline", share.data.baseline_usd)}${step("billing.savings.actual", share.data.actual_usd)}
            <li><span>${t("billing.savings.fee", { rate: f.pct(share.data.basis_points / 10_000) })}</span><span></span><b class="num">${f.usd(share.data.fee_usd)}</b></li></ul>
            ${share.data.lines.every((line) => line.measure === "none") && html`<p class="muted foot-links">${t("billing.savings.no_past")}</p>`}`
          : html`<${Empty} icon="coins" title=${t("billing.savings.none")} />`,
      }}<//>`;
  },
};
