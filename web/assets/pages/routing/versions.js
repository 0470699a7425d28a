// What was changed of the configuration, by whom and why; each can be put into force again.
import { computed, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { saveTable } from "../../lib/csv.js";
import { confirm, Dialog } from "../../lib/dialog.js";
import { useResource } from "../../lib/resource.js";
import { can } from "../../lib/session.js";
import { DataTable } from "../../lib/table.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Empty, Icon } from "../../lib/ui.js";
import { Checked } from "./checked.js";
import * as f from "../../lib/format.js";

export const Versions = {
  props: ["since", "onRestored"],
  setup(p) {
    const answer = useResource(() => ["/configuration/versions", { limit: 50 }]), open = ref(/** @type {any} */ (null));
    watch(() => p.since, (now, before) => before !== undefined && now !== before && answer.reload());
    const rows = computed(() => answer.data?.versions ?? []);
    const restore = (one) => confirm({
      title: one.version ? t("routing.restore.of", { n: one.version }) : t("routing.restore.file"), text: t(one.version ? "routing.restore.text" : "routing.restore.file.text"), action: t("routing.restore"), reason: true,
      run: async (reason) => {
        await api("POST", `/configuration/versions/${one.version}/restore`, { body: { reason, base_version: p.since } });
        toast(t("routing.restored"));
        answer.reload();
        p.onRestored();
      },
    });
    const columns = computed(() => [
      { id: "version", label: t("routing.version"), width: 110, csv: (one) => one.version, cell: (one) => html`<b>${f.num(one.version)}</b> ${one === rows.value[0] && html`<${Badge} tone="good" text=${t("routing.in_force")} />`}` },
      { id: "at", label: t("routing.time"), width: 190, csv: (one) => one.at, cell: (one) => f.full(one.at) },
      { id: "actor", label: t("routing.actor"), width: 180, csv: (one) => one.actor, cell: (one) => one.actor },
      { id: "reason", label: t("routing.reason"), csv: (one) => one.reason, cell: (one) => one.reason || html`<span class="muted">–</span>` },
      { id: "changes", label: t("routing.changed"), csv: (one) => one.changes.map((change) => change.path).join(" "), cell: (one) => html`<span class="mono dim">${one.changes.map((change) => change.path).join(", ")}</span>` },
      ...(can("settings:write") ? [{ id: "act", label: "", width: 140, cell: (one) => one !== rows.value[0] && html`<button class="btn sm" type="button" aria-label=${t("routing.restore.of", { n: one.version })} onClick=${() => restore(one)}><${Icon} name="undo-2" size="14" />${t("routing.restore")}</button>` }] : []),
    ]);
    return () => html`
      <${Card} title=${t("routing.versions")} hint=${t("routing.versions.hint")} resource=${answer} tall=${160} flush=${true} class="tbl">${{
        actions: () => rows.value.length > 0 && html`${can("settings:write") && html`<button class="btn sm" type="button" onClick=${() => restore({ version: 0 })}><${Icon} name="undo-2" size="14" />${t("routing.restore.file")}</button>`}<button class="btn sm" type="button" onClick=${() => saveTable("versions", columns.value, rows.value)}><${Icon} name="download" size="14" />${t("export")}</button>`,
        default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.version} label=${t("routing.versions")} onOpen=${(one) => (open.value = one)} height=${rows.value.length > 8 ? 380 : undefined}>${{ empty: () => html`<${Empty} icon="history" title=${t("routing.versions.none")} text=${t("routing.versions.none.why")} />` }}<//>`,
      }}<//>
      <${Dialog} open=${Boolean(open.value)} wide=${true} title=${open.value ? t("routing.version.of", { n: open.value.version }) : ""} onClose=${() => (open.value = null)}>${open.value && html`<${Checked} result=${{ changes: open.value.changes }} />`}<//>`;
  },
};
