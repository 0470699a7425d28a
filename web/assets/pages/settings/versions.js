// What was changed of the configuration here, and going back to what it was.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { confirm } from "../../lib/dialog.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Empty } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

export const Versions = {
  props: ["versions", "current", "onChanged"],
  setup(p) {
    const restore = (number) => confirm({
      title: t("settings.restore"), text: number ? t("settings.restore.text", { n: number }) : t("settings.restore.zero"), action: t("settings.restore"), reason: true,
      run: async (reason) => {
        await api("POST", `/configuration/versions/${number}/restore`, { body: { base_version: p.current, ...(reason ? { reason } : {}) } });
        toast(t("saved"));
        p.onChanged();
      },
    });
    return () => html`
      <${Card} title=${t("settings.versions")} hint=${t("settings.versions.hint")} resource=${p.versions} tall=${120}>${{
        actions: () => p.current > 0 && can("settings:write") && html`<button class="btn sm" type="button" onClick=${() => restore(0)}>${t("settings.restore.all")}</button>`,
        default: () => p.versions.data.versions.length ? html`<ul class="things">${p.versions.data.versions.map((one) => html`<li key=${one.version}>
            <div><b>${t("settings.version", { n: one.version })}</b> ${one.version === p.current && html`<${Badge} tone="good" text=${t("settings.in_force")} />`} <span class="muted">${f.full(one.at)} · ${one.actor}</span>${one.reason && html`<br /><span class="soft">${one.reason}</span>`}<br /><small class="mono muted">${one.changes.map((change) => change.path).join(", ")}</small></div>
            ${one.version !== p.current && can("settings:write") && html`<button class="btn sm" type="button" onClick=${() => restore(one.version)}>${t("settings.restore")}</button>`}</li>`)}</ul>`
          : html`<${Empty} icon="history" title=${t("settings.no_versions")} text=${t("settings.no_versions.why")} />`,
      }}<//>`;
  },
};
