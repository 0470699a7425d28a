// What runs, where it listens, and what troubles it.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { useResource } from "../../lib/resource.js";
import { Badge, Card, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

export const General = {
  setup() {
    const status = useResource(() => ["/api/status"], { every: 10 });
    const facts = () => {
      const one = status.data;
      return [["version", one.version], ["started", `${f.full(one.started_at)} (${f.ago(one.started_at)})`], ["lanes", f.num(one.lanes)], ["models", f.num(one.models)], ["providers", f.num(one.providers.length)], ["keys", f.num(one.keys)],
        ["journal", `${f.bytes(one.journal.bytes)} · ${f.num(one.journal.records)}`], ["zone", f.zone()]];
    };
    return () => html`<div class="stack">
      <${Card} title=${t("settings.tab.general")} resource=${status} sub=${status.at ? f.hms(status.at) : ""} tall=${180}>
        ${status.data && html`<p><${Badge} tone=${status.data.ready ? "good" : "bad"} text=${t(status.data.ready ? "settings.ready" : "settings.not_ready")} /></p>
          ${[...status.data.obstacles, ...status.data.problems].map((text) => html`<p key=${JSON.stringify(text)} class="form-error"><${Icon} name="triangle-alert" size="15" />${typeof text === "string" ? text : text.message ?? JSON.stringify(text)}</p>`)}
          <dl class="kv">${facts().map(([label, value]) => html`<div key=${label}><dt>${t("settings.fact." + label)}</dt><dd>${value}</dd></div>`)}</dl>`}
      <//>
      <${Card} title=${t("settings.listeners")} resource=${status} tall=${90}>
        ${status.data && html`<ul class="things">${status.data.listeners.map((one) => html`<li key=${one.name}><span><b>${t("settings.listener." + one.name)}</b> <span class="mono">${(one.tls ? "https://" : "http://") + one.address}</span></span><${Badge} tone=${one.tls ? "good" : ""} text=${one.tls ? "TLS" : t("settings.no_tls")} /></li>`)}</ul>`}
      <//></div>`;
  },
};
