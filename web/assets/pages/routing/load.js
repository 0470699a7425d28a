// Who gets how much: the share that was meant and the share that came, load, times, errors, breaker; taking out of use and back.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { saveTable } from "../../lib/csv.js";
import { confirm } from "../../lib/dialog.js";
import { live } from "../../lib/live.js";
import { useResource } from "../../lib/resource.js";
import { href, route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { DataTable, nextSort, sorted, sortState } from "../../lib/table.js";
import { toast } from "../../lib/toast.js";
import { Card, Empty, errorWords, Icon, Status } from "../../lib/ui.js";
import { deployments, span, standing } from "./answers.js";
import { targetShares } from "./targets.js";
import * as f from "../../lib/format.js";

/** Two bars: what was meant, and what came. */
const Shares = ({ target, actual }) => html`
  <span class="shares" role="img" aria-label=${target === null ? t("routing.share.of", { actual: f.pct(actual, 0) }) : t("routing.shares", { target: f.pct(target, 0), actual: f.pct(actual, 0) })}>
    ${target !== null && html`<span class="sh-t"><i style=${{ width: Math.min(100, target * 100) + "%" }}></i></span>`}<span class="sh-a"><i style=${{ width: Math.min(100, (actual ?? 0) * 100) + "%" }}></i></span></span>
  <span class="sh-n">${f.pct(actual, 0)}${target !== null && html`<span class="muted"> / ${f.pct(target, 0)}</span>`}</span>`;
Shares.props = ["target", "actual"];

/** The state of a breaker, with the seconds until it is tried again. */
export const Breaker = {
  props: ["of", "since"],
  setup(p) {
    return () => {
      const [tone, word] = standing(p.of), left = p.of.until == null ? 0 : Math.max(0, Math.ceil(p.of.until - Math.max(0, (live.time || p.since) - p.since)));
      return html`<${Status} tone=${tone} text=${t("routing.state." + word)} code=${left > 0 && !p.of.drained ? `${left} s` : null} />`;
    };
  },
};

/** Asks before a deployment or a provider is taken out of use, and does it. @param {{deployment?: string, provider?: string}} target @param {() => void} done */
export function drain(target, done) {
  const name = target.deployment ?? target.provider ?? "";
  confirm({
    title: t("routing.drain.of", { name }), text: t("routing.drain.text"), action: t("routing.drain"), reason: true,
    run: async (reason) => {
      await api("POST", "/api/health/drain", { body: { ...target, reason } });
      toast(t("routing.drained", { name }), { undo: () => resume(target, done) });
      done();
    },
  });
}

/** @param {{deployment?: string, provider?: string}} target @param {() => void} done */
export async function resume(target, done) {
  try {
    await api("POST", "/api/health/resume", { body: target });
    toast(t("routing.resumed", { name: target.deployment ?? target.provider ?? "" }));
  } catch (error) {
    toast(errorWords(error), { bad: true });
  }
  done();
}

export const LoadTable = {
  setup() {
    const health = useResource(() => ["/api/health", { all: "1" }], { every: 3 });
    const sums = useResource(() => ["/deployments", span()], { every: 15 });
    const names = useResource(() => ["/routes"]);
    const asked = useResource(() => ["/usage", { ...span(), group_by: "requested_model,provider,model", limit: 1000, percentiles: false }]);
    const targets = computed(() => names.data && asked.data ? targetShares(asked.data.data, names.data) : null);
    const reload = () => {
      health.reload();
      sums.reload();
    };
    const columns = computed(() => [
      { id: "deployment", label: t("routing.deployment"), width: 200, sort: (one) => one.id, cell: (one) => html`<a class="model" href=${href("/requests", { deployment: one.id })}>${one.id}</a>`, title: (one) => one.id },
      { id: "share", label: t("routing.load.share"), width: 174, sort: (one) => one.share ?? -1, cell: (one) => html`<${Shares} target=${one.target} actual=${one.share} />` },
      { id: "requests", label: t("routing.requests"), num: true, width: 80, sort: (one) => one.requests ?? -1, cell: (one) => f.num(one.requests) },
      { id: "in_flight", label: t("routing.in_flight.short"), num: true, width: 74, sort: (one) => one.inFlight ?? 0, cell: (one) => f.num(one.inFlight) },
      { id: "rpm", label: "RPM", num: true, width: 58, sort: (one) => one.rpm ?? -1, cell: (one) => f.num(one.rpm, one.rpm !== null && one.rpm < 10 ? 1 : 0) },
      { id: "left", label: t("routing.left"), num: true, width: 116, sort: (one) => one.leftRequests ?? -1, cell: (one) => one.leftRequests === null && one.leftTokens === null ? html`<span class="muted">–</span>` : `${f.compact(one.leftRequests)} · ${f.compact(one.leftTokens)}`, title: (one) => one.leftRequests === null && one.leftTokens === null ? t("routing.left.unknown") : undefined },
      { id: "first_token", label: "TTFT p95", num: true, width: 88, sort: (one) => one.firstToken ?? -1, cell: (one) => f.ms(one.firstToken) },
      { id: "p95", label: "p95", num: true, width: 76, sort: (one) => one.p95 ?? -1, cell: (one) => f.ms(one.p95) },
      { id: "errors", label: t("routing.errors"), num: true, width: 70, sort: (one) => one.errorRate ?? -1, cell: (one) => html`<span class=${one.errorRate > 0.05 ? "slow-t" : ""}>${f.pct(one.errorRate)}</span>` },
      { id: "state", label: t("routing.breaker"), width: 108, sort: (one) => standing(one)[1], cell: (one) => html`<${Breaker} of=${one} since=${health.at ?? 0} />`, title: (one) => one.drained?.reason || one.reason || undefined },
      ...(can("routing:write") ? [{ id: "act", label: "", width: 100, cell: (one) => one.drained
        ? html`<button class="btn sm" type="button" disabled=${one.drained.whole_provider} title=${one.drained.whole_provider ? t("routing.drained.whole", { name: one.provider }) : undefined} onClick=${() => resume({ deployment: one.id }, reload)}>${t("routing.resume")}</button>`
        : html`<button class="btn sm" type="button" aria-label=${t("routing.drain.of", { name: one.id })} onClick=${() => drain({ deployment: one.id }, reload)}>${t("routing.drain")}</button>` }] : []),
    ]);
    const rows = computed(() => {
      const { provider, model } = route.query;
      const list = deployments(health.data, sums.data).map((one) => ({ ...one, target: targets.value ? targets.value.get(one.id) ?? 0 : null })).filter((one) => one.used || one.requests || one.drained || standing(one)[0] !== "ok").filter((one) => (!provider || one.provider === provider) && (!model || one.model === model));
      return sorted(list, columns.value, route.query.load ?? "-share");
    });
    return () => html`
      <${Card} title=${t("routing.load")} hint=${t("routing.load.hint")} resource=${health} tall=${260} flush=${true} class="tbl">${{
        actions: () => html`<button class="btn sm" type="button" onClick=${() => saveTable("deployments", columns.value, rows.value)}><${Icon} name="download" size="14" />${t("export")}</button>`,
        default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.id} label=${t("routing.load")} sort=${sortState(route.query.load ?? "-share")} onSort=${(id) => setQuery({ load: nextSort(route.query.load ?? "-share", id) })} height=${rows.value.length > 12 ? 520 : undefined}>${{
          empty: () => html`<${Empty} icon="server" title=${t("routing.load.none")} text=${t("routing.load.none.why")}><a class="btn" href="/providers">${t("nav.providers")}</a><//>`,
        }}<//>`,
      }}<//>`;
  },
};
