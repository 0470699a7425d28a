// Requests as tables show them: columns, states, names. Used by every page that lists requests.
import { shallowReactive } from "./vue.js";
import { html } from "./html.js";
import { addWords, has, t } from "./i18n.js";
import { all } from "./api.js";
import { route } from "./route.js";
import { range, iso } from "./range.js";
import { can } from "./session.js";
import { Icon, Status } from "./ui.js";
import * as f from "./format.js";
import en from "../i18n/en/requests.js";
import zh from "../i18n/zh/requests.js";

addWords(en, zh);

/**
 * A request as the API tells it.
 * @typedef {{id: string, at: string, t: number, type: string, asked: string, model: string | null, provider: string | null,
 *   deployment: string | null, organization: string | null, team: string | null, project: string | null,
 *   key: {id: string, name: string | null} | null, user: string | null, session: string | null, tags: string[],
 *   input_tokens: number, output_tokens: number, cached_tokens: number, reasoning_tokens: number, cost_nano: string | null,
 *   saved_nano: string, latency_ms: number, ttft_ms: number | null, queue_ms: number, overhead_ms: number, status: number,
 *   outcome: string, cache: string | null, stream: boolean, attempts: number, fallback: boolean, why: string | null}} Request
 */

/** Filters of the address that the API takes by the same name. */
export const NAMED = ["team", "key", "provider", "model", "deployment", "tag", "user", "project", "organization", "requested_model"];

/** The named filters in force. @returns {Record<string, string>} */
export const namedFilters = () => Object.fromEntries(NAMED.filter((name) => route.query[name]).map((name) => [name, route.query[name]]));

/** The same for sums, which know providers and models, but not the two as one. @returns {Record<string, string>} */
export function sumFilters() {
  const { deployment, ...filters } = namedFilters();
  if (!deployment) return filters;
  const cut = deployment.indexOf("/");
  return { ...filters, provider: cut < 0 ? deployment : deployment.slice(0, cut), ...(cut < 0 ? {} : { model: deployment.slice(cut + 1) }) };
}

/** The term of a query that leaves out what has this value. @param {string} name one of NAMED @param {string} value */
export const without = (name, value) => `-${name === "requested_model" ? "asked" : name}:${/[\s"()]/.test(value) ? `"${value}"` : value}`;

/** What parts of all requests are looked at, and how the API is asked for them. @type {Record<string, Record<string, string>>} */
export const SEGMENTS = { all: {}, errors: { outcome: "error" }, slow: { q: "is:slow" }, cached: { q: "is:cached" }, blocked: { outcome: "blocked" } };

/** The segment of the address. */
export const segment = () => (route.query.seg && route.query.seg in SEGMENTS ? route.query.seg : "all");

/**
 * The filter of the address as parameters of the API: names, query and segment.
 * @param {string} [part] another segment than the address has
 * @returns {Record<string, string>}
 */
export function requestFilters(part = segment()) {
  const { q, ...more } = SEGMENTS[part] ?? {};
  const words = [route.query.q?.trim(), q].filter(Boolean).join(" ");
  return { ...namedFilters(), ...(route.query.outcome ? { outcome: route.query.outcome } : {}), ...more, ...(words ? { q: words } : {}) };
}

/**
 * The stretch of time as parameters of the API; a live one is open towards now, and begins at a whole minute.
 * @returns {Record<string, string>}
 */
export function requestTimes() {
  const { from, to, live } = range.value;
  return live ? { from: iso(Math.floor(from / 60) * 60) } : { from: iso(from), to: iso(to) };
}

