// One invoice, as it was issued; to be printed, or taken along.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { prefs } from "../../lib/prefs.js";
import { useResource } from "../../lib/resource.js";
import { Card, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

export const Invoice = {
  props: ["number", "organizations"],
  setup(p) {
    const path = `/invoices/${encodeURIComponent(p.number)}`, invoice = useResource(() => [path]);
    const party = (label, one) => html`<div><h3 class="muted">${t(label)}</h3><b>${one.name || "–"}</b>${one.lines.map((line) => html`<p key=${line}>${line}</p>`)}</div>`;
    const sum = (label, value, strong = false) => Number(value) !== 0 || strong ? html`<li class=${strong ? "total" : ""}><span>${label}</span><b class="num">${f.usd(value, strong ? 2 : undefined)}</b></li>` : null;
    const page = () => {
      const one = invoice.data, totals = one.totals;
      return html`
        <div class="parties">${party("billing.from", one.seller)}${party("billing.to", one.customer)}
          <dl><div><dt class="muted">${t("billing.month")}</dt><dd>${f.month(one.month + "-15T00:00:00Z")}</dd></div><div><dt class="muted">${t("billing.issued")}</dt><dd>${f.fullDate(one.issued_at)}</dd></div>${one.due_on && html`<div><dt class="muted">${t("billing.due")}</dt><dd>${one.due_on}</dd></div>`}</dl></div>
        ${one.usage.length > 0 && html`<div class="tbl-box" tabindex="0" role="group" aria-label=${t("billing.usage")}><table><thead><tr>${["project", "model", "requests", "input", "output", "charge"].map((id, i) => html`<th key=${id} scope="col" class=${i > 1 ? "num" : ""}><span>${t("billing.col." + id)}</span></th>`)}</tr></thead>
          <tbody>${one.usage.map((line) => html`<tr key=${line.project + line.model}><td>${line.project}</td><td>${line.model}</td><td class="num">${f.num(line.requests)}</td><td class="num">${f.num(line.input_tokens)}</td><td class="num">${f.num(line.output_tokens)}</td><td class="num">${f.usd(line.charge_usd)}</td></tr>`)}</tbody></table></div>`}
        <ul class="sums">${sum(t("billing.usage"), totals.usage_usd)}${one.late_usage.map((late) => sum(t("billing.late", { month: late.month }), late.charge_usd))}${one.fees.map((fee) => sum(fee.description, fee.amount_usd))}
          ${sum(t("billing.savings.fee.short"), totals.savings_usd)}${sum(t("billing.subtotal"), totals.subtotal_usd)}${Number(one.credit_applied_usd) !== 0 && sum(t("billing.from_credit"), -Number(one.credit_applied_usd))}
          ${one.tax && sum(`${one.tax.name} ${f.pct(one.tax.basis_points / 10_000)}`, totals.tax_usd)}${sum(t("billing.rounding"), totals.rounding_usd)}${sum(t("total"), totals.total_usd, true)}
          ${one.exchange && html`<li><span>${t("billing.exchange", { currency: one.exchange.currency, day: one.exchange.day, source: one.exchange.source })}</span><b class="num">${one.exchange.currency} ${one.exchange.total}</b></li>`}</ul>
        ${one.note && html`<p class="soft foot-links">${one.note}</p>`}`;
    };
    return () => html`
      <p class="noprint crumbs"><a href="/billing?tab=invoices"><${Icon} name="arrow-left" size="14" /> ${t("billing.tab.invoices")}</a></p>
      <${Card} resource=${invoice} title=${p.number} tall=${420} class="invoice">${{
        actions: () => html`<span class="row noprint"><a class="btn" target="_blank" rel="noopener" href=${`/api/v1${path}?format=html&language=${prefs.lang === "zh" ? "zh-CN" : "en"}`}><${Icon} name="external-link" size="15" />${t("billing.page")}</a><a class="btn" download href=${`/api/v1${path}?format=csv`}><${Icon} name="download" size="15" />CSV</a></span>`,
        default: page,
      }}<//>`;
  },
};
