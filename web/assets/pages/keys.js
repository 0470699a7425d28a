// Keys: what applications show to get in. List with what each costs, one key's page, making, rotating, revoking.
import { computed, reactive, ref, watch } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { apiAddress } from "../lib/address.js";
import { all, api, once, whole } from "../lib/api.js";
import { csv, download, fileName } from "../lib/csv.js";
import { confirm, Dialog } from "../lib/dialog.js";
import { useResource } from "../lib/resource.js";
import { namesIn } from "../lib/names.js";
import { go, href, route, setQuery } from "../lib/route.js";
import { can } from "../lib/session.js";
import { DataTable, nextSort, sorted, sortState } from "../lib/table.js";
import { toast } from "../lib/toast.js";
import { Badge, Card, Copy, Empty, errorWords, FormError, Icon, SelectField, TextField, useForm } from "../lib/ui.js";
import * as f from "../lib/format.js";
import { giveOwnDays } from "./budgets/offset.js";
import { atGateway, projectsWith } from "./cost/place.js";
import { left } from "../lib/keys.js";

const UNUSED = { requests: 0, cost_usd: 0 };

/** How its text begins. @param {any} key */
const begins = (key) => key.hint.replace(/[….]+$/, "") + "…";

/** How a key stands. @param {any} key @returns {[tone: string, word: string]} */
function standing(key) {
  if (key.revoked_at) return ["bad", "revoked"];
  if (key.expires_at && new Date(key.expires_at) < new Date()) return ["bad", "expired"];
  if ((left(key) ?? Infinity) < 14 * 86_400_000) return ["warn", "expiring"];
  return ["good", "active"];
}
const State = ({ of }) => {
  const [tone, word] = standing(of);
  return html`<${Badge} tone=${tone} text=${t("keys.state." + word)} />`;
};
State.props = ["of"];

/** A new key, or what is asked to make one. */
const Maker = {
  props: ["open", "projects", "teams", "onClose", "onMade"],
  setup(p) {
    const entry = reactive({ name: "", project: "", models: "", budget: "", rpm: "", days: "90", priority: "interactive" });
    const made = ref(/** @type {any} */ (null));
    // Keys without a project are the gateway's.
    const choices = computed(() => [...(atGateway("keys:write") ? [["", t("none")]] : []), ...projectsWith("keys:write", p.projects, p.teams).map((one) => [one.id, one.name])]);
    watch(choices, (list) => list.some(([id]) => id === entry.project) || (entry.project = list[0]?.[0] ?? ""), { immediate: true });
    let name = once();
    const form = useForm(async () => {
      const expires = Number(entry.days) ? new Date(Date.now() + Number(entry.days) * 86_400_000).toISOString() : null;
      const models = namesIn(entry.models);
      const key = await api("POST", "/keys", {
        once: name,
        body: {
          name: entry.name, priority: entry.priority,
          ...(entry.project ? { project: entry.project } : {}), ...(models.length ? { allowed_models: models } : {}),
          ...(entry.budget ? { budget_usd: entry.budget } : {}), ...(entry.rpm ? { requests_per_minute: Number(entry.rpm) } : {}),
          ...(expires ? { expires_at: expires } : {}),
        },
      });
      name = once();
      if (entry.budget) await giveOwnDays(key);
      made.value = key;
      p.onMade();
    });
    function close() {
      made.value = form.error.value = null;
      Object.assign(entry, { name: "", models: "", budget: "", rpm: "" });
      p.onClose();
    }
    const command = () => `curl ${apiAddress()}/v1/chat/completions \\\n  -H "authorization: Bearer ${made.value.key}" -H "content-type: application/json" \\\n  -d '{"model": "auto", "messages": [{"role": "user", "content": "Hello"}]}'`;
    return () => html`
      <${Dialog} open=${p.open} title=${made.value ? t("keys.made") : t("keys.new")} wide=${Boolean(made.value)} keep=${made.value ? "secret" : "form"} onClose=${close}>
        ${made.value ? html`<div class="stack"><p class="soft">${t("keys.made.once")}</p><div class="secret"><code>${made.value.key}</code><${Copy} text=${made.value.key} /></div>
          <pre class="code" tabindex="0">${command()}</pre><div class="dr-f"><button class="btn primary" type="button" onClick=${close}>${t("keys.made.done")}</button></div></div>`
        : html`<form class="form two" onSubmit=${form.submit}>
          <div class="whole"><${TextField} model=${entry} name="name" label=${t("keys.name")} error=${form.fields.value.name} placeholder="web-production" required=${true} /></div>
          <${SelectField} model=${entry} name="project" label=${t("keys.project")} error=${form.fields.value.project} hint=${choices.value.length ? "" : t("keys.project.nowhere")} options=${choices.value} />
          <${SelectField} model=${entry} name="days" label=${t("keys.expiry")} error=${form.fields.value.expires_at} options=${[["30", t("keys.days", { n: 30 })], ["90", t("keys.days", { n: 90 })], ["365", t("keys.days", { n: 365 })], ["", t("keys.never")]]} />
          <${TextField} model=${entry} name="budget" label=${t("keys.budget")} hint=${t("keys.budget.hint")} error=${form.fields.value.budget_usd} suffix="USD" />
          <${TextField} model=${entry} name="rpm" type="number" label=${t("keys.rpm")} error=${form.fields.value.requests_per_minute} />
          <div class="whole"><${TextField} model=${entry} name="models" label=${t("keys.models")} hint=${t("keys.models.hint")} error=${form.fields.value.allowed_models} placeholder="auto, gpt-5-mini" /></div>
          <div class="whole"><${SelectField} model=${entry} name="priority" label=${t("keys.priority")} options=${["interactive", "batch", "background"].map((one) => [one, t("keys.priority." + one)])} /></div>
          <div class="whole"><${FormError} error=${form.error.value} /></div>
          <div class="whole dr-f"><button class="btn primary" type="submit" disabled=${form.busy.value}>${t("keys.make")}</button><button class="btn" type="button" onClick=${close}>${t("cancel")}</button></div>
        </form>`}
      <//>`;
  },
};

