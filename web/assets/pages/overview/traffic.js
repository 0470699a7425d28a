// The traffic of the range: requests, latency, errors, spend. Dragging picks a window; a spike is told in a sentence.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { iso } from "../../lib/range.js";
import { route, setQuery } from "../../lib/route.js";
import { useResource } from "../../lib/resource.js";
import { Legend, TimeChart } from "../../lib/timechart.js";
import { Failed, Hint, Icon, Segmented } from "../../lib/ui.js";
import { namedFilters } from "../../lib/requests.js";
import { meanOfLast, smoothed } from "./pulse.js";
import { findSpike } from "./spike.js";
import * as f from "../../lib/format.js";

const rate = (/** @type {number | null} */ value) => f.num(value, value != null && value < 10 ? 1 : 0);
/**
 * Tabs: how values are written, and lines [label, colour, column of the seconds, metric of the slices, filled?].
 * `each`: the seconds that counts are told for; nothing for what is no count.
 * @type {Record<string, {write: (value: any) => string, axis?: (value: any) => string, each?: number, lines: [string, string, string, string, boolean?][]}>}
 */
const TABS = {
  requests: { write: rate, each: 1, lines: [["requests", "--c1", "rps", "requests", true]] },
  latency: { write: f.ms, lines: [["p50", "--c2", "p50", "p50"], ["p95", "--c1", "p95", "p95", true], ["p99", "--c6", "p99", "p99"]] },
  errors: { write: rate, each: 60, lines: [["failed", "--bad", "failed", "failed", true], ["limited", "--c3", "limited", "limited"], ["client", "--c6", "client_errors", "client_errors"]] },
  spend: { write: (value) => f.usd(value), axis: (value) => f.usd(value, value < 0.01 ? 4 : 2), each: 60, lines: [["spend", "--c3", "cost", "cost", true]] },
};

/** Requests that a percentile of a second takes. */
const SAMPLES = 20;

