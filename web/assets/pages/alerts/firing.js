// What is bad now, and what will be if it lasts.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { href, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { Badge, Card, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { condition, figure, KINDS, tone } from "./kinds.js";
import { ruleName, subjectText } from "./words.js";

/** Where the requests behind a condition are seen. @param {any} one */
function behind(one) {
  const [kind, id] = (one.scope ?? "").split(":"), from = String(Math.floor(one.since_us / 1e6) - 900), to = String(Math.ceil(one.seen_us / 1e6));
  if (!["error_rate", "spend_spike", "cache_hit_drop", "queue_depth"].includes(one.kind)) return null;
  return href("/requests", { range: null, from, to, ...(one.kind === "error_rate" ? { outcome: "error" } : {}), ...(id ? { [kind]: id } : {}) });
}

export const Firing = {
  props: ["state", "channels", "made", "names", "scopes"],
  setup(p) {
    const rows = computed(() => {
      const rules = new Map((p.state.data?.rules ?? []).map((rule) => [rule.id, rule]));
      const rank = { critical: 0, warning: 1, info: 2 };
      return (p.state.data?.conditions ?? []).map((one) => ({ ...one, rule: rules.get(one.rule), kind: rules.get(one.rule)?.kind ?? one.rule.replace("usual:", "") }))
        .sort((a, b) => (a.phase === "firing" ? 0 : 1) - (b.phase === "firing" ? 0 : 1) || (rank[a.rule?.severity] ?? 3) - (rank[b.rule?.severity] ?? 3) || a.since_us - b.since_us);
    });
    const line = (one) => html`
      <li key=${one.rule?.id + one.subject} class="alert">
        <span class=${"mark " + (one.phase === "firing" ? tone(one.rule?.severity) : "")}><${Icon} name=${KINDS[one.kind]?.icon ?? "bell"} size="17" /></span>
        <div><b>${ruleName(one.rule?.name, one.kind)}</b> · ${subjectText(one, p.names)}
          <p class="muted">${t("alerts.now", { figure: figure(one.kind, one.figure) })}${one.rule && ` · ${condition(one.rule)}`}${one.basis && ` · ${one.basis}`}</p></div>
        <div class="side-t"><${Badge} tone=${one.phase === "firing" ? tone(one.rule?.severity) : ""} text=${t(one.phase === "firing" ? "alerts.severity." + (one.rule?.severity ?? "warning") : "alerts.pending")} /><small class="muted">${t("alerts.since", { time: f.ago(one.since_us / 1e6) })}</small></div>
        <span class="row">${behind(one) && html`<a class="btn sm" href=${behind(one)}>${t("alerts.requests")}</a>`}${one.kind === "provider_down" && html`<a class="btn sm" href="/providers">${t("nav.providers")}</a>`}${["budget_threshold", "forecast_over_budget"].includes(one.kind) && html`<a class="btn sm" href="/budgets">${t("nav.budgets")}</a>`}
          ${can("alerts:write") && html`<button class="btn sm" type="button" onClick=${() => setQuery({ tab: "rules", edit: one.rule?.id })}>${t("alerts.rule")}</button>`}</span>
      </li>`;
    const begun = () => p.channels.data && !p.channels.data.length;
    return () => html`
      <${Card} resource=${p.state} title=${t("alerts.tab.firing")} hint=${t("alerts.firing.hint")} sub=${p.state.at ? t("alerts.as_of", { time: f.hms(p.state.at) }) : ""} tall=${160}>
        ${rows.value.length ? html`<ul class="alerts">${rows.value.map(line)}</ul>`
        : html`<${Empty} icon="circle-check" title=${t("alerts.calm")} text=${t("alerts.calm.why", { n: (p.state.data?.rules ?? []).filter((rule) => rule.enabled).length })} />`}
      <//>
      ${begun() && html`<section class="card gap"><${Empty} icon="bell" title=${t("alerts.begin")} text=${t("alerts.begin.why")}>${can("alerts:write") && html`<button class="btn primary" type="button" onClick=${() => setQuery({ tab: "channels", new: "channel" })}>${t("alerts.new.channel")}</button>`}<button class="btn" type="button" onClick=${() => setQuery({ tab: "rules" })}>${t("alerts.see_rules")}</button><//></section>`}`;
  },
};
