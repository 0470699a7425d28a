// Hours that cost far more than the same hours before.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { useResource } from "../../lib/resource.js";
import { range } from "../../lib/range.js";
import { href } from "../../lib/route.js";
import { Badge, Card, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { scope } from "./scope.js";

const DAY = 86_400;

export const Unusual = {
  setup() {
    const days = computed(() => Math.min(90, Math.max(1, Math.ceil(range.value.length / DAY))));
    const odd = useResource(() => scope.value === null ? null : ["/anomalies", { scope: scope.value, measure: "spend", days: days.value }], { every: 300 });
    // Where there is nothing yet, the first hour that was looked at is told.
    const history = computed(() => odd.data && odd.data.history_from !== odd.data.since ? Math.max(0, Math.floor((Date.parse(odd.data.until) - Date.parse(odd.data.history_from)) / DAY / 1000)) : 0);
    const hours = computed(() => (odd.data?.data ?? []).slice().sort((a, b) => b.hour < a.hour ? -1 : 1).slice(0, 8));
    const link = (/** @type {string} */ hour) => href("/requests", { range: null, from: String(Date.parse(hour) / 1000), to: String(Date.parse(hour) / 1000 + 3_600), sort: "-cost" });
    return () => html`
      <${Card} resource=${scope.value === null ? null : odd} title=${t("cost.unusual")} hint=${t("cost.unusual.hint")} sub=${odd.data?.data.length ? f.num(odd.data.data.length) : ""} tall=${160}>
        ${scope.value === null ? html`<${Empty} icon="list-filter" title=${t("cost.forecast.one")} />`
        : hours.value.length ? html`<ul class="cost-odd">${hours.value.map((one) => html`<li key=${one.hour}><a href=${link(one.hour)}><${Icon} name="triangle-alert" size="15" /><span><b>${f.day(one.hour)} ${f.hm(one.hour)}</b><span class="muted">${t("cost.unusual.line", { expected: f.usd(one.expected), high: f.usd(one.ordinary.high), n: f.num(one.samples) })}</span></span><span class="grow"></span><b class="num">${f.usd(one.observed)}</b><${Badge} tone="warn" text=${one.expected > 0 ? `×${f.num(one.observed / one.expected, 1)}` : t("cost.unusual.new")} /></a></li>`)}</ul>`
        : history.value < 5 ? html`<${Empty} icon="history" title=${t("cost.unusual.early")} text=${t("cost.unusual.early.why", { n: f.num(history.value) })} />`
        : html`<${Empty} icon="circle-check" title=${t("cost.unusual.none")} text=${t("cost.unusual.none.why", { n: f.num(days.value) })} />`}
      <//>`;
  },
};