/** One key: what it may, what it did, and what can be done with it. */
const Detail = {
  props: ["id", "projects"],
  setup(p) {
    const key = useResource(() => [`/keys/${encodeURIComponent(p.id)}`]);
    const usage = useResource(() => ["/usage", { key: p.id, group_by: "model", order_by: "cost", percentiles: false }]);
    const rotated = ref(/** @type {any} */ (null));
    const rotate = () => {
      const name = once();
      confirm({
        title: t("keys.rotate"), text: t("keys.rotate.text"), action: t("keys.rotate"), reason: true,
        run: async (reason) => {
          rotated.value = await api("POST", `/keys/${encodeURIComponent(p.id)}/rotate`, { once: name, body: {}, reason });
          key.reload();
        },
      });
    };
    const revoke = () => confirm({
      title: t("keys.revoke"), text: t("keys.revoke.text"), action: t("keys.revoke"), reason: true, typed: key.data.name,
      run: async (reason) => {
        await api("POST", `/keys/${encodeURIComponent(p.id)}/revoke`, { body: { reason } });
        toast(t("keys.revoked"));
        key.reload();
      },
    });
    const list = (values) => values?.length ? values.join(", ") : t("all");
    return () => html`
      <p class="noprint crumbs"><a href=${href("/keys")}><${Icon} name="arrow-left" size="14" /> ${t("nav.keys")}</a></p>
      <div class="cols-21">
        <${Card} resource=${key} title=${key.data?.name ?? p.id} tall=${220}>${{
          actions: () => key.data && can("keys:write") && !key.data.revoked_at && html`<button class="btn sm" type="button" onClick=${rotate}><${Icon} name="refresh-cw" size="14" />${t("keys.rotate")}</button><button class="btn sm" type="button" onClick=${revoke}><${Icon} name="ban" size="14" />${t("keys.revoke")}</button>`,
          default: () => html`<dl class="kv">
            ${[["keys.state", html`<${State} of=${key.data} />`], ["keys.hint", html`<span class="mono">${begins(key.data)}</span>`], ["keys.project", p.projects.find((one) => one.id === key.data.project)?.name ?? t("none")], ["keys.created", f.full(key.data.created_at)], ["keys.expiry", key.data.expires_at ? f.full(key.data.expires_at) : t("keys.never")], ["keys.priority", t("keys.priority." + key.data.priority)], ["keys.models", list(key.data.allowed_models)], ["keys.addresses", list(key.data.allowed_addresses)], ["keys.tags", key.data.tags.length ? key.data.tags.join(", ") : t("none")]].map(([label, value]) => html`<div key=${label}><dt>${t(label)}</dt><dd>${value}</dd></div>`)}</dl>
            <p class="foot-links"><a href=${href("/requests", { key: p.id })}>${t("keys.requests")}</a> · <a href=${href("/cost", { key: p.id })}>${t("keys.cost")}</a></p>`,
        }}<//>
        <${Card} resource=${usage} title=${t("keys.spend")} sub=${t("keys.spend.30")}>
          ${usage.data?.data.length ? html`<p class="big-v">${f.usd(usage.data.total.cost_usd)}</p><ul class="plain-list">${usage.data.data.map((line) => html`<li key=${line.model}><span>${line.model || t("unattributed")}</span><span class="num">${f.compact(line.requests)}</span><b class="num">${f.usd(line.cost_usd)}</b></li>`)}</ul>` : html`<${Empty} icon="inbox" title=${t("keys.unused")} />`}
        <//>
      </div>
      <${Dialog} open=${Boolean(rotated.value)} title=${t("keys.rotated")} keep="secret" onClose=${() => (rotated.value = null)}><div class="stack"><p class="soft">${t("keys.made.once")}</p><div class="secret"><code>${rotated.value?.key}</code><${Copy} text=${rotated.value?.key} /></div></div><//>`;
  },
};

