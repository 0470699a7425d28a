// Invoices of an organization's months: listed, issued.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { whole } from "../../lib/api.js";
import { Editor } from "../../lib/editor.js";
import { ListCard } from "../../lib/list.js";
import { useResource } from "../../lib/resource.js";
import { go, route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { months } from "./savings.js";

export const Invoices = {
  props: ["organization", "organizations", "plans"],
  setup(p) {
    const path = `/organizations/${encodeURIComponent(p.organization.id)}/invoices`;
    const list = useResource(() => [path], { ask: whole });
    const columns = computed(() => [
      { id: "number", label: t("billing.number"), sort: (one) => one.number, cell: (one) => html`<b class="model">${one.number}</b>` },
      { id: "month", label: t("billing.month"), sort: (one) => one.month, cell: (one) => f.month(one.month + "-15T00:00:00Z") },
      { id: "issued_at", label: t("billing.issued"), sort: (one) => one.issued_at, cell: (one) => f.full(one.issued_at) },
      { id: "get", label: "", width: 130, cell: (one) => html`<span class="row"><a class="btn sm" download href=${`/api/v1/invoices/${one.number}?format=csv`}><${Icon} name="download" size="14" />CSV</a></span>` },
    ]);
    const fields = [
      { name: "month", label: t("billing.month"), type: "select", options: months().slice(1).map((one) => [one, f.month(one + "-15T00:00:00Z")]), required: true },
      { name: "tax_name", label: t("billing.tax_name"), placeholder: "VAT" },
      { name: "tax_basis_points", label: t("billing.tax_rate"), type: "number", scale: 0.01, suffix: "%" },
      { name: "savings_basis_points", label: t("billing.savings_rate"), type: "number", scale: 0.01, suffix: "%", hint: t("billing.savings_rate.hint") },
      { name: "note", label: t("billing.note"), type: "area" },
      { name: "early", label: t("billing.early"), hint: t("billing.early.hint"), type: "check", whole: true },
    ];
    const add = () => setQuery({ new: "invoice" });
    return () => html`
      <${ListCard} title=${t("billing.tab.invoices")} hint=${t("billing.invoices.hint")} resource=${list} rows=${list.data} columns=${columns.value} rowKey=${(one) => one.number} file="invoices" order="-number" onOpen=${(one) => go("/billing/" + one.number)}>${{
        actions: () => can("billing:write") && html`<button class="btn primary" type="button" onClick=${add}><${Icon} name="plus" size="15" />${t("billing.issue")}</button>`,
        empty: () => html`<${Empty} icon="receipt" title=${t("billing.no_invoices")} text=${t("billing.no_invoices.why")} />`,
      }}<//>
      <${Editor} open=${route.query.new === "invoice"} title=${t("billing.issue")} note=${t("billing.issue.why", { name: p.organization.name })} path=${path} fields=${fields} defaults=${{ month: months()[1] }} action=${t("billing.issue")} onClose=${() => setQuery({ new: null }, { replace: true })} onSaved=${(invoice) => { list.reload(); go("/billing/" + invoice.number); }} />`;
  },
};
