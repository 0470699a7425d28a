// Who is signed in, and who signs in without a second factor.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { ListCard } from "../../lib/list.js";
import { SessionColumns } from "../../lib/sessions.js";
import { can } from "../../lib/session.js";
import { Badge, Card, Empty } from "../../lib/ui.js";

export const Sessions = {
  props: ["state"],
  setup(p) {
    const s = p.state, columns = computed(() => SessionColumns(s.sessions.reload, true));
    return () => html`<div class="stack">
      ${can("tenants:write") ? html`<${ListCard} title=${t("security.tab.sessions")} hint=${t("security.sessions.hint")} resource=${s.sessions} rows=${s.sessions.data?.sessions} columns=${columns.value} file="sessions" order="-seen_at" search=${(one) => one.user.name + one.user.email + one.address + one.agent}>${{
        empty: () => html`<${Empty} icon="log-in" title=${t("security.no_sessions")} text=${t("security.no_sessions.why")} />`,
      }}<//>` : html`<section class="card"><${Empty} icon="lock" title=${t("state.forbidden")} text=${t("state.forbidden.how", { permission: "tenants:write" })} /></section>`}
      <${Card} title=${t("security.bare")} hint=${t("security.bare.hint")} resource=${s.factors} tall=${100}>
        ${s.bare.value?.length ? html`<ul class="things">${s.bare.value.map((user) => html`<li key=${user.id}><span><a href=${"/teams/" + user.id}>${user.name}</a> <span class="muted">${user.email}</span></span>${s.powerful(user) && html`<${Badge} tone="bad" text=${t("security.powerful")} />`}</li>`)}</ul>` : html`<${Empty} icon="shield-check" title=${t(s.users.data?.length ? "security.all_have" : "security.nobody")} />`}
      <//></div>`;
  },
};
