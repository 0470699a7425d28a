// Exchange rates for invoices, and rules by which tenants are charged other prices than providers ask.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { whole } from "../../lib/api.js";
import { Editor, remove } from "../../lib/editor.js";
import { Act, ListCard } from "../../lib/list.js";
import { useResource } from "../../lib/resource.js";
import { can } from "../../lib/session.js";
import { Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

export const Prices = {
  setup() {
    const rates = useResource(() => ["/exchange-rates"], { ask: whole }), rules = useResource(() => ["/price-rules"], { ask: whole });
    const tenants = ["/organizations", "/teams", "/projects"].map((path) => useResource(() => can("tenants:read") ? [path] : null, { ask: whole }));
    const scopes = computed(() => ["organization", "team", "project"].flatMap((kind, i) => (tenants[i].data ?? []).map((one) => /** @type {[string, string]} */ ([`${kind}:${one.id}`, one.name]))));
    const scopeName = (scope) => scope === "gateway" ? t("settings.everything") : scopes.value.find(([id]) => id === scope)?.[1] ?? scope;
    const edited = ref(/** @type {{kind: "rate" | "rule", of: any} | null} */ (null));
    const acts = (path, kind, row, name, list) => can("billing:write") && html`<span class="row"><${Act} icon="pencil" label=${`${t("edit")}: ${name}`} onClick=${() => (edited.value = { kind, of: row })} /><${Act} icon="trash-2" label=${`${t("remove")}: ${name}`} onClick=${() => remove(path, { ...row, name }, t("settings.remove." + kind), list.reload)} /></span>`;
    const rateColumns = computed(() => [
      { id: "currency", label: t("settings.currency"), width: 120, sort: (one) => one.currency, cell: (one) => html`<b class="model">${one.currency}</b>` },
      { id: "date", label: t("settings.day"), width: 160, sort: (one) => one.date, cell: (one) => f.fullDate(one.date) },
      { id: "rate", label: t("settings.rate"), num: true, width: 160, sort: (one) => Number(one.rate), csv: (one) => one.rate, cell: (one) => f.num(Number(one.rate), 4) },
      { id: "source", label: t("settings.source"), sort: (one) => one.source, cell: (one) => one.source || html`<span class="muted">–</span>` },
      { id: "act", label: "", width: 100, cell: (one) => acts("/exchange-rates", "rate", one, `${one.currency} ${f.fullDate(one.date)}`, rates) },
    ]);
    const ruleColumns = computed(() => [
      { id: "scope", label: t("settings.for"), sort: (one) => scopeName(one.scope), csv: (one) => one.scope, cell: (one) => html`<b class="model">${scopeName(one.scope)}</b>` },
      { id: "models", label: t("settings.models"), csv: (one) => one.models.join("; "), cell: (one) => one.models.join(", ") || t("all") },
      { id: "multiplier", label: t("settings.multiplier"), num: true, width: 130, sort: (one) => Number(one.multiplier), csv: (one) => one.multiplier, cell: (one) => `× ${f.num(Number(one.multiplier), 3)}` },
      { id: "per_request_usd", label: t("settings.per_request"), num: true, width: 150, sort: (one) => Number(one.per_request_usd), csv: (one) => one.per_request_usd, cell: (one) => f.usd(one.per_request_usd) },
      { id: "act", label: "", width: 100, cell: (one) => acts("/price-rules", "rule", one, scopeName(one.scope), rules) },
    ]);
    const rateFields = [{ name: "currency", label: t("settings.currency"), placeholder: "CNY", fixed: true, required: true }, { name: "date", label: t("settings.day"), type: "day", fixed: true, required: true }, { name: "rate", label: t("settings.rate"), hint: t("settings.rate.hint"), type: "money", required: true }, { name: "source", label: t("settings.source"), placeholder: "ECB" }];
    const ruleFields = computed(() => [{ name: "scope", label: t("settings.for"), type: "select", fixed: true, required: true, whole: true, options: [["gateway", t("settings.everything")], ...scopes.value] }, { name: "models", label: t("settings.models"), type: "list", hint: t("settings.models.hint"), whole: true }, { name: "multiplier", label: t("settings.multiplier"), hint: t("settings.multiplier.hint"), type: "money" }, { name: "per_request_usd", label: t("settings.per_request"), type: "money", suffix: "USD" }]);
    const isRate = computed(() => edited.value?.kind === "rate");
    const adder = (kind) => can("billing:write") && html`<button class="btn primary" type="button" onClick=${() => (edited.value = { kind, of: null })}><${Icon} name="plus" size="15" />${t("settings.new." + kind)}</button>`;
    return () => html`<div class="stack">
      <${ListCard} title=${t("settings.rates")} hint=${t("settings.rates.hint")} resource=${rates} rows=${rates.data} columns=${rateColumns.value} file="exchange-rates" order="-date" param="rates">${{ actions: () => adder("rate"), empty: () => html`<${Empty} icon="banknote" title=${t("settings.no_rates")} text=${t("settings.rates.hint")} />` }}<//>
      <${ListCard} title=${t("settings.rules")} hint=${t("settings.rules.hint")} resource=${rules} rows=${rules.data} columns=${ruleColumns.value} file="price-rules" order="scope" param="rules">${{ actions: () => adder("rule"), empty: () => html`<${Empty} icon="percent" title=${t("settings.no_rules")} text=${t("settings.rules.hint")} />` }}<//>
      <${Editor} open=${Boolean(edited.value)} title=${edited.value ? edited.value.of ? t("edit") : t("settings.new." + edited.value.kind) : ""} path=${isRate.value ? "/exchange-rates" : "/price-rules"} of=${edited.value?.of} fields=${isRate.value ? rateFields : ruleFields.value}
        defaults=${isRate.value ? { date: new Date().toISOString().slice(0, 10) } : { scope: "gateway", multiplier: "1" }} onClose=${() => (edited.value = null)} onSaved=${() => (rates.reload(), rules.reload())} />
    </div>`;
  },
};
