// Why a request went where it went: the rule, each candidate with its score, and those that were left out.
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { Considered } from "../routing/decision.js";
import * as f from "../../lib/format.js";

/** Digits behind the point that amounts are booked with: lines are to add up as they stand. */
const NANOS = 9;

/** The choice in a sentence. @param {any} detail */
function sentence({ request, decision }) {
  if (!decision) return t(request.attempts === 0 ? "requests.why_model.refused" : "requests.why_model.plain", { model: request.model ?? request.asked });
  const first = decision.candidates?.[0];
  return [
    t("requests.why_model.asked", { asked: decision.requested }), decision.route && t("requests.why_model.route", { route: decision.route }), decision.rule && t("requests.why_model.rule", { rule: decision.rule }),
    decision.strategy && t("requests.why_model.strategy", { strategy: decision.strategy }), decision.tier && t("requests.why_model.tier", { tier: decision.tier, reasons: (decision.tier_reasons ?? []).join(", ") || "–" }),
    first && t("requests.why_model.first", { id: first.id, n: decision.candidates.length }), decision.experiment && t("requests.why_model.experiment", { arm: decision.experiment }), decision.degraded && t("requests.why_model.degraded"),
  ].filter(Boolean).join(t("requests.why_model.join"));
}

export const Decision = ({ detail }) => {
  const { decision, request } = detail;
  return html`
    <p class="why">${sentence(detail)}</p>
    ${decision && html`<${Considered} decision=${decision} chosen=${request.deployment} />
      ${decision.baseline && html`<p class="muted">${t("requests.baseline", { id: decision.baseline.id, cost: f.nano(decision.baseline.nano_usd, NANOS), of: has("requests.baseline." + decision.baseline.of) ? t("requests.baseline." + decision.baseline.of) : decision.baseline.of })}</p>`}`}`;
};
Decision.props = ["detail"];

/** How the cost comes about, line by line. */
export const Cost = ({ detail }) => detail.cost.length === 0 ? html`<p class="muted">${t("requests.cost.none")}</p>` : html`
  <div class="scroll" tabindex="0" role="group" aria-label=${t("requests.cost")}><table class="small"><thead><tr><th scope="col"><span>${t("requests.cost.kind")}</span></th><th scope="col" class="num"><span>${t("requests.cost.units")}</span></th><th scope="col" class="num"><span>${t("requests.cost.price")}</span></th><th scope="col" class="num"><span>${t("requests.cost.amount")}</span></th></tr></thead>
    <tbody>${detail.cost.map((one, k) => html`<tr key=${k}><td>${has("requests.unit." + one.kind) ? t("requests.unit." + one.kind) : one.kind.replaceAll("_", " ")}${detail.attempts.length > 1 && one.attempt > 0 && html` <span class="muted">${t("requests.cost.attempt", { n: one.attempt })}</span>`}</td><td class="num">${one.units == null ? "–" : f.num(one.units)}</td><td class="num">${one.price == null ? "–" : f.usd(one.price)}</td><td class="num">${one.amount_nano == null ? "–" : f.nano(one.amount_nano, NANOS)}</td></tr>`)}</tbody>
    <tfoot><tr><th scope="row" colspan="3"><span>${t("total")}</span></th><td class="num"><b>${f.nano(detail.request.cost_nano, NANOS)}</b></td></tr></tfoot></table></div>
  ${Number(detail.request.saved_nano) !== 0 && html`<p class="muted">${t(Number(detail.request.saved_nano) > 0 ? "requests.cost.saved" : "requests.cost.dearer", { amount: f.usd(Math.abs(Number(detail.request.saved_nano)) / 1e9, NANOS) })}</p>`}`;
Cost.props = ["detail"];
