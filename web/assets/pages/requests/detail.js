// One request in full: facts, where its time went, why it went where it went, what it cost, what was thought of it.
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { apiAddress } from "../../lib/address.js";
import { copy } from "../../lib/copy.js";
import { useResource } from "../../lib/resource.js";
import { href, route, setQuery } from "../../lib/route.js";
import { Copy, Empty, Failed, Icon, Tabs } from "../../lib/ui.js";
import { learnNames, NAMED, Outcome, outcomeWords, projectName, stepWords, teamName, typeName, without } from "../../lib/requests.js";
import { Attempts, Waterfall } from "./trace.js";
import { Cost, Decision } from "./decision.js";
import * as f from "../../lib/format.js";

/** A value that leads to all requests that share it, or to those that do not. @param {string} name @param {string} value @param {string} [text] */
const filterable = (name, value, text = value) => html`<a href=${href("/requests", { [name]: value, peek: null })} title=${t("requests.filter_to", { value: text })}>${text}</a>${NAMED.includes(name) && html`<a class="icon-b sm x" href=${href("/requests", { q: [route.query.q, without(name, value)].filter(Boolean).join(" ") })} aria-label=${t("requests.exclude", { value: text })} title=${t("requests.exclude", { value: text })}><${Icon} name="ban" size="12" /></a>`}`;

/** Facts of a request, as label and content. @param {any} row @returns {[string, any][]} */
const facts = (row) => /** @type {[string, any][]} */ ([
  row.why && ["error", html`${outcomeWords(row)}<small class="mono">${row.status} ${row.why}</small>${has("requests.why_more." + row.why) && html`<small>${t("requests.why_more." + row.why)}</small>`}`],
  ["latency", f.ms(row.latency_ms)], ["ttft", f.ms(row.ttft_ms)], ["cost", row.cost_nano == null ? "–" : f.nano(row.cost_nano, 9)],
  ["tokens", html`${f.num(row.input_tokens)} → ${f.num(row.output_tokens)}${row.cached_tokens > 0 && html`<small>${t("requests.fact.cached", { n: f.num(row.cached_tokens) })}</small>`}${row.reasoning_tokens > 0 && html`<small>${t("requests.fact.reasoning", { n: f.num(row.reasoning_tokens) })}</small>`}`],
  ["overhead", html`${f.ms(row.overhead_ms)}${row.queue_ms > 0 && html`<small>${t("requests.fact.queue", { ms: f.ms(row.queue_ms) })}</small>`}`],
  ["type", `${typeName(row.type)}${row.stream ? " · " + t("requests.fact.stream") : ""}`],
  row.deployment && ["deployment", filterable("deployment", row.deployment)], row.model && ["model", filterable("model", row.model)], ["asked", filterable("requested_model", row.asked)],
  row.team && ["team", filterable("team", row.team, teamName(row.team))], row.project && ["project", filterable("project", row.project, projectName(row.project))],
  row.key && ["key", html`${filterable("key", row.key.id, row.key.name ?? row.key.id)}<a class="icon-b sm x" href=${href("/keys/" + row.key.id)} aria-label=${t("requests.key.open")} title=${t("requests.key.open")}><${Icon} name="arrow-up-right" size="12" /></a>`],
  row.user && ["user", filterable("user", row.user)], row.session && ["session", row.session],
  row.tags.length > 0 && ["tags", row.tags.map((tag) => html`<a key=${tag} class="kind" href=${href("/requests", { tag, peek: null })}>${tag}</a> `)],
].filter(Boolean));

const PATHS = { chat: "chat/completions", response: "responses", embedding: "embeddings", messages: "messages", completion: "completions", moderation: "moderations" };
/** A call like this one. What was asked is not kept, so its content is the reader's. @param {any} row */
function curl(row) {
  const path = PATHS[row.type] ?? "chat/completions";
  const content = ["embedding", "response", "moderation"].includes(row.type) ? { input: "…" } : row.type === "completion" ? { prompt: "…" } : { messages: [{ role: "user", content: "…" }], ...(row.type === "messages" ? { max_tokens: 1024 } : {}) };
  return `curl ${apiAddress()}/v1/${path} \\\n  -H "authorization: Bearer $SIRA_API_KEY" \\\n  -H "content-type: application/json" \\\n  -d '${JSON.stringify({ model: row.asked, ...content, ...(row.stream ? { stream: true } : {}) })}'`;
}

/** A part of the detail, with its heading. */
const Section = { props: ["title"], setup: (p, { slots }) => () => html`<section class="part"><h3>${p.title}</h3>${slots.default?.()}</section>` };

const Feedback = ({ list }) => list.length === 0 ? html`<p class="muted">${t("requests.feedback.none")}</p>` : html`<ul class="said">${list.map((one) => html`<li key=${one.id}><b class="num">${f.num(one.score, 2)}</b><span>${one.comment ?? t("requests.feedback.silent")}${one.tags?.length > 0 && one.tags.map((tag) => html` <span class="kind" key=${tag}>${tag}</span>`)}</span><span class="muted">${f.ago(one.created_at)}</span></li>`)}</ul>`;
Feedback.props = ["list"];

