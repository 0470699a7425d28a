// Who is here: organizations with their teams and projects, people, service accounts, and what roles may do.
import { computed } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { whole } from "../lib/api.js";
import { useResource } from "../lib/resource.js";
import { route, setQuery } from "../lib/route.js";
import { can } from "../lib/session.js";
import { Allowed, Tabs } from "../lib/ui.js";
import { Accounts } from "./teams/accounts.js";
import { Holder } from "./teams/holder.js";
import { People } from "./teams/people.js";
import { Roles } from "./teams/roles.js";
import { Tenant } from "./teams/tenant.js";
import { Tree } from "./teams/tree.js";

export const styles = true;
const TABS = ["structure", "people", "accounts", "roles"];

export default {
  setup() {
    const asked = (path) => useResource(() => can("tenants:read") ? [path] : null, { ask: whole });
    const lists = { organizations: asked("/organizations"), teams: asked("/teams"), projects: asked("/projects"), users: asked("/users"), accounts: asked("/service-accounts"), roles: asked("/roles") };
    const builtIn = useResource(() => can("tenants:read") ? ["/built-in-roles"] : null);
    const keys = useResource(() => can("keys:read") ? ["/keys"] : null, { ask: whole });
    /** Names of everything that has an id, and the roles with what they may. */
    const book = computed(() => {
      const names = new Map([["gateway", t("teams.gateway")]]);
      for (const list of Object.values(lists)) for (const one of list.data ?? []) names.set(one.id, one.name);
      const roles = [...(builtIn.data?.data ?? []).map((role) => ({ ...role, id: role.name, builtIn: true })), ...(lists.roles.data ?? [])];
      const scopes = /** @type {[string, string][]} */ ([["gateway", t("teams.gateway")]]);
      for (const [kind, list] of /** @type {[string, any][]} */ ([["organization", lists.organizations], ["team", lists.teams], ["project", lists.projects]])) {
        for (const one of list.data ?? []) scopes.push([`${kind}:${one.id}`, `${t("teams.kind." + kind)}: ${one.name}`]);
      }
      return { names, roles, scopes };
    });
    const tab = () => TABS.includes(route.query.tab) ? route.query.tab : "structure";
    return () => {
      const common = { lists, keys, book: book.value };
      if (/^(usr|user|sa|svc)_/.test(route.id)) return html`<${Allowed} permission="tenants:read"><${Holder} key=${route.id} id=${route.id} ...${common} /><//>`;
      if (route.id) return html`<${Allowed} permission="tenants:read"><${Tenant} key=${route.id} id=${route.id} ...${common} /><//>`;
      return html`<${Allowed} permission="tenants:read">
        <${Tabs} label=${t("nav.teams")} value=${tab()} onPick=${(id) => setQuery({ tab: id === "structure" ? null : id, sort: null, q: null })} options=${TABS.map((id) => [id, t("teams.tab." + id)])} />
        ${tab() === "people" ? html`<${People} ...${common} />` : tab() === "accounts" ? html`<${Accounts} ...${common} />` : tab() === "roles" ? html`<${Roles} ...${common} />` : html`<${Tree} ...${common} />`}
      <//>`;
    };
  },
};
