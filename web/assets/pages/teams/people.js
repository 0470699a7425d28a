// People who may use the console and the API: invited, with roles, made inactive.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Editor } from "../../lib/editor.js";
import { ListCard } from "../../lib/list.js";
import { useResource } from "../../lib/resource.js";
import { go, route, setQuery } from "../../lib/route.js";
import { can, hasAccounts } from "../../lib/session.js";
import { Badge, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { bindingText, userFields } from "./forms.js";
import { Invitation, invite } from "./invitation.js";

export const People = {
  props: ["lists", "keys", "book"],
  setup(p) {
    const sessions = useResource(() => hasAccounts() && can("tenants:write") ? ["/sessions", { all: true }] : null, { every: 60 });
    const link = ref(/** @type {any} */ (null));
    const seen = computed(() => {
      const last = new Map();
      for (const one of sessions.data?.sessions ?? []) if (!(last.get(one.user.id) > one.seen_at)) last.set(one.user.id, one.seen_at);
      return last;
    });
    const columns = computed(() => [
      { id: "name", label: t("teams.name"), sort: (one) => one.name.toLowerCase(), csv: (one) => one.name, cell: (one) => html`<b class="model">${one.name}</b>` },
      { id: "email", label: t("teams.email"), sort: (one) => one.email, cell: (one) => one.email },
      { id: "roles", label: t("teams.roles"), csv: (one) => one.roles.map((role) => bindingText(role, p.book)).join("; "), title: (one) => one.roles.map((role) => bindingText(role, p.book)).join("\n"), cell: (one) => one.roles.length ? one.roles.map((role) => html`<${Badge} key=${role.role + role.scope} text=${bindingText(role, p.book)} /> `) : html`<span class="muted">${t("teams.no_roles")}</span>` },
      { id: "state", label: t("teams.state"), width: 110, sort: (one) => one.active ? 0 : 1, csv: (one) => one.active ? "active" : "inactive", cell: (one) => html`<${Badge} tone=${one.active ? "good" : "bad"} text=${t(one.active ? "teams.active" : "teams.inactive")} />` },
      { id: "seen_at", label: t("teams.seen"), width: 150, sort: (one) => seen.value.get(one.id) ?? "", cell: (one) => seen.value.has(one.id) ? f.ago(seen.value.get(one.id)) : html`<span class="muted">–</span>` },
      { id: "created_at", label: t("teams.created"), width: 130, sort: (one) => one.created_at, cell: (one) => f.fullDate(one.created_at) },
    ]);
    const add = () => setQuery({ new: "person" });
    return () => html`
      <${ListCard} title=${t("teams.tab.people")} hint=${t("teams.people.hint")} resource=${p.lists.users} rows=${p.lists.users.data} columns=${columns.value} file="people" order="name" search=${(one) => one.name + one.email + one.id} onOpen=${(one) => go("/teams/" + one.id)}>${{
        actions: () => can("tenants:write") && html`<button class="btn primary" type="button" onClick=${add}><${Icon} name="user-plus" size="15" />${t("teams.invite")}</button>`,
        empty: () => html`<${Empty} icon="users" title=${t("teams.nobody")} text=${t("teams.nobody.why")}>${can("tenants:write") && html`<button class="btn primary" type="button" onClick=${add}>${t("teams.invite")}</button>`}<//>`,
      }}<//>
      <${Editor} open=${route.query.new === "person" && Boolean(p.lists.organizations.data)} title=${t("teams.invite")} note=${t("teams.invite.why")} path="/users" fields=${userFields(p.book)} defaults=${{ roles: [{ role: "developer", scope: p.book.scopes[1]?.[0] ?? "gateway" }] }} wide=${true} done="" action=${t("teams.invite.make")}
        onClose=${() => setQuery({ new: null }, { replace: true })} onSaved=${(user) => { p.lists.users.reload(); if (hasAccounts()) invite(user, link); }} />
      <${Invitation} link=${link.value} onClose=${() => (link.value = null)} />`;
  },
};
