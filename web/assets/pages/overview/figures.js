// The five figures at the top. Each comes from the gateway's own definition of it.
import { ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { live, onLive } from "../../lib/live.js";
import { range, rangeQuery } from "../../lib/range.js";
import { href, route, setQuery } from "../../lib/route.js";
import { useResource } from "../../lib/resource.js";
import { can, canAtGateway } from "../../lib/session.js";
import { Gauge, Spark } from "../../lib/charts.js";
import { changeOf, Delta } from "../../lib/delta.js";
import { Failed, Hint } from "../../lib/ui.js";
import { namedFilters, requestTimes } from "../../lib/requests.js";
import { meanOfLast } from "./pulse.js";
import * as f from "../../lib/format.js";

/**
 * id, how it is written, the change below which it is calm, which way is good, how its change is told, its colour,
 * the least span of its line, and the tab of the chart that shows it.
 */
const FIGURES = [
  { id: "rps", write: (value) => f.num(value, value < 100 ? 1 : 0), calm: Infinity, good: "", points: false, color: "--c1", span: (values) => Math.max(...values) || 1, tab: "requests" },
  { id: "p95", write: f.ms, calm: 0.05, good: "down", points: false, color: "--c1", span: (values) => (Math.max(...values) || 1) * 0.6, tab: "latency" },
  { id: "success", write: (value) => f.pct(value, 2), calm: 0.002, good: "up", points: true, color: "--good", span: () => 0.03, tab: "errors" },
  { id: "cache_hit", write: f.pct, calm: 0.01, good: "up", points: true, color: "--c2", span: () => 0.1, tab: "requests" },
  { id: "spend_today", write: f.usd, calm: 0.1, good: "down", points: false, color: "--c3", span: (values) => Math.max(...values) || 1, tab: "spend" },
];

/** Values without gaps, for a line: from the first that is known, and what is missing stays as it was. @param {(number | null)[]} list */
function filled(list) {
  let last = 0;
  const first = list.findIndex((value) => value !== null);
  return first < 0 ? [] : list.slice(first).map((value) => (last = value ?? last));
}

/** What a figure is compared with, or why it is not. @param {any} one @param {number | null} change */
const compared = (one, change) => one.value == null ? t(one.reason === "too_few_samples" ? "overview.few" : "overview.no_samples", { n: f.num(one.samples), needed: f.num(one.needed) })
  : t(change === null ? "overview.no_previous" : route.query.compare === "week" ? "overview.vs.week" : "overview.vs");
const Change = ({ figure, one }) => {
  const change = changeOf(one, figure.points);
  return html`<${Delta} change=${change} points=${figure.points} calm=${figure.calm} good=${figure.good} text=${compared(one, change)} />`;
};
Change.props = ["figure", "one"];

/** The month's spending against the gateway's budget, where it has one; against nothing otherwise. */
const Month = {
  setup() {
    // The whole gateway's: a role in a team may ask for that team's alone.
    const forecast = useResource(() => canAtGateway("usage:read") ? ["/forecast"] : null, { every: 300 });
    const budgets = useResource(() => can("limits:read") ? ["/budgets/status"] : null, { every: 60 });
    return () => {
      const month = forecast.data?.month, budget = (budgets.data?.data ?? []).find((/** @type {any} */ one) => one.scope === "gateway");
      if (!month) return null;
      const limit = budget ? Number(budget.allowance_usd) : 0;
      return html`<div class="bud">${limit > 0 && html`<${Gauge} label=${t("overview.budget")} used=${Number(budget.spent_usd) / limit} projected=${month.expected_usd == null ? null : Number(month.expected_usd) / limit} />`}
        <div class="bud-l"><span title=${month.likely_usd ? t("overview.forecast.band", { low: f.usd(month.likely_usd.low, 0), high: f.usd(month.likely_usd.high, 0) }) : ""}>${month.expected_usd == null ? t("overview.forecast.none") : t("overview.forecast", { amount: f.usd(month.expected_usd) })}</span>${limit > 0 && html`<span>${t("overview.budget.of", { amount: f.usd(limit, 0) })}</span>`}</div></div>`;
    };
  },
};

/** Props: pulse (of usePulse), pulsed: whether it is what the view is of. */
export const Figures = {
  props: ["pulse", "pulsed"],
  setup(p) {
    const compare = () => (["week", "off"].includes(route.query.compare) ? { compare: route.query.compare } : {});
    const figures = useResource(() => ["/figures", { ids: FIGURES.map((one) => one.id).join(), ...namedFilters(), ...requestTimes(), ...compare(), tz: f.zone() }], { every: 10, map: (answer) => new Map(answer.figures.map((one) => [one.id, one])) });
    const lines = useResource(() => ["/series", { metrics: "requests,p95,success,cache_hit,cost", ...namedFilters(), from: rangeQuery.value.since, to: rangeQuery.value.until, tz: f.zone() }], { every: 30 });
    // What was spent since the figure came, so that it moves with each second.
    const since = ref(0);
    // The last ten seconds, of which the requests per second are told.
    const seconds = ref(/** @type {{rps: number | null, inflight: number | null}[]} */ ([]));
    onLive("tick", ({ p: values }) => {
      since.value += values.cost ?? 0;
      seconds.value = [...seconds.value.slice(-9), { rps: values.rps, inflight: values.inflight }];
    });
    watch(() => figures.at, () => (since.value = 0));
    const isAll = () => Object.keys(namedFilters()).length === 0;
    /** Whether the view is of now and of everything, so that the seconds tell more than the range. */
    const now = () => range.value.live && live.on && live.connected && isAll() && seconds.value.length > 0;
    const rps = () => {
      const kept = p.pulsed ? p.pulse.columns.rps ?? [] : [];
      return meanOfLast(kept.length ? kept : seconds.value.map((one) => one.rps), 10);
    };
    const value = (figure, one) => {
      if (figure.id === "rps" && now()) return rps() ?? one.value;
      if (figure.id === "spend_today" && one.value != null && isAll()) return one.value + since.value;
      return one.value;
    };
    const name = { rps: "requests", spend_today: "cost" };
    // The slice that runs is not whole yet.
    const line = (figure) => lines.data?.series[0]?.columns[name[figure.id] ?? figure.id]?.slice(0, range.value.live ? -1 : undefined);
    return () => html`
      <div class="kpis">${FIGURES.map((figure) => {
        const one = figures.data?.get(figure.id), values = filled(line(figure) ?? []);
        const inflight = figure.id === "rps" && now() ? seconds.value.at(-1)?.inflight : null;
        return html`
          <article key=${figure.id} class=${"card kpi k-" + (figure.id === "spend_today" ? "spend" : figure.id) + (figures.error && figures.data ? " dimmed" : "")} aria-busy=${String(!figures.data && !figures.error)}>
            <h2>${t("overview.kpi." + figure.id)}<${Hint} label=${t("overview.kpi." + figure.id)} text=${t("overview.def." + figure.id)} /></h2>
            ${one ? html`
              <button class="v" type="button" title=${t("overview.show_chart")} onClick=${() => setQuery({ metric: figure.tab === "latency" ? null : figure.tab }, { replace: true })}>${value(figure, one) == null ? "–" : figure.write(value(figure, one))}</button>
              ${figure.id === "spend_today" ? html`<div class="delta"><a class="muted flush" href=${href("/cost")}>${t("overview.zone", { zone: f.zone() })}</a></div>` : inflight != null ? html`<div class="delta"><span class="muted flush">${t("overview.inflight", { n: f.num(inflight) })}</span></div>` : html`<${Change} figure=${figure} one=${one} />`}
              ${figure.id === "spend_today" ? html`<${Month} />` : values.length > 2 && html`<${Spark} values=${values} color=${figure.color} span=${figure.span(values)} />`}`
            : figures.error ? html`<p class="kpi-none">–<small class="muted">${t("state.failed")}</small></p>` : html`<div class="sk kpi-sk"></div>`}
          </article>`;
      })}</div>
      ${figures.error && !figures.data && html`<section class="card wide"><${Failed} error=${figures.error} onRetry=${figures.reload} /></section>`}`;
  },
};
