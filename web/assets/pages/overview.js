// The overview: what waits for a person, five figures, traffic, what it costs by model, types, and requests as they end.
import { computed } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { rangeQuery } from "../lib/range.js";
import { href, route, setQuery } from "../lib/route.js";
import { useResource } from "../lib/resource.js";
import { Bars, Donut } from "../lib/charts.js";
import { Card, Icon } from "../lib/ui.js";
import { namedFilters, requestTimes, sumFilters, typeName } from "../lib/requests.js";
import { Attention } from "./overview/attention.js";
import { Figures } from "./overview/figures.js";
import { isPulsed, usePulse } from "./overview/pulse.js";
import { useSpan } from "./overview/span.js";
import { Traffic } from "./overview/traffic.js";
import { Differences } from "./requests/differences.js";
import { Facets } from "./requests/facets.js";
import { Peek } from "./requests/peek.js";
import { RequestsCard } from "./requests/table.js";
import { isFiltered, useRequests, useSummary } from "./requests/view.js";
import * as f from "../lib/format.js";

export const styles = ["requests", "overview"];

/** What each model cost, and what could not be attributed to one. */
const SpendByModel = {
  setup() {
    const usage = useResource(() => ["/usage", { ...sumFilters(), since: rangeQuery.value.since, until: rangeQuery.value.until, group_by: "model", order_by: "cost", limit: 100, percentiles: false }], { every: 30 });
    const items = computed(() => (usage.data?.data ?? []).map((line) => ({ id: line.model || "", name: line.model || t("unattributed"), value: Number(line.cost_usd) })));
    return () => html`
      <${Card} resource=${usage} title=${t("overview.by_model")} hint=${t("overview.def.by_model")} tall=${150}>${{
        actions: () => html`<a class="muted more-l" href=${href("/cost")}>${t("nav.cost")}<${Icon} name="chevron-right" size="13" /></a>`,
        default: () => html`<${Donut} items=${items.value} format=${(value) => f.usd(value, value >= 100 ? 0 : value >= 0.01 || value === 0 ? 2 : 4)} label=${t("overview.by_model")} onPick=${(model) => setQuery({ model: route.query.model === model ? null : model })} />`,
      }}<//>`;
  },
};

/** Of what kind requests were. */
const Types = {
  setup() {
    const summary = useResource(() => ["/routing/summary", { ...namedFilters(), ...requestTimes() }], { every: 30 });
    const items = computed(() => (summary.data?.types ?? []).slice(0, 7).map((one) => ({ id: one.type, name: typeName(one.type), value: one.share })));
    return () => html`
      <${Card} resource=${summary} title=${t("overview.types")} sub=${summary.data?.types_sampled ? t("overview.types.newest") : ""} hint=${t("overview.def.types")} tall=${120}>
        ${items.value.length ? html`<${Bars} items=${items.value} format=${(value) => f.pct(value, 0)} onPick=${(type) => setQuery({ q: route.query.q === `type:${type}` ? null : `type:${type}` })} />` : html`<p class="muted">${t("state.none")}</p>`}
      <//>`;
  },
};

export default {
  setup() {
    const span = useSpan(), pulsed = computed(() => isPulsed(span.value));
    const pulse = usePulse(() => (pulsed.value ? Math.round(span.value.length) : null));
    const feed = useRequests(), summary = useSummary(() => feed.error?.status !== 400);
    return () => html`
      <div class="overview">
        <${Attention} />
        ${isFiltered() && html`<${Facets} />`}
        <div class="grid">
          <${Figures} pulse=${pulse} pulsed=${pulsed.value} />
          <${Traffic} pulse=${pulse} pulsed=${pulsed.value} span=${span.value} />
          <div class="side-col"><${SpendByModel} /><${Types} /></div>
          <div class=${"rq wide" + (route.query.peek ? " with-peek" : "")}><div class="rq-main">
            ${route.query.diff && html`<${Differences} />`}
            <${RequestsCard} feed=${feed} counts=${summary.counts} height=${506} beside=${Boolean(route.query.peek)}>${{ more: () => !route.query.peek && html`<a class="btn" href=${href("/requests", { q: route.query.q, seg: route.query.seg, sort: route.query.sort })}><${Icon} name="scroll-text" size="15" />${t("overview.explore")}</a>` }}<//></div>
            <${Peek} rows=${feed.rows} onEnd=${feed.more} /></div>
        </div>
      </div>`;
  },
};
