// The five figures of routing, each with its definition.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { live } from "../../lib/live.js";
import { useResource } from "../../lib/resource.js";
import { iso, range } from "../../lib/range.js";
import { href } from "../../lib/route.js";
import { canAtGateway } from "../../lib/session.js";
import { Spark } from "../../lib/charts.js";
import { changeOf, Delta } from "../../lib/delta.js";
import { Dialog } from "../../lib/dialog.js";
import { errorWords, Hint, Status } from "../../lib/ui.js";
import { byId, deployments, standing, zoned } from "./answers.js";
import * as f from "../../lib/format.js";

/** Why a figure has no value, in words. @param {any} figure */
const missing = (figure) => !figure ? "" : figure.reason === "too_few_samples" ? t("routing.too_few", { n: f.num(figure.samples), of: f.num(figure.needed) }) : figure.reason === "no_samples" ? t("routing.no_samples") : figure.reason === "not_measured" ? t("routing.not_measured") : "";

const Figure = ({ name, hint, value, note, of, how, values, span, color, waiting, error }) => html`
  <section class="card kpi" aria-label=${name}><h2>${name}<${Hint} label=${name} text=${hint} /></h2>
    ${waiting ? html`<div class="sk kpi-sk"></div>` : error ? html`<p class="v muted">–</p><p class="delta"><span class="muted">${errorWords(error)}</span></p>` : html`
    <p class="v">${value}</p><${Delta} change=${changeOf(of, how?.points)} ...${how} text=${note} />
    ${values?.length > 1 && html`<${Spark} values=${values} span=${span} color=${color} />`}`}
  </section>`;
Figure.props = ["name", "hint", "value", "note", "of", "how", "values", "span", "color", "waiting", "error"];

export const Figures = {
  setup() {
    const figures = useResource(() => ["/figures", { ids: "avg_response,first_choice,routing_accuracy,cache_hit", ...zoned() }], { every: 10, map: byId });
    const series = useResource(() => ["/series", { metrics: "avg_response,first_choice,cache_hit", ...zoned() }]);
    const recent = useResource(() => ["/figures", { ids: "success", since: iso(Math.floor((range.value.live ? live.time || range.value.to : range.value.to) / 60) * 60 - 300), compare: "off" }], { map: byId });
    const health = useResource(() => canAtGateway("routing:read") ? ["/api/health"] : null, { every: 5 });
    const checking = ref(false);
    const column = (id) => series.data?.series[0]?.columns[id].filter((value) => value !== null);
    /** What is looked at for the state, each with how it stands. */
    const checks = computed(() => {
      const list = [], success = recent.data?.success?.value;
      if (success != null) list.push({ id: "success", text: t("routing.check.success", { share: f.pct(success, 2) }), tone: success < 0.9 ? "bad" : success < 0.99 ? "warn" : "ok" });
      const used = health.data ? deployments(health.data, null).filter((one) => one.used) : [];
      for (const one of used) {
        const [tone, word] = standing(one);
        if (tone !== "ok" && word !== "drained") list.push({ id: one.id, text: `${one.id}: ${one.reason ?? t("routing.state." + word)}`, tone: "warn" });
      }
      if (used.length && used.every((one) => standing(one)[0] !== "ok")) list.push({ id: "none", text: t("routing.check.none"), tone: "bad" });
      if (used.length && used.every((one) => standing(one)[0] === "ok")) list.push({ id: "deployments", text: t("routing.check.deployments", { n: used.length }), tone: "ok" });
      return list;
    });
    const state = computed(() => !health.data ? "unknown" : checks.value.some((one) => one.tone === "bad") ? "down" : checks.value.some((one) => one.tone === "warn") ? "degraded" : "healthy");
    return () => {
      const all = figures.data ?? {}, average = all.avg_response, accuracy = all.routing_accuracy, first = all.first_choice, cache = all.cache_hit;
      const judged = accuracy?.value != null, shown = judged ? accuracy : first, failing = checks.value.filter((one) => one.tone !== "ok");
      const common = { waiting: !figures.data && !figures.error, error: figures.data ? null : figures.error };
      return html`
        <div class="kpis">
          <${Figure} name=${t("routing.sessions")} hint=${t("routing.sessions.hint")} value=${f.num(live.pulse.sessions)} note=${t("routing.in_flight", { n: f.num(live.pulse.inflight) })} />
          <${Figure} ...${common} name=${t("routing.average")} hint=${t("routing.average.hint")} value=${f.ms(average?.value)} of=${average} how=${{ calm: 0.05, good: "down" }}
            note=${average?.parts?.p95 != null ? t("routing.p95", { p95: f.ms(average.parts.p95) }) : missing(average)} values=${column("avg_response")} span=${100} />
          <${Figure} ...${common} name=${t(judged ? "routing.accuracy" : "routing.first_choice")} hint=${t(judged ? "routing.accuracy.hint" : "routing.first_choice.hint")} value=${f.pct(shown?.value)} of=${shown} how=${{ calm: judged ? 0.01 : 0.005, points: true, good: "up" }}
            note=${shown?.value == null ? missing(shown) : judged ? t("routing.judged", { n: f.num(accuracy.samples) }) : t("routing.of_requests", { n: f.compact(first.samples) })} values=${judged ? null : column("first_choice")} span=${0.05} color="--good" />
          <${Figure} ...${common} name=${t("routing.cache")} hint=${t("routing.cache.hint")} value=${f.pct(cache?.value)} of=${cache} how=${{ calm: 0.01, points: true, good: "up" }}
            note=${cache?.value == null ? missing(cache) : t("routing.cache.prompt")} values=${column("cache_hit")} span=${0.05} color="--c2" />
          <section class="card kpi" aria-label=${t("routing.health")}><h2>${t("routing.health")}<${Hint} label=${t("routing.health")} text=${t("routing.health.hint")} /></h2>
            <p class="v"><span class=${"state-v " + state.value}>${t("routing.health." + state.value)}</span></p>
            <p class="delta"><span class="muted">${!health.data ? (health.error ? errorWords(health.error) : "") : failing.length ? failing[0].text : t("routing.health.fine")}</span></p>
            ${health.data && html`<button class="link kpi-more" type="button" onClick=${() => (checking.value = true)}>${t("routing.checks", { n: checks.value.length, bad: failing.length })}</button>`}</section>
        </div>
        <${Dialog} open=${checking.value} title=${t("routing.health")} onClose=${() => (checking.value = false)}>
          <ul class="checks">${checks.value.map((one) => html`<li key=${one.id}><${Status} tone=${one.tone} text=${t("routing.check." + (one.tone === "ok" ? "ok" : "failing"))} /><span>${one.text}</span></li>`)}</ul>
          <p class="muted">${t("routing.health.hint")}</p><div class="dr-f"><a class="btn" href=${href("/alerts")} onClick=${() => (checking.value = false)}>${t("nav.alerts")}</a></div>
        <//>`;
    };
  },
};
