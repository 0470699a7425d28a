// An organization's credit: what there is, the transfers that made it, its subscription, what was saved.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Editor } from "../../lib/editor.js";
import { ListCard } from "../../lib/list.js";
import { usePages } from "../../lib/pages.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Empty, Hint, Icon, Segmented } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { Prompts } from "./prompts.js";
import { Savings } from "./savings.js";
import { Subscription } from "./subscription.js";

export const Credit = {
  props: ["organization", "organizations", "plans"],
  setup(p) {
    const path = `/organizations/${encodeURIComponent(p.organization.id)}`;
    const account = computed(() => route.query.account ?? "credit");
    const credit = usePages(() => [path + "/credit", { account: account.value, limit: 200 }], { every: 15, id: (one) => one.sequence });
    const pick = (id) => setQuery({ account: id === "credit" ? null : id });
    const doing = computed(() => route.query.do ?? "");
    const close = () => setQuery({ do: null }, { replace: true });
    const changed = () => (credit.reload(), p.organizations.reload());
    const own = (one) => one.postings.filter((posting) => posting.account === `${account.value}:${p.organization.id}`).reduce((sum, posting) => sum + Number(posting.amount_usd), 0);
    const columns = computed(() => [
      { id: "created_at", label: t("billing.when"), width: 190, csv: (one) => one.created_at, cell: (one) => f.full(one.created_at) },
      { id: "kind", label: t("billing.kind"), width: 150, csv: (one) => one.kind, cell: (one) => html`<${Badge} text=${t("billing.transfer." + one.kind)} />` },
      { id: "amount_usd", label: t("billing.amount"), num: true, width: 150, csv: own, cell: (one) => html`<b class=${own(one) > 0 ? "plus" : ""}>${own(one) > 0 ? "+" : ""}${f.usd(own(one))}</b>` },
      { id: "memo", label: t("billing.memo"), csv: (one) => one.memo, cell: (one) => one.memo || html`<span class="muted">–</span>` },
      { id: "reference", label: t("billing.reference"), csv: (one) => one.reference, cell: (one) => html`<span class="mono dim">${one.reference}</span>` },
      { id: "postings", label: t("billing.postings"), csv: (one) => one.postings.map((posting) => `${posting.account} ${posting.amount_usd}`).join("; "), title: (one) => one.postings.map((posting) => `${posting.account}  ${f.usd(posting.amount_usd)}`).join("\n"), cell: (one) => one.postings.map((posting) => posting.account.split(":")[0]).join(" ← ") },
      { id: "sequence", label: t("billing.sequence"), num: true, width: 80, csv: (one) => one.sequence, title: (one) => one.hash, cell: (one) => f.num(one.sequence) },
    ]);
    const amount = { name: "amount_usd", label: t("billing.amount"), type: "money", suffix: "USD", required: true };
    const forms = computed(() => ({
      "top-up": { title: t("billing.top_up"), note: t("billing.top_up.why"), path: path + "/credit/top-ups", fields: [amount, { name: "reference", label: t("billing.reference"), hint: t("billing.reference.hint") }, { name: "reason", label: t("billing.reason"), required: true, whole: true }] },
      adjust: { title: t("billing.adjust"), note: t("billing.adjust.why"), path: path + "/credit/adjustments", fields: [amount, { name: "reference", label: t("billing.reference"), hint: t("billing.reference.hint") }, { name: "reason", label: t("billing.reason"), required: true, whole: true }] },
      redeem: { title: t("billing.redeem"), note: t("billing.redeem.why"), path: path + "/redeem", fields: [{ name: "code", label: t("billing.code"), placeholder: "SIRA-XXXX-XXXX-XXXX-XXXX", required: true, whole: true }] },
      pay: { title: t("billing.pay"), note: t("billing.pay.why"), path: path + "/checkout", fields: [amount] },
    })[doing.value]);
    const figure = (id, value, tone = "") => html`<article class="card kpi plain"><h2>${t("billing." + id)}<${Hint} label=${t("billing." + id)} text=${t(`billing.${id}.hint`)} /></h2><div class=${"v " + tone}>${f.usd(value, 2)}</div></article>`;
    return () => html`
      <div class="stack">
        <${Prompts} organization=${p.organization} plans=${p.plans.data ?? []} />
        <${Card} resource=${credit} flush=${true} class="bare" tall=${92}><div class="kpis four">
          ${credit.data && html`${figure("credit", credit.data.credit_usd)}${figure("included", credit.data.included_usd)}${figure("owed", credit.data.owed_usd, Number(credit.data.owed_usd) > 0 ? "warn-t" : "")}
            <article class="card kpi plain"><h2>${t("billing.mode")}<${Hint} label=${t("billing.mode")} text=${t("billing.mode.hint")} /></h2><div class="v word">${t(credit.data.prepaid ? "billing.prepaid" : "billing.invoiced")}</div></article>`}</div><//>
        <div class="cols-2"><${Subscription} organization=${p.organization} plans=${p.plans.data ?? []} onChanged=${changed} /><${Savings} organization=${p.organization} /></div>
        <${ListCard} title=${t("billing.transfers")} hint=${t("billing.transfers.hint")} resource=${credit.fresh ? credit : { data: null, error: credit.error, loading: true, reload: credit.reload }} rows=${credit.rows} columns=${columns.value} file=${`transfers-${account.value}`} onEnd=${credit.more}>${{
          actions: () => html`<${Segmented} label=${t("billing.account")} value=${account.value} onPick=${pick} options=${["credit", "included", "receivable"].map((id) => [id, t("billing.account." + id)])} />
            ${can("billing:write") && html`${[["redeem", "tag"], ["pay", "credit-card"], ["adjust", "pencil"], ["top-up", "plus"]].map(([id, icon]) => html`<button key=${id} class=${"btn" + (id === "top-up" ? " primary" : "")} type="button" onClick=${() => setQuery({ do: id })}><${Icon} name=${icon} size="15" />${t("billing.do." + id)}</button>`)}`}`,
          empty: () => html`<${Empty} icon="coins" title=${t("billing.no_transfers")} text=${t("billing.no_transfers.why")} />`,
        }}<//>
      </div>
      ${forms.value && html`<${Editor} open=${true} title=${forms.value.title} note=${forms.value.note} path=${forms.value.path} fields=${forms.value.fields} action=${forms.value.title} done="" onClose=${close} onSaved=${(answer) => (answer.url ? location.assign(answer.url) : (toast(t("billing.booked")), changed()))} />`}`;
  },
};
