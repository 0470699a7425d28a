// Plans that organizations can be on.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Editor, remove } from "../../lib/editor.js";
import { Act, ListCard } from "../../lib/list.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

const LIMITS = ["monthly_tokens", "keys", "projects", "users", "requests_per_minute", "tokens_per_minute"];

export const Plans = {
  props: ["organization", "organizations", "plans"],
  setup(p) {
    const edited = ref(/** @type {any} */ (null));
    const fields = computed(() => [
      { name: "name", label: t("billing.name"), required: true, whole: true },
      { name: "price_usd", label: t("billing.price"), type: "money", suffix: "USD" }, { name: "included_credit_usd", label: t("billing.included"), type: "money", suffix: "USD" },
      ...LIMITS.map((name) => ({ name, label: t("billing.limit." + name), type: "number", hint: t("billing.limit.none") })),
      { name: "overage", label: t("billing.overage"), type: "select", options: ["block", "charge"].map((id) => [id, t("billing.overage." + id)]), hint: t("billing.overage.hint") },
      { name: "features", label: t("billing.features"), type: "custom", render: (entry) => html`<div class="check"><input id="field-features" type="checkbox" checked=${entry.features?.includes("savings_reports")} onChange=${(event) => (entry.features = event.target.checked ? ["savings_reports"] : [])} /><label for="field-features">${t("billing.feature.savings_reports")}</label></div>` },
    ]);
    const on = (plan) => (p.organizations.data ?? []).filter((one) => one.plan === plan.id).length;
    const limit = (name) => ({ id: name, label: t("billing.limit." + name), num: true, sort: (plan) => plan[name] ?? Infinity, csv: (plan) => plan[name] ?? "", cell: (plan) => plan[name] === null ? "∞" : f.compact(plan[name]) });
    const columns = computed(() => [
      { id: "name", label: t("billing.name"), sort: (plan) => plan.name, cell: (plan) => html`<b class="model">${plan.name}</b>` },
      { id: "price_usd", label: t("billing.price"), num: true, sort: (plan) => Number(plan.price_usd), csv: (plan) => plan.price_usd, cell: (plan) => f.usd(plan.price_usd, 2) },
      { id: "included_credit_usd", label: t("billing.included"), num: true, sort: (plan) => Number(plan.included_credit_usd), csv: (plan) => plan.included_credit_usd, cell: (plan) => f.usd(plan.included_credit_usd, 2) },
      ...LIMITS.slice(0, 4).map(limit),
      { id: "overage", label: t("billing.overage"), sort: (plan) => plan.overage, cell: (plan) => t("billing.overage." + plan.overage) },
      { id: "organizations", label: t("billing.on_it"), num: true, width: 120, sort: on, cell: (plan) => f.num(on(plan)) },
      { id: "act", label: "", width: 100, cell: (plan) => can("billing:write") && html`<span class="row"><${Act} icon="pencil" label=${`${t("edit")}: ${plan.name}`} onClick=${() => (edited.value = plan)} /><${Act} icon="trash-2" label=${`${t("remove")}: ${plan.name}`} onClick=${() => remove("/plans", plan, t("billing.remove.plan"), p.plans.reload)} /></span>` },
    ]);
    const add = () => setQuery({ new: "plan" });
    const close = () => {
      edited.value = null;
      setQuery({ new: null }, { replace: true });
    };
    return () => html`
      <${ListCard} title=${t("billing.tab.plans")} hint=${t("billing.plans.hint")} resource=${p.plans} rows=${p.plans.data} columns=${columns.value} file="plans" order="price_usd">${{
        actions: () => can("billing:write") && html`<button class="btn primary" type="button" onClick=${add}><${Icon} name="plus" size="15" />${t("billing.new.plan")}</button>`,
        empty: () => html`<${Empty} icon="package" title=${t("billing.no_plans")} text=${t("billing.no_plans.why")}>${can("billing:write") && html`<button class="btn primary" type="button" onClick=${add}>${t("billing.new.plan")}</button>`}<//>`,
      }}<//>
      <${Editor} open=${Boolean(edited.value) || route.query.new === "plan"} title=${edited.value ? `${t("edit")}: ${edited.value.name}` : t("billing.new.plan")} path="/plans" of=${edited.value} defaults=${{ overage: "block", features: [] }} fields=${fields.value} wide=${true} onClose=${close} onSaved=${p.plans.reload} />`;
  },
};
