// A decision in full: what was asked for, by what it was chosen, who was considered, who was left out, what was tried.
import { html } from "../../lib/html.js";
import { addWords, has, t } from "../../lib/i18n.js";
import en from "../../i18n/en/decision.js";
import zh from "../../i18n/zh/decision.js";
import { Badge, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { whyText } from "./why.js";

// Several pages show decisions; the words come with the part.
addWords(en, zh);

/**
 * Scores of candidates as parts of the best: as ratios where all have one sign, so that what is near looks near.
 * @param {any[]} candidates
 */
function parts(candidates) {
  const told = candidates.map((one) => one.score).filter((score) => typeof score === "number"), most = Math.max(...told), least = Math.min(...told);
  return candidates.map((one, i) => {
    if (typeof one.score !== "number" || !told.length) return 1 / (i + 1);
    if (most === least) return 1;
    return Math.max(0.03, most < 0 ? most / one.score : least > 0 ? one.score / most : (one.score - least) / (most - least));
  });
}

/** The first few candidates as small bars. */
export const Candidates = ({ list, most = 3 }) => {
  const shown = (list ?? []).slice(0, most), sizes = parts(shown);
  if (!shown.length) return html`<span class="muted">–</span>`;
  return html`<span class="cands" role="img" aria-label=${shown.map((one, i) => `${one.rank ?? i + 1}. ${one.id}${typeof one.score === "number" ? ` (${f.num(one.score, 2)})` : ""}`).join(", ")}>
    ${shown.map((one, i) => html`<span key=${one.id} class=${one.state && one.state !== "available" ? "off" : ""} title=${`${one.id} · ${whyText(one.why)}`}><i style=${{ width: sizes[i] * 100 + "%" }}></i></span>`)}</span>`;
};
Candidates.props = ["list", "most"];

/** @param {number} score */
const scoreText = (score) => f.num(score, Math.abs(score) < 10 && !Number.isInteger(score) ? 2 : 0);
/** @param {string} kind @param {string} word */
const known = (kind, word) => has(`decision.${kind}.${word}`) ? t(`decision.${kind}.${word}`) : word;

/** Those that were considered, and those that were left out. Props: decision, chosen (the deployment that answered). */
export const Considered = ({ decision, chosen }) => {
  const candidates = decision.candidates ?? [], rejected = decision.rejected ?? [], sizes = parts(candidates), more = (decision.more_candidates ?? 0) + (decision.more_rejected ?? 0);
  return html`
    <ul class="cand-l">${candidates.map((one, i) => html`
      <li key=${one.id} class=${one.id === chosen ? "on" : ""}><span class="rank">${one.rank ?? i + 1}</span><div><b>${one.id}</b>${one.id === chosen && html` <${Badge} tone="info" text=${t("decision.chosen")} />`}${one.state && html` <${Badge} tone="warn" text=${known("state", one.state)} />`}<p class="muted">${whyText(one.why)}</p></div>
        <span class="score"><span title=${t("decision.score.hint")}>${typeof one.score === "number" ? scoreText(one.score) : "–"}</span><span class="track" aria-hidden="true"><i style=${{ width: sizes[i] * 100 + "%" }}></i></span>${one.nano_usd != null && html`<small class="muted" title=${t("decision.cost")}>${f.nano(one.nano_usd)}</small>`}</span></li>`)}
    ${rejected.map((one, k) => html`
      <li key=${"x" + one.id + k} class="out"><span class="rank"><${Icon} name="x" size="12" label=${t("decision.rejected")} /></span><div><b>${one.id}</b> <${Badge} text=${known("filter", one.filter)} /><p class="muted">${one.reason}</p></div></li>`)}</ul>
    ${more > 0 && html`<p class="muted">${t("decision.more", { n: f.num(more) })}</p>`}`;
};
Considered.props = ["decision", "chosen"];

/** The kinds of fields that a decision has, in the order of their reading. */
const FACTS = ["requested", "name", "objective", "route", "rule", "strategy", "tier", "experiment"];

/** Props: decision, as `GET /requests/{id}` and dry runs have it. */
export const DecisionView = ({ decision }) => {
  const { baseline } = decision;
  return html`
    <dl class="kv two">${FACTS.filter((name) => decision[name]).map((name) => html`<div key=${name}><dt>${t("decision.fact." + name)}</dt><dd class=${name === "rule" ? "mono" : ""}>${decision[name]}</dd></div>`)}
      ${baseline && html`<div><dt>${t("decision.baseline." + baseline.of)}</dt><dd>${baseline.id} · ${f.nano(baseline.nano_usd)}</dd></div>`}</dl>
    ${decision.tier_reasons?.length > 0 && html`<ul class="why-l">${decision.tier_reasons.map((reason) => html`<li key=${reason}>${reason}</li>`)}</ul>`}
    ${decision.degraded && html`<p class="own"><${Badge} tone="warn" text=${t("decision.degraded")} />${t("decision.degraded.why")}</p>`}
    <h3>${t("decision.candidates")}</h3>
    <${Considered} decision=${decision} />
    ${decision.attempts?.length > 0 && html`<h3>${t("decision.attempts")}</h3><ul class="why-l">${decision.attempts.map((one, i) => html`<li key=${i}><b>${one.deployment}</b> ${t("decision.try." + one.kind)} · ${one.outcome} · ${f.ms(one.duration_us / 1000)}</li>`)}</ul>`}`;
};
DecisionView.props = ["decision"];
