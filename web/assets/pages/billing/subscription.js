// How an organization's plan and its subscription at Stripe stand.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { confirm } from "../../lib/dialog.js";
import { Editor } from "../../lib/editor.js";
import { useResource } from "../../lib/resource.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Empty } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

export const Subscription = {
  props: ["organization", "plans", "onChanged"],
  setup(p) {
    const path = `/organizations/${encodeURIComponent(p.organization.id)}`;
    const state = useResource(() => [path + "/subscription"], { ask: (where) => api("GET", where).catch((error) => {
      // That there is none is an answer too.
      if (error.status === 404) return { none: true };
      throw error;
    }) });
    const picking = ref(/** @type {"" | "plan" | "subscribe"} */ (""));
    const plan = computed(() => p.plans.find((one) => one.id === p.organization.plan));
    const options = computed(() => p.plans.map((one) => [one.id, `${one.name} – ${f.usd(one.price_usd, 2)}`]));
    const cancel = () => confirm({
      title: t("billing.cancel"), text: t("billing.cancel.text", { time: f.fullDate(state.data.period_end) }), action: t("billing.cancel"), reason: true,
      run: async (reason) => {
        await api("DELETE", path + "/subscription", { reason });
        toast(t("saved"));
        state.reload();
      },
    });
    const limits = (of) => /** @type {[string, (value: any) => string][]} */ ([["monthly_tokens", f.compact], ["keys", f.num], ["projects", f.num], ["users", f.num], ["requests_per_minute", f.num], ["tokens_per_minute", f.compact]]).filter(([name]) => of[name] !== null);
    return () => html`
      <${Card} title=${t("billing.plan")} hint=${t("billing.plan.hint")} resource=${state} tall=${120}>${{
        actions: () => can("billing:write") && html`<button class="btn sm" type="button" onClick=${() => (picking.value = "plan")}>${t("billing.plan.change")}</button>${state.data && (state.data.none || state.data.status === "ended") && p.plans.length > 0 && html`<button class="btn sm" type="button" onClick=${() => (picking.value = "subscribe")}>${t("billing.subscribe")}</button>`}${state.data?.status === "active" && !state.data.ends_with_period && html`<button class="btn sm" type="button" onClick=${cancel}>${t("billing.cancel")}</button>`}`,
        default: () => html`${plan.value ? html`<p class="big-v">${plan.value.name} <small class="muted">${t("billing.per_month", { price: f.usd(plan.value.price_usd, 2) })}</small></p>
            <ul class="plain-list">${limits(plan.value).map(([name, format]) => html`<li key=${name}><span>${t("billing.limit." + name)}</span><span></span><b class="num">${format(plan.value[name])}</b></li>`)}</ul>`
          : html`<${Empty} icon="package" title=${t("billing.no_plan")} text=${t("billing.no_plan.why")} />`}
          ${state.data && !state.data.none && html`<p class="foot-links"><${Badge} tone=${{ active: "good", past_due: "bad" }[state.data.status] ?? ""} text=${t("billing.status." + state.data.status)} /> ${state.data.period_end && t(state.data.ends_with_period ? "billing.ends" : "billing.renews", { time: f.fullDate(state.data.period_end) })}</p>`}`,
      }}<//>
      <${Editor} open=${picking.value === "plan"} title=${t("billing.plan.change")} note=${t("billing.plan.prorated")} path="/organizations" of=${p.organization} fields=${[{ name: "plan", label: t("billing.plan"), type: "select", options: [["", t("none")], ...options.value], whole: true }, { name: "prepaid", label: t("billing.prepaid"), hint: t("billing.mode.hint"), type: "check", whole: true }]} onClose=${() => (picking.value = "")} onSaved=${() => p.onChanged()} />
      <${Editor} open=${picking.value === "subscribe"} title=${t("billing.subscribe")} note=${t("billing.pay.why")} path=${path + "/checkout"} fields=${[{ name: "plan", label: t("billing.plan"), type: "select", options: options.value, required: true, whole: true }]} defaults=${{ plan: p.plans[0]?.id }} action=${t("billing.subscribe")} done="" onClose=${() => (picking.value = "")} onSaved=${(answer) => location.assign(answer.url)} />`;
  },
};