/** Props: pulse, pulsed, span (of useSpan). */
export const Traffic = {
  props: ["pulse", "pulsed", "span"],
  setup(p) {
    const tab = () => (route.query.metric && route.query.metric in TABS ? route.query.metric : "latency");
    // A second with a few requests has no percentiles to speak of: then minutes are shown.
    const bySecond = computed(() => p.pulsed && (tab() !== "latency" || (meanOfLast(p.pulse.columns.ok ?? [], 60) ?? 0) >= SAMPLES));
    const slices = useResource(() => {
      if (bySecond.value) return null;
      const { from, to, step } = p.span;
      return ["/series", { metrics: TABS[tab()].lines.map(([, , , metric]) => metric).join(), ...namedFilters(), from: iso(Math.floor(from / step) * step), to: iso(Math.ceil(to / step) * step), step, tz: f.zone() }];
    }, { every: 20 });
    const source = () => (bySecond.value ? p.pulse : slices);
    const drawn = computed(() => {
      const { lines, each } = TABS[tab()];
      const labels = (/** @type {any[][]} */ columns) => lines.map(([id, color, , , area], i) => ({ label: t("overview.line." + id), color, area, values: columns[i], width: area ? 1.9 : 1.4 }));
      if (bySecond.value) {
        const raw = (/** @type {string} */ name) => p.pulse.columns[name] ?? [];
        return { times: p.pulse.times, series: labels(lines.map(([, , column]) => each ? smoothed(raw(column)).map((value) => value === null ? null : value * each) : raw(column))) };
      }
      const answer = slices.data, step = answer?.step ?? p.span.step;
      // The slice that runs has not all of its requests yet.
      const count = answer ? answer.t.filter((/** @type {number} */ time) => time + step <= Date.now() / 1000 + 1).length : 0;
      const columns = lines.map(([, , , metric]) => (answer?.series[0]?.columns[metric] ?? []).slice(0, count).map((/** @type {number | null} */ value) => each && value !== null ? value / step * each : value));
      return { times: answer?.t.slice(0, count) ?? [], series: labels(columns) };
    });
    const spike = computed(() => {
      if (!p.pulsed || !p.pulse.data) return null;
      const latency = p.pulse.columns.p95 ?? [], known = latency.filter((/** @type {any} */ value) => value !== null).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
      const slow = findSpike(p.pulse.times, latency, { floor: (known[known.length >> 1] ?? 0) * 0.5 });
      // While it goes on, its end moves by ten seconds, so that it is not asked about anew each second.
      const whole = (/** @type {any} */ one, /** @type {string} */ kind) => ({ ...one, until: Math.ceil(one.to / 10) * 10, kind });
      if (slow) return whole(slow, "latency");
      const bad = findSpike(p.pulse.times, smoothed(p.pulse.columns.failed ?? []), { floor: 0.5 });
      return bad ? whole(bad, "errors") : null;
    });
    const cause = useResource(() => spike.value ? ["/requests/differences", { from: iso(spike.value.from), to: iso(spike.value.until) }] : null);
    const where = () => cause.data?.lifts.find((/** @type {any} */ lift) => ["provider", "deployment", "model"].includes(lift.dimension));
    const pick = (/** @type {[number, number] | null} */ window) => setQuery(window ? { from: String(Math.floor(window[0])), to: String(Math.ceil(window[1])) } : { from: null, to: null });
    function show() {
      const { from, until, kind } = /** @type {any} */ (spike.value);
      setQuery({ from: String(from), to: String(until), diff: "1", seg: kind === "errors" ? "errors" : null, sort: kind === "latency" ? "-latency" : null });
      document.querySelector(".tbl")?.scrollIntoView({ behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth", block: "start" });
    }
    return () => {
      const { write, axis, each } = TABS[tab()], { times, series } = drawn.value, from = source(), found = spike.value;
      return html`
        <section class="card chart" aria-labelledby="traffic-h">
          <div class="card-h"><h2 id="traffic-h">${t("overview.traffic")}<${Hint} label=${t("overview.traffic")} text=${t("overview.def.traffic." + tab())} /></h2>
            <${Legend} series=${series} format=${times.length ? write : undefined} /><span class="grow"></span>
            <${Segmented} label=${t("overview.traffic")} value=${tab()} options=${Object.keys(TABS).map((id) => [id, t("overview.tab." + id)])} onPick=${(id) => setQuery({ metric: id === "latency" ? null : id }, { replace: true })} /></div>
          ${!from.data ? (from.error ? html`<${Failed} error=${from.error} onRetry=${from.reload} />` : html`<div class="sk traffic-sk"></div>`) : html`
            ${times.length ? html`<${TimeChart} times=${times} series=${series} format=${write} axis=${axis} height=${300} label=${t("overview.traffic") + ": " + t("overview.tab." + tab())} selected=${p.span.picked} onWindow=${pick} bands=${found ? [{ from: found.from, to: found.to }] : []} />` : html`<p class="muted none-t">${t("state.none")}</p>`}
            ${found ? html`<div class="note" role="status"><${Icon} name="triangle-alert" size="15" /><p><b>${t("overview.spike." + found.kind, { peak: found.kind === "latency" ? f.ms(found.peak) : rate(found.peak * 60), n: f.num(found.to - found.from) })}</b> <span>${where() && t("overview.spike.on", { what: where().value }) + " "}${cause.data && t("overview.spike.bad", { n: f.num(cause.data.window.bad) })}</span></p><button class="btn sm" type="button" onClick=${show}>${t("overview.spike.show")}</button></div>`
            : html`<p class="muted foot">${from.error ? t("state.stale", { time: f.hms(from.at) }) : t("overview.drag")}${!each ? bySecond.value ? "" : " " + t("overview.each.slice", { n: f.num((slices.data?.step ?? 60) / 60) }) : " " + t(each === 1 ? "overview.each.second" : "overview.each.minute")}</p>`}`}
        </section>`;
    };
  },
};
