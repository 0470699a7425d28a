// What organizations pay: credit, invoices, plans, codes.
import { computed } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { whole } from "../lib/api.js";
import { useResource } from "../lib/resource.js";
import { route, setQuery } from "../lib/route.js";
import { can } from "../lib/session.js";
import { Allowed, Empty, Tabs } from "../lib/ui.js";
import { Codes } from "./billing/codes.js";
import { Credit } from "./billing/credit.js";
import { Invoice } from "./billing/invoice.js";
import { Invoices } from "./billing/invoices.js";
import { Plans } from "./billing/plans.js";

export const styles = true;

export default {
  setup() {
    const organizations = useResource(() => can("billing:read") ? ["/organizations"] : null, { ask: whole });
    const plans = useResource(() => can("billing:read") ? ["/plans"] : null, { ask: whole });
    const chosen = computed(() => (organizations.data ?? []).find((one) => one.id === route.query.organization) ?? organizations.data?.at(-1) ?? null);
    const tab = () => route.query.tab ?? "credit";
    const ofOne = () => ["credit", "invoices"].includes(tab());
    return () => {
      const common = { organization: chosen.value, organizations, plans };
      if (route.id) return html`<${Allowed} permission="billing:read"><${Invoice} key=${route.id} number=${route.id} organizations=${organizations.data ?? []} /><//>`;
      return html`<${Allowed} permission="billing:read">
        <div class="tabs-and"><${Tabs} label=${t("nav.billing")} value=${tab()} onPick=${(id) => setQuery({ tab: id === "credit" ? null : id, sort: null, q: null })} options=${["credit", "invoices", "plans", "codes"].map((id) => [id, t("billing.tab." + id)])} />
          ${ofOne() && chosen.value && html`<label class="of-whom"><span class="muted">${t("billing.organization")}</span><select class="plain" value=${chosen.value.id} onChange=${(event) => setQuery({ organization: event.target.value })}>${organizations.data.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === chosen.value.id}>${one.name}</option>`)}</select></label>`}</div>
        ${ofOne() && organizations.data && !chosen.value ? html`<section class="card"><${Empty} icon="building-2" title=${t("billing.no_organization")} text=${t("billing.no_organization.why")}><a class="btn primary" href="/teams">${t("nav.teams")}</a><//></section>`
        : tab() === "plans" ? html`<${Plans} ...${common} />` : tab() === "codes" ? html`<${Codes} ...${common} />`
        : tab() === "invoices" ? chosen.value && html`<${Invoices} key=${chosen.value.id} ...${common} />` : chosen.value && html`<${Credit} key=${chosen.value.id} ...${common} />`}
      <//>`;
    };
  },
};
