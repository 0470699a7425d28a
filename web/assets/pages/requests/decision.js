// Why a request went where it went: the rule, each candidate with its score, and those that were left out.
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { Badge, Icon } from "../../lib/ui.js";
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

/** How near a score comes to the best one. Scores are amounts with a minus where less is better, such as a cost. @param {number | undefined} score @param {number} best */
const nearness = (score, best) => score == null || !Number.isFinite(best) ? 0 : score === best ? 1 : best <= 0 ? best / score : Math.max(0, score / best);
/** @param {number} score */
const scoreText = (score) => f.num(score, Math.abs(score) < 10 && !Number.isInteger(score) ? 2 : 0);

export const Decision = ({ detail }) => {
  const { decision, request } = detail, best = Math.max(...(decision?.candidates ?? []).map((one) => one.score ?? -Infinity));
  return html`
    <p class="why">${sentence(detail)}</p>
    ${decision && html`
      <ul class="cands">${(decision.candidates ?? []).map((one) => html`
        <li key=${one.id} class=${one.id === request.deployment ? "on" : ""}><span class="rank">${one.rank}</span><div><b>${one.id}</b>${one.id === request.deployment && html` <${Badge} tone="info" text=${t("requests.candidate.chosen")} />`}${one.state && html` <${Badge} tone="warn" text=${has("requests.candidate." + one.state) ? t("requests.candidate." + one.state) : one.state} />`}<p class="muted">${one.why}</p></div>
          <span class="score" title=${t("requests.candidate.score")}>${one.score == null ? "–" : scoreText(one.score)}<span class="track" aria-hidden="true"><i style=${{ width: nearness(one.score, best) * 100 + "%" }}></i></span></span><span class="num" title=${t("requests.candidate.cost")}>${one.nano_usd == null ? "–" : f.nano(one.nano_usd, NANOS)}</span></li>`)}
      ${(decision.rejected ?? []).map((one, k) => html`
        <li key=${"x" + one.id + k} class="out"><span class="rank"><${Icon} name="x" size="12" label=${t("requests.candidate.out")} /></span><div><b>${one.id}</b> <${Badge} text=${has("requests.filter." + one.filter) ? t("requests.filter." + one.filter) : one.filter} /><p class="muted">${one.reason}</p></div></li>`)}</ul>
      ${(decision.more_candidates > 0 || decision.more_rejected > 0) && html`<p class="muted">${t("requests.candidate.more", { n: f.num((decision.more_candidates ?? 0) + (decision.more_rejected ?? 0)) })}</p>`}
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
