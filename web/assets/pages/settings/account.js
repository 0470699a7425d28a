// One's own account: password, second factor, sessions, tokens.
import { computed, reactive } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { ListCard } from "../../lib/list.js";
import { useResource } from "../../lib/resource.js";
import { can, readerName, session } from "../../lib/session.js";
import { SessionColumns } from "../../lib/sessions.js";
import { Strength } from "../../lib/strength.js";
import { toast } from "../../lib/toast.js";
import { Tokens } from "../../lib/tokens.js";
import { Badge, Card, Empty, FormError, TextField, useForm } from "../../lib/ui.js";
import "../budgets/language.js";
import { loadNames, nameOf } from "../cost/scope.js";
import { Factor } from "./factor.js";

const Password = {
  setup() {
    const entry = reactive({ current: "", new: "" }), known = computed(() => [session.me?.user?.name ?? "", (session.me?.user?.email ?? "").split("@")[0]]);
    const form = useForm(async () => {
      await api("POST", "/me/password", { body: { ...(session.me.account?.has_password ? { current: entry.current } : {}), new: entry.new } });
      Object.assign(entry, { current: "", new: "" });
      toast(t("settings.password.done"));
    });
    return () => html`
      <${Card} title=${t("settings.password")}><form class="form" onSubmit=${form.submit}>
        <input class="hear" type="text" name="username" autocomplete="username" value=${session.me.user.email} readonly tabindex="-1" aria-hidden="true" />
        ${session.me.account?.has_password !== false && html`<${TextField} model=${entry} name="current" type="password" label=${t("settings.password.current")} error=${form.fields.value.current} autocomplete="current-password" required=${true} />`}
        <${TextField} model=${entry} name="new" type="password" label=${t("settings.password.new")} error=${form.fields.value.new} autocomplete="new-password" required=${true} />
        <${Strength} password=${entry.new} known=${known.value} /><${FormError} error=${form.error.value} />
        <div class="row"><button class="btn primary" type="submit" disabled=${form.busy.value}>${t("settings.password.change")}</button><span class="muted">${t("settings.password.ends")}</span></div></form><//>`;
  },
};

/** A role that comes with the gateway in the reader's language; another by its name. @param {string} role */
const roleText = (role) => has("settings.role." + role) ? t("settings.role." + role) : role;
/** "team core" for team:team_1. @param {string} scope */
function scopeText(scope) {
  const [kind, ...rest] = scope.split(":"), id = rest.join(":");
  return id ? `${t("settings.scope." + kind)} ${nameOf(id)}` : t("settings.scope." + kind);
}

export const Account = {
  setup() {
    loadNames();
    const sessions = useResource(() => session.me?.user ? ["/sessions"] : null, { every: 60 });
    const columns = computed(() => SessionColumns(sessions.reload, false));
    const facts = () => [["account.name", readerName.value], ["settings.email", session.me.user?.email], ["account.how", t("account.by." + (session.me.sign_in ?? "local"))], ["settings.roles", (session.me.roles ?? []).map((role) => `${roleText(role.role)} · ${scopeText(role.scope)}`).join(", ")]].filter(([, value]) => value);
    return () => html`<div class="stack">
      <${Card} title=${t("settings.tab.account")}><dl class="kv">${facts().map(([label, value]) => html`<div key=${label}><dt>${t(label)}</dt><dd>${value}</dd></div>`)}</dl>
        <p class="foot-links soft">${t("settings.may")} ${(session.me.grants ?? []).map((grant) => html`<${Badge} key=${grant.scope} text=${`${scopeText(grant.scope)}: ${grant.permissions.length}`} /> `)}</p><//>
      ${session.me.user ? html`<div class="cols-2"><${Password} /><${Factor} /></div>
        <${ListCard} title=${t("settings.sessions")} resource=${sessions} rows=${sessions.data?.sessions} columns=${columns.value} order="-seen_at" />
        <${Tokens} path=${`/users/${encodeURIComponent(session.me.user.id)}/tokens`} may=${can("tenants:write")} />`
      : html`<section class="card"><${Empty} icon="user" title=${t("settings.no_account")} text=${t("settings.no_account.why")}>${session.signIn?.setup_needed && html`<a class="btn primary" href="/setup">${t("settings.become_owner")}</a>`}<//></section>`}
    </div>`;
  },
};
