// Service accounts: programs that use the API by tokens of their own.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Editor } from "../../lib/editor.js";
import { ListCard } from "../../lib/list.js";
import { go, route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { Badge, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { accountFields, bindingText } from "./forms.js";

export const Accounts = {
  props: ["lists", "keys", "book"],
  setup(p) {
    const columns = computed(() => [
      { id: "name", label: t("teams.name"), sort: (one) => one.name.toLowerCase(), csv: (one) => one.name, cell: (one) => html`<b class="model">${one.name}</b>` },
      { id: "id", label: "ID", csv: (one) => one.id, cell: (one) => html`<span class="mono dim">${one.id}</span>` },
      { id: "roles", label: t("teams.roles"), csv: (one) => one.roles.map((role) => bindingText(role, p.book)).join("; "), cell: (one) => one.roles.length ? one.roles.map((role) => html`<${Badge} key=${role.role + role.scope} text=${bindingText(role, p.book)} /> `) : html`<span class="muted">${t("teams.no_roles")}</span>` },
      { id: "state", label: t("teams.state"), width: 110, sort: (one) => one.active ? 0 : 1, csv: (one) => one.active ? "active" : "inactive", cell: (one) => html`<${Badge} tone=${one.active ? "good" : "bad"} text=${t(one.active ? "teams.active" : "teams.inactive")} />` },
      { id: "created_at", label: t("teams.created"), width: 130, sort: (one) => one.created_at, cell: (one) => f.fullDate(one.created_at) },
    ]);
    const add = () => setQuery({ new: "account" });
    return () => html`
      <${ListCard} title=${t("teams.tab.accounts")} hint=${t("teams.accounts.hint")} resource=${p.lists.accounts} rows=${p.lists.accounts.data} columns=${columns.value} file="service-accounts" order="name" search=${(one) => one.name + one.id} onOpen=${(one) => go("/teams/" + one.id)}>${{
        actions: () => can("tenants:write") && html`<button class="btn primary" type="button" onClick=${add}><${Icon} name="plus" size="15" />${t("teams.new.account")}</button>`,
        empty: () => html`<${Empty} icon="bot" title=${t("teams.no_accounts")} text=${t("teams.no_accounts.why")}>${can("tenants:write") && html`<button class="btn primary" type="button" onClick=${add}>${t("teams.new.account")}</button>`}<//>`,
      }}<//>
      <${Editor} open=${route.query.new === "account" && Boolean(p.lists.organizations.data)} title=${t("teams.new.account")} path="/service-accounts" fields=${accountFields(p.book)} defaults=${{ roles: [{ role: "developer", scope: p.book.scopes[1]?.[0] ?? "gateway" }] }} wide=${true}
        onClose=${() => setQuery({ new: null }, { replace: true })} onSaved=${(account) => { p.lists.accounts.reload(); go("/teams/" + account.id); }} />`;
  },
};
