// Alerts about money: what goes on, and which rules watch.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { onLive } from "../../lib/live.js";
import { useResource } from "../../lib/resource.js";
import { href } from "../../lib/route.js";
import { Badge, Card, Status } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { scopeName } from "./scope.js";

const KINDS = ["budget_threshold", "forecast_over_budget", "spend_spike", "credit_low"];
/** @param {any} rule */
const threshold = (rule) => rule.threshold == null ? "" : rule.kind === "credit_low" ? f.usd(rule.threshold) : rule.kind === "spend_spike" ? `z ${f.num(Number(rule.threshold), 1)}` : f.pct(Number(rule.threshold), 0);

export const CostAlerts = {
  setup() {
    const alerts = useResource(() => ["/alerts"], { every: 10 });
    onLive("alert", () => alerts.reload());
    const rules = computed(() => (alerts.data?.rules ?? []).filter((rule) => KINDS.includes(rule.kind)));
    const kinds = computed(() => new Map(rules.value.map((rule) => [rule.id, rule.kind])));
    const going = computed(() => (alerts.data?.conditions ?? []).filter((one) => kinds.value.has(one.rule)));
    return () => html`
      <${Card} resource=${alerts} title=${t("cost.alerts")} hint=${t("cost.alerts.hint")} sub=${going.value.length ? f.num(going.value.length) : ""} tall=${160}>${{
        actions: () => html`<a class="btn sm" href=${href("/alerts")}>${t("cost.alerts.all")}</a>`,
        default: () => html`
          ${going.value.length > 0 && html`<ul class="cost-list">${going.value.map((one) => html`<li key=${one.rule + one.subject}><${Status} tone=${one.phase === "firing" ? "bad" : "warn"} text=${t("cost.alerts." + one.phase)} /><span><b>${t("cost.alert." + kinds.value.get(one.rule))}</b> <span class="muted">${one.scope ? scopeName(one.scope) : one.subject} · ${one.basis}</span></span><span class="muted num">${f.ago(one.since_us / 1e6)}</span></li>`)}</ul>`}
          ${!going.value.length && html`<p class="soft cost-calm">${t("cost.alerts.none")}</p>`}
          <ul class="cost-list cost-rules">${rules.value.map((rule) => html`<li key=${rule.id}><${Badge} tone=${rule.enabled ? "good" : ""} text=${t(rule.enabled ? "cost.alerts.on" : "cost.alerts.off")} /><span>${rule.name || t("cost.alert." + rule.kind)}</span><span class="muted num">${threshold(rule)}</span></li>`)}</ul>`,
      }}<//>`;
  },
};