export default {
  setup() {
    const keys = useResource(() => route.id ? null : ["/keys"], { ask: whole });
    const usage = useResource(() => route.id ? null : ["/usage", { group_by: "key", order_by: "cost", limit: 1000, percentiles: false }]);
    const projects = ref(/** @type {any[]} */ ([]));
    all("/projects").then((list) => (projects.value = list), () => []);
    const teams = ref(/** @type {any[]} */ ([]));
    if (!atGateway("keys:write") && can("keys:write")) all("/teams").then((list) => (teams.value = list), () => []);
    const spent = computed(() => new Map((usage.data?.data ?? []).map((line) => [line.key, line])));
    /** What a key did; null while it is not known: beyond the first thousand, or where it could not be had. @param {any} key */
    const used = (key) => spent.value.get(key.id) ?? (usage.data && !usage.data.has_more ? UNUSED : null);
    const nameOf = computed(() => new Map(projects.value.map((one) => [one.id, one.name])));
    const columns = computed(() => [
      { id: "name", label: t("keys.name"), sort: (key) => key.name.toLowerCase(), cell: (key) => html`<b class="model">${key.name}</b>` },
      { id: "hint", label: t("keys.hint"), width: 150, cell: (key) => html`<span class="mono dim">${begins(key)}</span>` },
      { id: "project", label: t("keys.project"), sort: (key) => nameOf.value.get(key.project) ?? "", cell: (key) => nameOf.value.get(key.project) ?? html`<span class="muted">–</span>` },
      { id: "state", label: t("keys.state"), width: 110, sort: (key) => standing(key)[1], cell: (key) => html`<${State} of=${key} />` },
      { id: "requests", label: t("keys.requests.30"), num: true, width: 130, sort: (key) => used(key)?.requests ?? -1, cell: (key) => f.num(used(key)?.requests) },
      { id: "cost", label: t("keys.spend.30"), num: true, width: 140, sort: (key) => Number(used(key)?.cost_usd ?? -1), cell: (key) => f.usd(used(key)?.cost_usd) },
      { id: "expires", label: t("keys.expiry"), width: 130, sort: (key) => key.expires_at ?? "9", cell: (key) => key.expires_at ? f.ago(key.expires_at) : html`<span class="muted">${t("keys.never")}</span>` },
    ]);
    const rows = computed(() => {
      const words = (route.query.q ?? "").toLowerCase();
      const list = (keys.data ?? []).filter((key) => (key.name + key.id + key.hint).toLowerCase().includes(words));
      return sorted(list, columns.value, route.query.sort ?? "-cost");
    });
    const save = () => download(fileName("keys"), csv(["id", "name", "project", "state", "requests", "cost_usd", "created_at", "expires_at"], rows.value.map((key) => [key.id, key.name, nameOf.value.get(key.project) ?? "", standing(key)[1], used(key)?.requests, used(key)?.cost_usd, key.created_at, key.expires_at])));

    return () => route.id ? html`<${Detail} key=${route.id} id=${route.id} projects=${projects.value} />` : html`
      <${Card} resource=${keys} title=${t("nav.keys")} sub=${keys.data ? f.num(rows.value.length) + (keys.data.cut ? "+" : "") : ""} flush=${true} class="tbl" tall=${360}>${{
        actions: () => html`<label class="find"><${Icon} name="list-filter" size="14" /><input type="search" placeholder=${t("search.short")} aria-label=${t("search.short")} value=${route.query.q ?? ""} onInput=${(event) => setQuery({ q: event.target.value }, { replace: true })} /></label>
          <button class="btn" type="button" onClick=${save}><${Icon} name="download" size="15" />${t("export")}</button>
          ${can("keys:write") && html`<button class="btn primary" type="button" onClick=${() => setQuery({ new: "1" })}><${Icon} name="plus" size="15" />${t("keys.new")}</button>`}`,
        default: () => html`${usage.error && html`<p class="stale" role="status"><${Icon} name="triangle-alert" size="14" />${t("keys.usage.failed")} ${errorWords(usage.error)} <button class="link" type="button" onClick=${usage.reload}>${t("retry")}</button></p>`}
          ${keys.data.cut && html`<p class="stale" role="status"><${Icon} name="triangle-alert" size="14" />${t("keys.cut", { n: f.num(keys.data.length) })}</p>`}
          <${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(key) => key.id} label=${t("nav.keys")} sort=${sortState(route.query.sort ?? "-cost")} onSort=${(column) => setQuery({ sort: nextSort(route.query.sort ?? "-cost", column) })} onOpen=${(key) => go("/keys/" + key.id)} height=${rows.value.length > 14 ? 600 : undefined}>${{
          empty: () => route.query.q ? html`<${Empty} icon="search" title=${t("state.no_match")}><button class="btn" type="button" onClick=${() => setQuery({ q: null })}>${t("filters.clear")}</button><//>` : html`<${Empty} icon="key-round" title=${t("keys.none")} text=${t("keys.none.why")}>${can("keys:write") && html`<button class="btn primary" type="button" onClick=${() => setQuery({ new: "1" })}>${t("keys.new")}</button>`}<//>`,
        }}<//>`,
      }}<//>
      <${Maker} open=${route.query.new === "1"} projects=${projects.value} teams=${teams.value} onClose=${() => setQuery({ new: null }, { replace: true })} onMade=${keys.reload} />`;
  },
};
