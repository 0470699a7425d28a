// One experiment: what to do about it, how its canary stands, and its arms measure by measure.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { saveTable } from "../../lib/csv.js";
import { confirm } from "../../lib/dialog.js";
import { go, href } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { DataTable } from "../../lib/table.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Empty, Icon } from "../../lib/ui.js";
import { change, mean, MEASURES, NEEDED, shown, standing, verdictOf } from "./verdict.js";
import * as f from "../../lib/format.js";

/** An interval beside zero: where it does not touch zero, it says something. */
const Interval = ({ of }) => {
  const { lower, upper, estimate } = of.lift ?? of.difference, reach = Math.max(Math.abs(lower), Math.abs(upper)) * 1.15 || 1;
  const at = (value) => 50 + (value / reach) * 50;
  return html`<span class=${"ci " + of.verdict} role="img" aria-label=${change(of)}><i class="zero"></i><i class="span" style=${{ left: at(lower) + "%", width: Math.max(1, at(upper) - at(lower)) + "%" }}></i><b style=${{ left: at(estimate) + "%" }}></b></span>`;
};
Interval.props = ["of"];

const TONES = { better: "good", worse: "bad", mixed: "warn", open: "", too_few: "" };

export const Detail = {
  props: ["name", "of", "resource"],
  setup(p) {
    const path = (what) => `/experiments/${encodeURIComponent(p.name)}/${what}`;
    const stop = () => confirm({
      title: t("experiments.stop.of", { name: p.name }), text: t("experiments.stop.text"), action: t("experiments.stop"), reason: true,
      run: async (reason) => {
        await api("POST", path("stop"), { body: { reason } });
        toast(t("experiments.stopped", { name: p.name }));
        p.resource.reload();
        go("/experiments");
      },
    });
    const promote = (arm) => confirm({
      title: t("experiments.promote.of", { model: p.of.arms[arm].model }), text: t("experiments.promote.text", { models: p.of.models.join(", ") }), action: t("experiments.promote"), reason: true,
      run: async (reason) => {
        await api("POST", path("promote"), { body: { arm, reason } });
        toast(t("experiments.promoted", { model: p.of.arms[arm].model }));
        p.resource.reload();
        go("/experiments");
      },
    });
    const columns = computed(() => [
      { id: "arm", label: t("experiments.arm"), width: 210, csv: (one) => one.model, cell: (one) => html`<b class="model">${one.model}</b> ${one.index === 0 && html`<${Badge} text=${t("experiments.first")} />`}` },
      { id: "share", label: t("experiments.share"), num: true, width: 76, csv: (one) => one.share, cell: (one) => f.pct(one.share, one.share < 0.1 ? 1 : 0) },
      { id: "n", label: "n", num: true, width: 80, csv: (one) => one.requests, cell: (one) => f.num(one.requests) },
      ...MEASURES.map((measure) => ({ id: measure, label: t("experiments.measure." + measure), num: true, width: 124, csv: (one) => mean(one, measure).value, cell: (one) => {
        const { value, n, interval } = mean(one, measure);
        return html`<span title=${t("experiments.of", { n: f.num(n) })}>${shown(measure, value)}${interval && html` <small class="muted">${f.pct(interval.lower, 1)}–${f.pct(interval.upper, 1)}</small>`}</span>`;
      } })),
      { id: "spent", label: t("experiments.spent"), num: true, width: 100, csv: (one) => one.total_cost_usd, cell: (one) => f.usd(one.total_cost_usd) },
    ]);
    const arms = computed(() => (p.of?.arms ?? []).map((arm, index) => ({ ...arm, index })));

    const decision = (arm) => {
      const word = verdictOf(arm);
      return html`<section class=${"card verdict-c " + word} key=${arm.index}><div class="card-h"><h2>${t("experiments.against", { a: arm.model, b: p.of.arms[0].model })}</h2><${Badge} tone=${TONES[word]} text=${t("experiments.verdict." + word)} /><span class="grow"></span>
          ${can("settings:write") && html`<button class=${"btn sm" + (word === "better" ? " primary" : "")} type="button" onClick=${() => promote(arm.index)}><${Icon} name="trending-up" size="14" />${t("experiments.promote")}</button>`}</div>
        <div class="card-b"><p class="soft">${word === "too_few" ? t("experiments.few", { n: f.num(Math.min(arm.requests, p.of.arms[0].requests)), of: NEEDED }) : t("experiments.say." + word)}</p>
          <ul class="cis">${arm.comparisons.map((one) => html`<li key=${one.measure}><span>${t("experiments.measure." + one.measure)}</span>${one.difference ? html`<${Interval} of=${one} /><span class=${"num lift " + one.verdict}>${change(one)}</span>` : html`<span class="ci blank"></span><span class="muted num">${t("experiments.verdict.too_few")}</span>`}</li>`)}</ul>
          <p class="muted ci-k">${t("experiments.interval")}</p></div></section>`;
    };
    const canary = () => {
      const one = p.of.canary;
      return html`<${Card} title=${t("experiments.canary")} hint=${t("experiments.canary.hint")}>
        <dl class="kv"><div><dt>${t("experiments.canary.share")}</dt><dd>${f.pct(one.share, 0)}</dd></div><div><dt>${t("experiments.canary.requests")}</dt><dd>${f.num(one.requests)} / ${f.num(one.requests_needed)}</dd></div><div><dt>${t("experiments.canary.next")}</dt><dd>${one.state === "running" ? f.ago(one.not_before) : "–"}</dd></div></dl>
        <div class="progress" role="progressbar" aria-label=${t("experiments.canary.requests")} aria-valuemin="0" aria-valuemax=${one.requests_needed} aria-valuenow=${Math.min(one.requests, one.requests_needed)}><i style=${{ width: Math.min(100, one.requests / Math.max(1, one.requests_needed) * 100) + "%" }}></i></div>
        ${(one.reason || one.hesitation) && html`<p class="warned"><${Icon} name="triangle-alert" size="14" />${one.reason ?? one.hesitation}</p>`}<//>`;
    };

    return () => html`
      <p class="noprint crumbs"><a href=${href("/experiments")}><${Icon} name="arrow-left" size="14" /> ${t("nav.experiments")}</a></p>
      ${!p.of ? html`<${Card} resource=${p.resource} tall=${240}><${Empty} icon="flask-conical" title=${t("experiments.gone", { name: p.name })} text=${t("experiments.gone.why")} /><//>` : html`
      <div class="stack">
        <section class="card head-c"><div><h2>${p.of.name}</h2><p class="muted">${t("experiments.kind." + p.of.kind)} · ${p.of.models.join(", ")} · ${t("experiments.since", { time: f.full(p.of.started_at) })}</p></div><${Badge} tone=${standing(p.of)[0]} text=${t("experiments.state." + standing(p.of)[1])} /><span class="grow"></span>
          ${can("settings:write") && html`<button class="btn" type="button" onClick=${stop}><${Icon} name="ban" size="15" />${t("experiments.stop")}</button>`}</section>
        ${arms.value.slice(1).map(decision)}
        ${p.of.canary && canary()}
        <${Card} title=${t("experiments.arms")} hint=${t("experiments.arms.hint")} resource=${p.resource} flush=${true} class="tbl">${{
          actions: () => html`<button class="btn sm" type="button" onClick=${() => saveTable("experiment-" + p.name, columns.value, arms.value)}><${Icon} name="download" size="14" />${t("export")}</button>`,
          default: () => html`<${DataTable} columns=${columns.value} rows=${arms.value} rowKey=${(one) => one.index} label=${t("experiments.arms")} />`,
        }}<//>
        ${p.of.canary && html`<p class="muted">${t("experiments.peek")}</p>`}
      </div>`}`;
  },
};