const names = shallowReactive(/** @type {{organizations: Map<string, string>, teams: Map<string, string>, projects: Map<string, string>}} */ ({ organizations: new Map(), teams: new Map(), projects: new Map() }));
let asked = false;
/** Learns the names of organizations, teams and projects, once, where the reader may know them. */
export function learnNames() {
  if (asked || !can("tenants:read")) return;
  asked = true;
  for (const kind of /** @type {const} */ (["organizations", "teams", "projects"])) {
    all("/" + kind).then((list) => (names[kind] = new Map(list.map((one) => [one.id, one.name]))), () => (asked = false));
  }
}
/** @param {string | null | undefined} id */
export const organizationName = (id) => (id ? names.organizations.get(id) ?? id : "");
/** @param {string | null | undefined} id */
export const teamName = (id) => (id ? names.teams.get(id) ?? id : "");
/** @param {string | null | undefined} id */
export const projectName = (id) => (id ? names.projects.get(id) ?? id : "");

/** Words for a kind of request. @param {string} type */
export const typeName = (type) => has("requests.type." + type) ? t("requests.type." + type) : type.replaceAll("_", " ");

/** Words for how a request ended: the reason where it failed. @param {Request} row */
export function outcomeWords(row) {
  if (row.outcome === "ok") return t(row.cache ? "requests.outcome.cached" : "requests.outcome.ok");
  if (row.why && has("requests.why." + row.why)) return t("requests.why." + row.why);
  return row.why ? row.why.replaceAll("_", " ") : t("requests.outcome." + row.outcome);
}
/** @param {Request} row */
export function outcomeTone(row) {
  if (row.outcome === "ok") return row.cache ? "hit" : "ok";
  return row.outcome === "upstream_error" || row.outcome === "gateway_error" ? "bad" : "warn";
}

/** What the gateway did on the way, in a sentence. @param {Request} row */
export const stepWords = (row) => [
  outcomeWords(row), row.cache ? t("requests.cache." + row.cache) : "", row.attempts > 1 ? t("requests.step.attempts", { n: row.attempts }) : "",
  row.fallback ? t("requests.step.fallback", { to: row.deployment ?? "" }) : "",
].filter(Boolean).join(" · ");

export const Outcome = ({ row, code }) => html`<span class="row ended"><${Status} tone=${outcomeTone(row)} text=${outcomeWords(row)} code=${code === false || row.outcome === "ok" ? null : row.status} />${row.attempts > 1 && html`<span class="kind" title=${t("requests.step.attempts", { n: row.attempts })}>×${row.attempts}</span>`}${row.fallback && html`<${Icon} name="git-branch" size="13" label=${t("requests.step.fallback", { to: row.deployment ?? "" })} />`}</span>`;
Outcome.props = ["row", "code"];

/** The model that was asked for, and the one that answered. */
export const Model = ({ row }) => html`<span class="model">${row.model && row.asked !== row.model && html`<span class="auto">${row.asked}<${Icon} name="chevron-right" size="12" /></span>`}${row.model ?? row.asked}</span>`;
Model.props = ["row"];

/** A bar as long as the answer took; the part until the first token is darker. */
export const Latency = ({ row, scale, slow }) => {
  const late = slow != null && row.latency_ms >= slow, part = (ms) => Math.min(100, (ms / scale) * 100) + "%";
  return html`<span class="lat"><span class=${"bar" + (late ? " slow" : "")}>${row.ttft_ms != null && html`<i class="a" style=${{ width: part(row.ttft_ms) }}></i>`}<i class="b" style=${{ width: part(row.latency_ms) }}></i></span><span class=${late ? "slow-t" : ""}>${f.ms(row.latency_ms)}</span></span>`;
};
Latency.props = ["row", "scale", "slow"];

const SCALES = [250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000];
/** The length of a whole bar: most of these fit. @param {Request[]} rows */
export function latencyScale(rows) {
  const times = rows.slice(0, 200).map((row) => row.latency_ms).sort((a, b) => a - b);
  const most = times[Math.floor(times.length * 0.95)] ?? 1_000;
  return SCALES.find((scale) => scale >= most) ?? most;
}

