// Keys that are honoured, by what is to be said of them, with ways to put it right.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { confirm } from "../../lib/dialog.js";
import { ListCard } from "../../lib/list.js";
import { go, route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Icon, Segmented } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

const FAULTS = ["unused", "no_expiry", "no_project", "old", "all_models"];

export const Keys = {
  props: ["state"],
  setup(p) {
    const s = p.state, shown = computed(() => route.query.show ?? "");
    const rows = computed(() => s.judged.value.filter((key) => !shown.value || key.faults.includes(shown.value)));
    const expire = (key) => confirm({
      title: t("security.expire"), text: t("security.expire.text", { name: key.name, time: f.fullDate(Date.now() / 1000 + 90 * 86_400) }), action: t("security.expire"), reason: true,
      run: async (reason) => {
        await api("PATCH", `/keys/${encodeURIComponent(key.id)}`, { body: { expires_at: new Date(Date.now() + 90 * 86_400_000).toISOString() }, version: key.version, reason });
        toast(t("saved"));
        s.keys.reload();
      },
    });
    const revoke = (key) => confirm({
      title: t("security.revoke"), text: t("security.revoke.text"), action: t("security.revoke"), reason: true, typed: key.name,
      run: async (reason) => {
        await api("POST", `/keys/${encodeURIComponent(key.id)}/revoke`, { body: { reason } });
        toast(t("security.revoked"));
        s.keys.reload();
      },
    });
    const last = (key) => key.last === null ? "–" : key.last === Infinity ? t("security.last.none") : t("security.last." + key.last);
    const columns = computed(() => [
      { id: "name", label: t("security.key"), sort: (key) => key.name.toLowerCase(), csv: (key) => key.name, cell: (key) => html`<b class="model">${key.name}</b> <span class="mono dim">${key.hint}</span>` },
      { id: "age", label: t("security.age"), num: true, width: 120, sort: (key) => key.age, csv: (key) => Math.floor(key.age), title: (key) => f.full(key.since), cell: (key) => t("security.days", { n: f.num(Math.floor(key.age)) }) },
      { id: "expires_at", label: t("security.expiry"), width: 130, sort: (key) => key.expires_at ?? "9", csv: (key) => key.expires_at, cell: (key) => key.expires_at ? f.ago(key.expires_at) : t("security.never") },
      { id: "last", label: t("security.last"), width: 160, sort: (key) => key.last ?? 0, csv: last, cell: last },
      { id: "faults", label: t("security.faults"), sort: (key) => key.faults.length, csv: (key) => key.faults.join("; "), cell: (key) => key.faults.length ? key.faults.map((fault) => html`<${Badge} key=${fault} tone=${fault === "all_models" ? "" : "warn"} text=${t("security.fault." + fault)} /> `) : html`<${Badge} tone="good" text=${t("security.no_fault")} />` },
      { id: "act", label: "", width: 300, cell: (key) => can("keys:write") && html`<span class="row">${!key.expires_at && html`<button class="btn sm" type="button" onClick=${() => expire(key)}><${Icon} name="clock" size="14" />${t("security.expire.short")}</button>`}<a class="btn sm" href=${"/keys/" + key.id}>${t("security.rotate")}</a><button class="btn sm" type="button" onClick=${() => revoke(key)}>${t("security.revoke")}</button></span>` },
    ]);
    return () => html`
      <${ListCard} title=${t("security.tab.keys")} hint=${t("security.keys.hint")} resource=${s.keys} rows=${rows.value} columns=${columns.value} file="key-review" order="-faults" search=${(key) => key.name + key.id + key.hint} onOpen=${(key) => go("/keys/" + key.id)}>${{
        above: () => html`<div class="strip"><${Segmented} label=${t("security.faults")} value=${shown.value} onPick=${(id) => setQuery({ show: id || null })} options=${[["", t("all"), f.num(s.judged.value.length)], ...FAULTS.map((fault) => [fault, t("security.fault." + fault), f.num(s.judged.value.filter((key) => key.faults.includes(fault)).length)])]} /></div>`,
      }}<//>`;
  },
};
