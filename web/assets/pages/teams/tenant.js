// One organization, team or project: what it is, what it spent and on which models, who belongs to it.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { whole } from "../../lib/api.js";
import { Bars } from "../../lib/charts.js";
import { Editor, remove } from "../../lib/editor.js";
import { useResource } from "../../lib/resource.js";
import { go, href } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { Badge, Card, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { bindingText, organizationFields, projectFields, teamFields } from "./forms.js";

const KINDS = { org: "organization", team: "team", proj: "project" };

export const Tenant = {
  props: ["id", "lists", "keys", "book"],
  setup(p) {
    const kind = KINDS[p.id.split("_")[0]] ?? "project", path = `/${kind}s`, list = p.lists[kind + "s"];
    const tenant = useResource(() => [`${path}/${encodeURIComponent(p.id)}`]);
    const usage = useResource(() => can("usage:read") ? ["/usage", { [kind]: p.id, group_by: "model", order_by: "cost", percentiles: false, limit: 50 }] : null, { every: 30 });
    const budgets = useResource(() => can("limits:read") ? ["/budgets", { scope: `${kind}:${p.id}` }] : null);
    const plans = useResource(() => can("billing:read") && kind === "organization" ? ["/plans"] : null, { ask: whole });
    const editing = ref(false);
    const changed = () => (tenant.reload(), list.reload());
    const parent = computed(() => tenant.data?.team ?? tenant.data?.organization);
    const below = computed(() => kind === "organization" ? (p.lists.teams.data ?? []).filter((one) => one.organization === p.id) : kind === "team" ? (p.lists.projects.data ?? []).filter((one) => one.team === p.id) : []);
    const keys = computed(() => kind === "project" ? (p.keys.data ?? []).filter((key) => key.project === p.id) : []);
    const holders = computed(() => [...(p.lists.users.data ?? []), ...(p.lists.accounts.data ?? [])].flatMap((one) => one.roles.filter((role) => role.scope.endsWith(":" + p.id)).map((role) => ({ one, role }))));
    const fields = () => kind === "organization" ? organizationFields(plans.data ?? []) : kind === "team" ? teamFields(p.lists.organizations.data ?? []) : projectFields(p.lists.teams.data ?? []);
    const facts = () => {
      const of = tenant.data;
      return [["teams.kind", t("teams.kind." + kind)], parent.value && ["teams.within", html`<a href=${"/teams/" + parent.value}>${p.book.names.get(parent.value) ?? parent.value}</a>`],
        kind === "organization" && ["teams.state", html`<${Badge} tone=${of.active ? "good" : "bad"} text=${t(of.active ? "teams.active" : "teams.inactive")} />`],
        kind === "organization" && ["teams.plan", (plans.data ?? []).find((plan) => plan.id === of.plan)?.name ?? of.plan ?? t("none")],
        kind === "organization" && ["teams.billing_email", of.billing_email ?? t("none")], kind === "organization" && ["teams.currency", of.currency],
        kind === "team" && ["teams.weight", f.num(of.weight)], of.department && ["teams.department", of.department],
        ["teams.tags", of.tags.length ? of.tags.join(", ") : t("none")], ["ID", html`<span class="mono">${of.id}</span>`], ["teams.created", f.full(of.created_at)]].filter(Boolean);
    };
    return () => html`
      <p class="noprint crumbs"><a href="/teams"><${Icon} name="arrow-left" size="14" /> ${t("nav.teams")}</a></p>
      <div class="cols-21"><div class="stack">
        <${Card} resource=${tenant} title=${tenant.data?.name ?? p.id} tall=${200}>${{
          actions: () => tenant.data && html`${kind === "organization" && can("billing:read") && html`<a class="btn sm" href=${`/billing?organization=${p.id}`}><${Icon} name="receipt" size="14" />${t("nav.billing")}</a>`}
            ${can("tenants:write") && html`<button class="btn sm" type="button" onClick=${() => (editing.value = true)}><${Icon} name="pencil" size="14" />${t("edit")}</button>
              <button class="btn sm" type="button" onClick=${() => remove(path, tenant.data, t("teams.remove." + kind), () => { list.reload(); go("/teams"); }, { typed: true })}><${Icon} name="trash-2" size="14" />${t("remove")}</button>`}`,
          default: () => html`<dl class="kv">${facts().map(([label, value]) => html`<div key=${label}><dt>${label === "ID" ? label : t(label)}</dt><dd>${value}</dd></div>`)}</dl>`,
        }}<//>
        ${kind !== "project" && html`<${Card} title=${t(kind === "organization" ? "teams.teams" : "teams.projects")} resource=${list}>
          ${below.value.length ? html`<ul class="things">${below.value.map((one) => html`<li key=${one.id}><a href=${"/teams/" + one.id}>${one.name}</a><span class="mono muted">${one.id}</span></li>`)}</ul>` : html`<${Empty} icon="folder-tree" title=${t("state.none")} />`}<//>`}
        ${kind === "project" && can("keys:read") && html`<${Card} title=${t("nav.keys")} resource=${p.keys}>
          ${keys.value.length ? html`<ul class="things">${keys.value.map((key) => html`<li key=${key.id}><a href=${"/keys/" + key.id}>${key.name}</a><span class="mono muted">${key.hint.replace(/[….]+$/, "")}…</span></li>`)}</ul>` : html`<${Empty} icon="key-round" title=${t("teams.no_keys")}><a class="btn" href="/keys?new=1">${t("teams.make_key")}</a><//>`}<//>`}
        <${Card} title=${t("teams.members")} hint=${t("teams.members.hint")} resource=${p.lists.users}>
          ${holders.value.length ? html`<ul class="things">${holders.value.map(({ one, role }) => html`<li key=${one.id + role.role}><a href=${"/teams/" + one.id}>${one.name}</a><span class="soft">${bindingText(role, p.book)}</span></li>`)}</ul>` : html`<${Empty} icon="users" title=${t("teams.no_members")} />`}<//>
      </div><div class="stack">
        <${Card} resource=${usage} title=${t("teams.spend")} sub=${t("since.30")} hint=${t("teams.spend.hint")}>
          ${usage.data?.data.length ? html`<p class="big-v">${f.usd(usage.data.total.cost_usd)}</p><p class="muted">${t("teams.requests.n", { n: f.num(usage.data.total.requests) })}</p>
            <${Bars} items=${usage.data.data.slice(0, 10).map((line) => ({ id: line.model, name: line.model || t("unattributed"), value: Number(line.cost_usd) }))} format=${(value) => f.usd(value)} />
            <p class="foot-links"><a href=${href("/requests", { [kind]: p.id })}>${t("teams.see_requests")}</a>${kind !== "organization" && html` · <a href=${href("/cost", { [kind]: p.id })}>${t("teams.see_cost")}</a>`}</p>` : html`<${Empty} title=${t("teams.unused")} />`}
        <//>
        <${Card} resource=${budgets} title=${t("nav.budgets")} tall=${80}>${budgets.data?.data.length ? html`<ul class="things">${budgets.data.data.map((one) => html`<li key=${one.id}><a href=${"/budgets"}>${one.name || one.scope}</a><span class="num">${f.usd(one.amount)} / ${one.period}</span></li>`)}</ul>` : html`<${Empty} icon="gauge" title=${t("teams.no_budget")}><a class="btn" href="/budgets">${t("nav.budgets")}</a><//>`}<//>
      </div></div>
      <${Editor} open=${editing.value} title=${`${t("edit")}: ${tenant.data?.name ?? ""}`} path=${path} of=${tenant.data} fields=${fields()} onClose=${() => (editing.value = false)} onSaved=${changed} />`;
  },
};
