// Where a request's time went, and what was tried.
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { Status } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** Colours of stages; the rest have that of the gateway. @type {Record<string, string>} */
const COLORS = { queue: "--c3", provider: "--c1", stream: "--c2", answer: "--c2", attempt: "--c6" };
const stageName = (/** @type {string} */ name) => has("requests.stage." + name) ? t("requests.stage." + name) : name.replaceAll("_", " ");

/** Lines on one axis of time: the stages of the attempt that counts, and before them attempts that failed. */
export const Waterfall = ({ detail }) => {
  const all = Math.max(detail.request.latency_ms, 0.001);
  const failed = detail.attempts.filter((one) => !one.final && one.started_ms != null).map((one) => ({ id: "a" + one.attempt, name: t("requests.trace.attempt", { n: one.attempt, deployment: one.deployment ?? "" }), start_ms: one.started_ms, duration_ms: one.latency_ms ?? 0, color: "--bad" }));
  const stages = detail.stages.map((one) => ({ ...one, id: one.name, name: stageName(one.name), color: COLORS[one.name] ?? "--c6" }));
  const lines = [...failed, ...stages].sort((a, b) => a.start_ms - b.start_ms);
  return html`<ul class="wf" aria-label=${t("requests.trace")}>${lines.map((one) => html`
    <li key=${one.id}><span title=${one.name}>${one.name}</span><span class="lane" aria-hidden="true"><i style=${{ left: Math.min(99.4, (one.start_ms / all) * 100) + "%", width: Math.max(0.6, Math.min(100, (one.duration_ms / all) * 100)) + "%", background: `var(${one.color})` }}></i></span><span class="num" title=${t("requests.trace.from", { ms: f.ms(one.start_ms) })}>${f.ms(one.duration_ms)}</span></li>`)}</ul>`;
};
Waterfall.props = ["detail"];

/** A table of what was asked of providers. */
export const Attempts = ({ detail }) => detail.attempts.length === 0 ? html`<p class="muted">${t("requests.attempts.none")}</p>` : html`
  <div class="scroll" tabindex="0" role="group" aria-label=${t("requests.attempts")}><table class="small"><thead><tr>${["n", "deployment", "started", "ttft", "latency", "status", "tokens", "cost"].map((id) => html`<th key=${id} scope="col" class=${["started", "ttft", "latency", "tokens", "cost"].includes(id) ? "num" : ""}><span>${t("requests.attempt." + id)}</span></th>`)}</tr></thead>
    <tbody>${detail.attempts.map((one) => html`<tr key=${one.attempt}><td>${one.attempt}</td><td>${one.deployment ?? "–"}</td><td class="num">${f.ms(one.started_ms)}</td><td class="num">${f.ms(one.ttft_ms)}</td><td class="num">${f.ms(one.latency_ms)}</td>
      <td><${Status} tone=${one.outcome === "ok" ? "ok" : "bad"} text=${one.outcome === "ok" ? t("requests.outcome.ok") : has("requests.why." + one.error) ? t("requests.why." + one.error) : one.error ?? t("requests.outcome." + one.outcome)} code=${one.status} /></td>
      <td class="num">${f.num(one.input_tokens)} → ${f.num(one.output_tokens)}</td><td class="num">${one.cost_nano == null ? "–" : f.nano(one.cost_nano)}</td></tr>`)}</tbody></table></div>`;
Attempts.props = ["detail"];
