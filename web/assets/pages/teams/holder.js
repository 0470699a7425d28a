// One person or service account: roles, what they may do and by which role, tokens, and what can be done with them.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { confirm } from "../../lib/dialog.js";
import { Editor, remove } from "../../lib/editor.js";
import { useResource } from "../../lib/resource.js";
import { go } from "../../lib/route.js";
import { can, hasAccounts } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Icon } from "../../lib/ui.js";
import { Tokens } from "../../lib/tokens.js";
import * as f from "../../lib/format.js";
import { accountFields, bindingText, roleName, userFields } from "./forms.js";
import { Invitation, invite } from "./invitation.js";

/** Areas whose pages are about the gateway as a whole. */
const GATEWAYS = new Set(["routing", "settings", "audit"]);

/** Reasons for each permission: where it holds, and by which role. @param {any} holder @param {any} book */
function reasons(holder, book) {
  /** @type {Map<string, {whole: boolean, scope: string, role: string}[]>} */
  const why = new Map();
  if (!holder?.active) return why;
  for (const binding of holder.roles) {
    const role = book.roles.find((one) => one.id === binding.role);
    const [kind, id] = binding.scope.split(":");
    for (const permission of role?.permissions ?? []) {
      if (!why.has(permission)) why.set(permission, []);
      why.get(permission)?.push({ whole: kind === "gateway", scope: kind === "gateway" ? t("teams.gateway") : book.names.get(id) ?? id, role: roleName(role) });
    }
  }
  return why;
}