const none = html`<span class="muted">–</span>`;
const clock = (/** @type {Request} */ row) => html`<span class="mono dim">${f.hms(row.t)}</span>`;
const day = (/** @type {Request} */ row) => html`<span class="mono dim">${f.day(row.t)} ${f.hms(row.t)}</span>`;
/** Columns that a reader can pick. Sortable ones carry `sort`, which the API does. @type {Record<string, any>} */
const COLUMNS = {
  time: { width: 100, cell: clock, title: (row) => row.at, sort: true },
  type: { width: 104, cell: (row) => html`<span class="kind">${typeName(row.type)}</span>` },
  model: { cell: (row) => html`<${Model} row=${row} />`, title: (row) => row.model && row.asked !== row.model ? `${row.asked} → ${row.model}` : row.asked },
  team: { width: 190, cell: (row) => row.team || row.key ? html`${teamName(row.team) || projectName(row.project)}<span class="muted">${row.key ? (row.team ? " · " : "") + (row.key.name ?? row.key.id) : ""}</span>` : none, title: (row) => `${teamName(row.team)} · ${row.key?.name ?? row.key?.id ?? ""}` },
  tokens: { num: true, width: 120, sort: true, cell: (row) => html`${f.compact(row.input_tokens)}<span class="muted"> → ${f.compact(row.output_tokens)}</span>`, title: (row) => t("requests.tokens.title", { input: f.num(row.input_tokens), output: f.num(row.output_tokens), cached: f.num(row.cached_tokens) }) },
  latency: { num: true, width: 160, sort: true, title: (row) => row.ttft_ms == null ? f.ms(row.latency_ms) : t("requests.latency.title", { total: f.ms(row.latency_ms), ttft: f.ms(row.ttft_ms) }) },
  ttft: { num: true, width: 110, sort: true, cell: (row) => f.ms(row.ttft_ms) },
  cost: { num: true, width: 108, sort: true, cell: (row) => row.cost_nano == null ? none : f.nano(row.cost_nano) },
  cache: { width: 110, cell: (row) => row.cache ? t("requests.cache." + row.cache) : none },
  status: { width: 190, cell: (row) => html`<${Outcome} row=${row} />`, title: stepWords },
  provider: { width: 120, cell: (row) => row.provider ?? none },
  deployment: { width: 220, cell: (row) => row.deployment ?? none, title: (row) => row.deployment },
  user: { width: 120, cell: (row) => row.user ?? none },
  tags: { width: 150, cell: (row) => row.tags.length ? row.tags.map((tag) => html`<span class="kind" key=${tag}>${tag}</span>`) : none, title: (row) => row.tags.join(", ") },
  id: { width: 270, cell: (row) => html`<span class="mono dim">${row.id}</span>` },
};
export const COLUMN_IDS = Object.keys(COLUMNS);
/** What is shown until the reader picks others, and beside an open row. */
export const USUAL_COLUMNS = ["time", "type", "model", "team", "tokens", "latency", "cost", "status"];
export const NARROW_COLUMNS = ["time", "model", "latency", "status"];

/**
 * Columns for a table of requests.
 * @param {string[]} ids @param {{scale: number, slow: number | null, days?: boolean}} options days: whether times need their day
 */
export const requestColumns = (ids, { scale, slow, days }) => ids.filter((id) => id in COLUMNS).map((id) => ({
  id, label: t("requests.col." + id), ...COLUMNS[id],
  ...(id === "time" && days ? { width: 150, cell: day } : {}),
  ...(id === "latency" ? { cell: (/** @type {Request} */ row) => html`<${Latency} row=${row} scale=${scale} slow=${slow} />` } : {}),
}));

/** A row on a phone. @param {Request} row */
export const requestCard = (row) => html`
  <span class="l1"><${Model} row=${row} /><span class="num">${f.ms(row.latency_ms)}</span></span>
  <span class="l2"><span class="muted">${f.hms(row.t)} · ${typeName(row.type)}${row.team ? " · " + teamName(row.team) : ""}</span><${Outcome} row=${row} /></span>`;
