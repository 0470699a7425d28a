// What the gateway says of routing, in the shape that the cards read.
import { rangeQuery } from "../../lib/range.js";
import { route } from "../../lib/route.js";
import { zone } from "../../lib/format.js";

/** The range of the address, for endpoints that know no days. */
export const span = () => ({ since: rangeQuery.value.since, until: rangeQuery.value.until });

/** The range and filters of the address. */
export function filters() {
  const { team, key, provider, model, tag } = route.query;
  return { ...span(), team, key, provider, model, tag };
}

/** The same for those that tell of days. */
export const zoned = () => ({ ...filters(), tz: zone() });

/** Figures by id. @param {any} answer @returns {Record<string, any>} */
export const byId = (answer) => Object.fromEntries(answer.figures.map((figure) => [figure.id, figure]));

/**
 * Deployments as `/api/health` knows them at this moment, with the sums that `/deployments` has of the range.
 * @param {any} health @param {any} sums
 */
export function deployments(health, sums) {
  const now = new Map((health?.deployments ?? []).map((one) => [one.id, one])), told = new Map((sums?.deployments ?? []).map((one) => [one.id, one]));
  return [...new Set([...told.keys(), ...now.keys()])].map((id) => {
    const h = now.get(id) ?? told.get(id)?.health ?? {}, d = told.get(id) ?? {};
    return {
      id, provider: d.provider ?? h.provider ?? id.split("/")[0], model: d.model ?? id.slice(id.indexOf("/") + 1), used: Boolean(h.used),
      state: h.state ?? "closed", available: h.available ?? true, availability: h.availability ?? "available", until: h.until_seconds ?? null, reason: h.reason ?? null, drained: h.drained ?? null,
      inFlight: h.in_flight ?? null, keys: h.keys ?? [], leftRequests: d.remaining_requests ?? null, leftTokens: d.remaining_tokens ?? null,
      requests: d.requests ?? null, share: d.share ?? null, rpm: d.rps == null ? null : d.rps * 60, p95: d.p95_ms ?? null, firstToken: d.ttft_p95_ms ?? h.first_token_ms_p95 ?? null,
      errorRate: d.error_rate ?? h.error_rate ?? null, cost: d.cost_nano ?? null, speed: h.tokens_per_second ?? null,
    };
  });
}

/** How a deployment stands: a tone of colour and a word. @param {any} one @returns {[tone: string, word: string]} */
export function standing(one) {
  if (one.drained) return ["warn", "drained"];
  if (one.state === "open") return ["bad", "open"];
  if (one.state === "half_open") return ["warn", "half_open"];
  if (!one.available) return ["warn", one.availability];
  return ["ok", "closed"];
}

/** Axes on which models are scored, 0 to 100. */
export const AXES = ["quality", "speed", "price", "reliability", "cache", "fit"];
/** Samples below which an axis says little and is drawn hollow. */
export const FEW = 30;

/**
 * A line of the log, of a kept decision or of a request that has just ended; what was considered comes with the first only.
 * @param {any} request @param {any} [kept]
 */
export function decided(request, kept) {
  const decision = kept?.decision ?? null, first = decision?.candidates?.[0];
  return {
    id: request?.id ?? kept.id, t: request?.t ?? new Date(kept.at).getTime() / 1000, type: request?.type ?? "", asked: request?.asked ?? decision?.requested ?? "",
    chosen: request?.deployment ?? first?.id ?? request?.model ?? "", decision, why: decision?.rule ?? first?.why ?? request?.why ?? null, attempts: request?.attempts ?? null,
    latency: request?.latency_ms ?? null, cost: request?.cost_nano ?? null, outcome: request?.outcome ?? null,
  };
}