const Bodies = ({ bodies }) => !bodies?.kept
  ? html`<${Empty} icon="eye-off" title=${t("requests.bodies.off")} text=${t("requests.bodies.why")}><a class="btn" href="/settings?tab=configuration&q=retention">${t("requests.bodies.settings")}</a><//>`
  : html`${["request", "response"].map((side) => bodies[side] && html`<${Section} key=${side} title=${t("requests.bodies." + side)}><pre class="code" tabindex="0">${typeof bodies[side] === "string" ? bodies[side] : JSON.stringify(bodies[side], null, 2)}</pre><//>`)}`;
Bodies.props = ["bodies"];

const Details = ({ detail, full }) => {
  const attempts = () => html`<${Section} title=${t("requests.attempts")}><${Attempts} detail=${detail} /><//>`;
  const parts = [
    html`<dl class="kv facts">${facts(detail.request).map(([name, content]) => html`<div key=${name}><dt>${t("requests.fact." + name)}</dt><dd>${content}</dd></div>`)}</dl>
      <${Section} title=${t("requests.trace")}><${Waterfall} detail=${detail} /><//>
      ${!full && detail.attempts.length > 1 && attempts()}`,
    html`<${Section} title=${t("requests.why_model")}><${Decision} detail=${detail} /><//><${Section} title=${t("requests.cost")}><${Cost} detail=${detail} /><//>
      ${detail.corrections?.length > 0 && html`<${Section} title=${t("requests.corrections")}><ul class="said">${detail.corrections.map((one, k) => html`<li key=${k}><b class="num">${f.usd(one.cost_usd)}</b><span>${one.reason ?? ""}</span><span class="muted">${f.full(one.started_at)}</span></li>`)}</ul><//>`}
      <${Section} title=${t("requests.feedback")}><${Feedback} list=${detail.feedback ?? []} /><//>`,
  ];
  return full ? html`<div class="halves"><div>${parts[0]}</div><div>${parts[1]}</div></div>${attempts()}` : parts;
};
Details.props = ["detail", "full"];

const TABS = ["details", "bodies", "curl", "json"];
/** Props: id, full (its own page), onClose. */
export const RequestDetail = {
  props: ["id", "full", "onClose"],
  setup(p) {
    learnNames();
    const detail = useResource(() => [`/requests/${encodeURIComponent(p.id)}`]);
    const tab = () => (TABS.includes(route.query.view) ? route.query.view : "details");
    const copyLink = () => copy(location.origin + "/requests/" + encodeURIComponent(p.id), t("link.copied"));
    const content = () => {
      const data = detail.data;
      if (tab() === "bodies") return html`<${Bodies} bodies=${data.bodies} />`;
      if (tab() === "curl") return html`<p class="muted">${t("requests.curl.why")}</p><div class="copyable"><pre class="code" tabindex="0">${curl(data.request)}</pre><${Copy} text=${curl(data.request)} /></div>`;
      if (tab() === "json") return html`<div class="copyable"><pre class="code" tabindex="0">${JSON.stringify(data, null, 2)}</pre><${Copy} text=${JSON.stringify(data, null, 2)} /></div>`;
      return html`<${Details} detail=${data} full=${p.full} />`;
    };
    return () => {
      const row = detail.data?.request.id === p.id ? detail.data.request : null;
      return html`
        <div class="dr-h"><div class="rq-t"><h2 class="mono">${p.id}</h2>${row && html`<p class="muted">${f.full(row.t)} · ${typeName(row.type)} · ${row.asked}</p>`}</div><span class="grow"></span>${row && html`<span title=${stepWords(row)}><${Outcome} row=${row} /></span>`}
          ${!p.full && html`<span class="keys-hint" aria-hidden="true"><kbd>J</kbd><kbd>K</kbd></span><a class="icon-b" href=${href("/requests/" + encodeURIComponent(p.id))} aria-label=${t("requests.full")} title=${t("requests.full")}><${Icon} name="external-link" size="16" /></a><button class="icon-b" type="button" aria-label=${t("close")} onClick=${p.onClose}><${Icon} name="x" size="17" /></button>`}</div>
        <div class="dr-a"><a class="btn sm primary" href=${`/playground?request=${encodeURIComponent(p.id)}`}><${Icon} name="play" size="14" />${t("requests.playground")}</a><button class="btn sm" type="button" onClick=${copyLink}><${Icon} name="link" size="14" />${t("requests.copy_link")}</button><button class="btn sm" type="button" onClick=${() => copy(p.id)}><${Icon} name="copy" size="14" />${t("requests.copy_id")}</button></div>
        <${Tabs} label=${t("requests.detail")} value=${tab()} options=${TABS.map((id) => [id, t("requests.tab." + id)])} onPick=${(id) => setQuery({ view: id === "details" ? null : id }, { replace: true })} />
        ${row ? content() : detail.error ? (detail.error.status === 404 ? html`<${Empty} icon="search" title=${t("requests.gone")} text=${t("requests.gone.why")} />` : html`<${Failed} error=${detail.error} onRetry=${detail.reload} />`) : html`<div class="sk" style=${{ height: "420px", borderRadius: "10px" }}></div>`}`;
    };
  },
};
