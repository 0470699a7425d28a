// The audit log: who changed what, with the values before and after, and whether the chain holds.
import { computed, reactive, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { all } from "../../lib/api.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { Dialog } from "../../lib/dialog.js";
import { usePages } from "../../lib/pages.js";
import { range } from "../../lib/range.js";
import { decodeReason } from "../../lib/reason.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { learnNames, projectName, teamName } from "../../lib/requests.js";
import { DataTable } from "../../lib/table.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Empty, errorWords, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { actionName, span } from "./state.js";

/** What is known to be written there; others can be typed. */
const ACTIONS = ["organization", "team", "project", "user", "service_account", "role", "key", "budget", "limit", "plan", "alert_rule", "alert_channel", "price_rule", "exchange_rate"].flatMap((kind) => ["create", "update", "delete"].map((verb) => `${kind}.${verb}`)).concat("key.rotate", "key.revoke", "user.sign_in", "user.sign_in_refused", "auth.refused", "configuration.apply", "credit.top_up", "invoice.create", "report.share", "report.unshare", "report.open");
/** How many lines an export holds at most. */
const MOST = 5_000;

export const Audit = {
  props: ["state"],
  setup(p) {
    learnNames();
    const s = p.state, entry = reactive({ action: "", actor: "", subject: "" }), busy = ref(false);
    watch(() => route.query, (query) => Object.assign(entry, { action: query.action ?? "", actor: query.actor ?? "", subject: query.subject ?? "" }), { immediate: true });
    const narrowed = computed(() => ({ action: route.query.action, actor: route.query.actor, subject: route.query.subject }));
    const query = computed(() => ({ ...span.value, ...narrowed.value }));
    // A range up to now moves each minute; who reads further down keeps theirs.
    const page = usePages(() => ["/audit", { ...query.value, limit: 100 }], { id: (line) => line.number, of: () => [narrowed.value, range.value.live ? range.value.name : span.value] });
    const rows = computed(() => page.rows);
    // The open line is in the address; one that is not among those shown is asked for.
    const opened = useResource(() => route.query.peek ? ["/audit", { after: String(Number(route.query.peek) + 1), limit: 1 }] : null, { map: (answer) => answer.data[0] ?? null });
    /** Names of what lines are about: as lists tell them, or as they were written when the thing was made or renamed. */
    const names = computed(() => {
      const known = new Map();
      // The newest first: what something is called by now counts.
      for (const line of rows.value) {
        const name = line.changes.name?.[1] ?? line.changes.title?.[1] ?? line.changes.name?.[0];
        if (typeof name === "string" && name && !known.has(line.subject)) known.set(line.subject, name);
      }
      for (const one of [...(s.users.data ?? []), ...(s.keys.data ?? [])]) known.set(one.id, one.name);
      return known;
    });
    const subject = (line) => names.value.get(line.subject) ?? (line.subject.startsWith("team_") ? teamName(line.subject) : line.subject.startsWith("proj_") ? projectName(line.subject) : line.subject);
    const who = (actor) => names.value.get(actor.replace(/^(user|service_account):/, "")) ?? actor;
    async function save() {
      busy.value = true;
      try {
        const lines = await all("/audit", query.value, MOST);
        download(fileName("audit"), csv(["number", "at", "actor", "address", "action", "subject", "reason", "changes", "digest"], lines.map((line) => [line.number, line.at, line.actor, line.address, line.action, line.subject, decodeReason(line.reason), JSON.stringify(line.changes), line.digest])));
      } catch (error) {
        toast(errorWords(error), { bad: true });
      }
      busy.value = false;
    }
    const filter = (event) => {
      event?.preventDefault();
      setQuery({ action: entry.action.trim(), actor: entry.actor.trim(), subject: entry.subject.trim() });
    };
    const text = (value) => value === null || value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value);
    const columns = computed(() => [
      { id: "at", label: t("security.when"), width: 190, cell: (line) => f.full(line.at) },
      { id: "actor", label: t("security.actor"), width: 190, cell: (line) => who(line.actor) },
      { id: "action", label: t("security.what"), width: 190, title: (line) => line.action, cell: (line) => html`<span class="kind">${actionName(line.action)}</span>` },
      { id: "subject", label: t("security.subject"), width: 200, title: (line) => line.subject, cell: (line) => subject(line) === line.subject ? html`<span class="mono dim">${line.subject}</span>` : subject(line) },
      { id: "changes", label: t("security.changes"), width: 260, cell: (line) => html`<span class="soft">${Object.keys(line.changes).join(", ")}</span>` },
      { id: "address", label: t("security.address"), width: 130, cell: (line) => html`<span class="mono dim">${line.address}</span>` },
    ]);
    /** A line on a phone. */
    const card = (line) => html`<span class="l1"><span class="model">${actionName(line.action)}</span><span class="muted">${f.ago(line.at)}</span></span><span class="l2"><span class="muted">${who(line.actor)}</span><span class="muted clip">${subject(line)}</span></span>`;
    const field = (name, known) => html`<span class="input"><input aria-label=${t("security." + (name === "action" ? "what" : name))} placeholder=${t("security." + (name === "action" ? "what" : name))} list=${known ? "known-" + name : undefined} value=${entry[name]} onInput=${(event) => (entry[name] = event.target.value)} onChange=${filter} /></span>`;
    return () => html`<div class="stack">
      <${Card} title=${t("security.chain")} hint=${t("security.chain.hint")} resource=${s.chain} tall=${44}>${{
        actions: () => html`<button class="btn sm" type="button" onClick=${s.chain.reload}><${Icon} name="refresh-cw" size="14" />${t("security.verify")}</button>`,
        default: () => html`<p><${Badge} tone=${s.chain.data.intact ? "good" : "bad"} text=${t(s.chain.data.intact ? "security.intact" : "security.broken")} /> <span class="soft">${s.chain.data.intact ? t("security.chain.ok", { time: f.hms(s.chain.at) }) : t("security.advice.chain", { number: s.chain.data.first_broken })}</span></p>
          ${!route.query.action && !route.query.actor && !route.query.subject && rows.value[0] && html`<p class="muted foot-links">${t("security.head", { n: f.num(rows.value[0].number) })} <span class="mono wrap">${rows.value[0].digest}</span></p>`}`,
      }}<//>
      <${Card} title=${t("security.tab.audit")} sub=${f.num(rows.value.length) + (page.hasMore ? "+" : "")} resource=${page} flush=${true} class="tbl" tall=${420}>${{
        actions: () => html`<button class="btn" type="button" disabled=${busy.value} onClick=${save}><${Icon} name="download" size="15" />${t("export")}</button>`,
        default: () => html`<form class="strip filters" onSubmit=${filter}>${field("action", true)}<datalist id="known-action">${ACTIONS.map((one) => html`<option key=${one} value=${one}>${actionName(one)}</option>`)}</datalist>${field("actor", false)}${field("subject", false)}
            ${(route.query.action || route.query.actor || route.query.subject) && html`<button class="btn" type="button" onClick=${() => setQuery({ action: null, actor: null, subject: null })}>${t("filters.clear")}</button>`}<button class="hear" type="submit">${t("filter")}</button></form>
          <${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(line) => line.number} label=${t("security.tab.audit")} selected=${Number(route.query.peek)} onOpen=${(line) => setQuery({ peek: String(line.number) })} onEnd=${page.more} live=${true} card=${card} height=${rows.value.length > 14 ? 620 : undefined}>${{
            empty: () => html`<${Empty} icon="history" title=${t("security.no_lines")} text=${t("security.no_lines.why")}><button class="btn" type="button" onClick=${() => setQuery({ action: null, actor: null, subject: null, range: "30d", from: null, to: null })}>${t("security.look_back")}</button><//>`,
          }}<//>`,
      }}<//>
      <${Dialog} open=${Boolean(route.query.peek)} title=${opened.data ? `${actionName(opened.data.action)} · ${t("security.line", { n: f.num(opened.data.number) })}` : t("security.tab.audit")} side=${true} wide=${true} onClose=${() => setQuery({ peek: null })}>
        <${Card} resource=${opened} flush=${true} class="bare" tall=${200}>${opened.data && html`
          <dl class="kv">${[["when", f.full(opened.data.at)], ["what", html`<span class="mono">${opened.data.action}</span>`], ["actor", html`${who(opened.data.actor)} <span class="mono muted">${opened.data.actor}</span>`], ["address", opened.data.address], ["subject", html`<button class="link mono" type="button" onClick=${() => setQuery({ subject: opened.data.subject, peek: null })}>${opened.data.subject}</button>`], ["reason", decodeReason(opened.data.reason) || "–"]].map(([label, value]) => html`<div key=${label}><dt>${t("security." + label)}</dt><dd>${value}</dd></div>`)}</dl>
          <h3>${t("security.changes")}</h3>
          <table class="diff"><thead><tr><th scope="col"><span>${t("security.field")}</span></th><th scope="col"><span>${t("security.before")}</span></th><th scope="col"><span>${t("security.after")}</span></th></tr></thead>
            <tbody>${Object.entries(opened.data.changes).map(([name, [before, after]]) => html`<tr key=${name}><th scope="row">${name}</th><td class="was">${text(before)}</td><td class="is">${text(after)}</td></tr>`)}</tbody></table>
          <h3>${t("security.digest")}</h3><p class="mono muted wrap">${opened.data.digest}</p>`}<//>
      <//></div>`;
  },
};