export const Holder = {
  props: ["id", "lists", "keys", "book"],
  setup(p) {
    const isUser = p.id.startsWith("user_"), path = isUser ? "/users" : "/service-accounts";
    const holder = useResource(() => [`${path}/${encodeURIComponent(p.id)}`]);
    const sessions = useResource(() => isUser && hasAccounts() && can("tenants:write") ? ["/sessions", { all: true }] : null);
    const editing = ref(false), link = ref(/** @type {any} */ (null));
    const list = isUser ? p.lists.users : p.lists.accounts;
    const changed = () => (holder.reload(), list.reload());
    const why = computed(() => reasons(holder.data, p.book));
    const areas = computed(() => [...new Set(p.book.roles.flatMap((role) => role.permissions.map((one) => one.split(":")[0])))].sort());
    const own = computed(() => (sessions.data?.sessions ?? []).filter((one) => one.user.id === p.id));
    const setActive = (active) => confirm({
      title: t(active ? "teams.activate" : "teams.deactivate"), text: t(active ? "teams.activate.text" : "teams.deactivate.text", { name: holder.data.name }), action: t(active ? "teams.activate" : "teams.deactivate"), reason: true,
      run: async (reason) => {
        await api("PATCH", `${path}/${encodeURIComponent(p.id)}`, { body: { active }, version: holder.data.version, reason });
        toast(t("saved"));
        changed();
      },
    });
    const loseFactor = () => confirm({
      title: t("teams.reset_factor"), text: t("teams.reset_factor.text", { name: holder.data.name }), action: t("teams.reset_factor"), reason: true,
      run: async (reason) => {
        await api("DELETE", `/users/${encodeURIComponent(p.id)}/second-factor`, { reason });
        toast(t("saved"));
      },
    });
    const cell = (permission) => {
      const list = why.value.get(permission);
      // What a page of the whole gateway needs does not open it from within a tenant.
      if (list && GATEWAYS.has(permission.split(":")[0]) && !list.some((one) => one.whole)) return html`<span class="muted only-in">– ${t("teams.only_in", { places: list.map((one) => `${one.scope} (${one.role})`).join(", ") })}</span>`;
      return list ? html`<${Icon} name="check" size="15" label=${t("yes")} /> <span class="soft">${list.map((one) => `${one.role} · ${one.scope}`).join(", ")}</span>` : html`<span class="muted">–</span>`;
    };
    return () => html`
      <p class="noprint crumbs"><a href=${`/teams?tab=${isUser ? "people" : "accounts"}`}><${Icon} name="arrow-left" size="14" /> ${t(isUser ? "teams.tab.people" : "teams.tab.accounts")}</a></p>
      <div class="cols-21">
        <${Card} resource=${holder} title=${holder.data?.name ?? p.id} tall=${200}>${{
          actions: () => holder.data && can("tenants:write") && html`<span class="row acts">
            ${isUser && hasAccounts() && html`<button class="btn sm" type="button" onClick=${() => invite(holder.data, link)}><${Icon} name="mail" size="14" />${t("teams.invitation.new")}</button>
              <button class="btn sm" type="button" onClick=${loseFactor}><${Icon} name="shield-off" size="14" />${t("teams.reset_factor")}</button>`}
            <button class="btn sm" type="button" onClick=${() => (editing.value = true)}><${Icon} name="pencil" size="14" />${t("edit")}</button>
            <button class="btn sm" type="button" onClick=${() => setActive(!holder.data.active)}><${Icon} name=${holder.data.active ? "ban" : "circle-check"} size="14" />${t(holder.data.active ? "teams.deactivate" : "teams.activate")}</button>
            <button class="btn sm" type="button" onClick=${() => remove(path, holder.data, t("teams.remove.holder"), () => { list.reload(); go("/teams", { tab: isUser ? "people" : "accounts" }); }, { typed: true })}><${Icon} name="trash-2" size="14" />${t("remove")}</button></span>`,
          default: () => html`<dl class="kv">
            <div><dt>${t("teams.state")}</dt><dd><${Badge} tone=${holder.data.active ? "good" : "bad"} text=${t(holder.data.active ? "teams.active" : "teams.inactive")} /></dd></div>
            ${isUser && html`<div><dt>${t("teams.email")}</dt><dd>${holder.data.email}</dd></div>`}
            <div><dt>ID</dt><dd class="mono">${holder.data.id}</dd></div><div><dt>${t("teams.created")}</dt><dd>${f.full(holder.data.created_at)}</dd></div>
            ${isUser && sessions.data && html`<div><dt>${t("teams.sessions")}</dt><dd>${f.num(own.value.length)}${own.value[0] && html` <span class="muted">${f.ago(own.value[0].seen_at)}</span>`}</dd></div>`}
            <div><dt>${t("teams.roles")}</dt><dd>${holder.data.roles.length ? holder.data.roles.map((role) => html`<div key=${role.role + role.scope}>${bindingText(role, p.book)}</div>`) : t("teams.no_roles")}</dd></div></dl>`,
        }}<//>
        <${Tokens} path=${`${path}/${encodeURIComponent(p.id)}/tokens`} may=${can("tenants:write")} />
      </div>
      <${Card} resource=${holder} title=${t("teams.effective")} hint=${t("teams.effective.hint")} flush=${true} class="tbl gap">
        <div class="tbl-box" tabindex="0" role="group" aria-label=${t("teams.effective")}><table class="matrix"><thead><tr><th scope="col"><span>${t("teams.area")}</span></th><th scope="col"><span>${t("teams.read")}</span></th><th scope="col"><span>${t("teams.write")}</span></th></tr></thead>
          <tbody>${areas.value.map((area) => html`<tr key=${area}><th scope="row">${t("teams.area." + area)}</th><td>${cell(area + ":read")}</td><td>${cell(area + ":write")}</td></tr>`)}</tbody></table></div>
      <//>
      <${Editor} open=${editing.value} title=${`${t("edit")}: ${holder.data?.name ?? ""}`} path=${path} of=${holder.data} fields=${isUser ? userFields(p.book) : accountFields(p.book)} wide=${true} onClose=${() => (editing.value = false)} onSaved=${changed} />
      <${Invitation} link=${link.value} onClose=${() => (link.value = null)} />`;
  },
};
