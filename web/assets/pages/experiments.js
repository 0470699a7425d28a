// Experiments: ways of answering the same requests, against each other; what they have shown, and what is done about it.
import { computed } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { saveTable } from "../lib/csv.js";
import { useResource } from "../lib/resource.js";
import { go, route, setQuery } from "../lib/route.js";
import { can } from "../lib/session.js";
import { DataTable, nextSort, sorted, sortState } from "../lib/table.js";
import { Allowed, Badge, Card, Empty, Icon } from "../lib/ui.js";
import { Detail } from "./experiments/detail.js";
import { Starter } from "./experiments/start.js";
import { change, standing, verdictOf } from "./experiments/verdict.js";
import * as f from "../lib/format.js";

export const styles = true;

/** The measure that a list shows: of those that have an interval, one that says something goes first. @param {any} one */
export function headline(one) {
  const all = one.arms.slice(1).flatMap((arm) => arm.comparisons).filter((comparison) => comparison.difference);
  return all.find((comparison) => ["better", "worse"].includes(comparison.verdict)) ?? all[0] ?? null;
}

const Experiments = {
  setup() {
    const answer = useResource(() => ["/experiments"], { every: 10 });
    const columns = computed(() => [
      { id: "name", label: t("experiments.name"), width: 170, sort: (one) => one.name, cell: (one) => html`<b class="model">${one.name}</b>` },
      { id: "kind", label: t("experiments.kind"), width: 96, sort: (one) => one.kind, cell: (one) => html`<span class="kind">${t("experiments.kind." + one.kind)}</span>` },
      { id: "state", label: t("experiments.state"), width: 108, sort: (one) => standing(one)[1], cell: (one) => html`<${Badge} tone=${standing(one)[0]} text=${t("experiments.state." + standing(one)[1])} />` },
      { id: "models", label: t("experiments.models"), width: 126, sort: (one) => one.models.join(), cell: (one) => one.models.join(", "), title: (one) => one.models.join(", ") },
      { id: "arms", label: t("experiments.arms"), width: 230, csv: (one) => one.arms.map((arm) => `${arm.model} ${f.pct(arm.share, 0)}`).join("; "), cell: (one) => one.arms.map((arm) => `${arm.model} ${f.pct(arm.share, 0)}`).join(" · "), title: (one) => one.arms.map((arm) => arm.model).join(", ") },
      { id: "n", label: "n", num: true, width: 72, sort: (one) => one.arms.reduce((sum, arm) => sum + arm.requests, 0), cell: (one) => f.num(one.arms.reduce((sum, arm) => sum + arm.requests, 0)) },
      { id: "lift", label: t("experiments.lift"), width: 236, csv: (one) => headline(one)?.sentence ?? "", cell: (one) => headline(one) ? html`<span class=${"lift " + headline(one).verdict}>${t("experiments.measure." + headline(one).measure)} ${change(headline(one))}</span>` : html`<span class="muted">${t("experiments.verdict.too_few")}</span>`, title: (one) => headline(one)?.sentence },
      { id: "started", label: t("experiments.started"), width: 106, sort: (one) => one.started_at, cell: (one) => f.ago(one.started_at), title: (one) => f.full(one.started_at) },
    ]);
    const rows = computed(() => sorted(answer.data?.experiments ?? [], columns.value, route.query.sort ?? "-started"));
    const open = computed(() => (answer.data?.experiments ?? []).find((one) => one.name === route.id));
    const fresh = () => setQuery({ new: "1" });
    return () => html`
      ${route.id ? html`<${Detail} name=${route.id} of=${open.value} resource=${answer} />` : html`
      <${Card} title=${t("nav.experiments")} hint=${t("experiments.hint")} sub=${answer.data ? f.num(rows.value.length) : ""} resource=${answer} tall=${260} flush=${true} class="tbl">${{
        actions: () => html`${rows.value.length > 0 && html`<button class="btn" type="button" onClick=${() => saveTable("experiments", columns.value, rows.value)}><${Icon} name="download" size="15" />${t("export")}</button>`}
          ${can("settings:write") && html`<button class="btn primary" type="button" onClick=${fresh}><${Icon} name="plus" size="15" />${t("experiments.new")}</button>`}`,
        default: () => html`<${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.name} label=${t("nav.experiments")} sort=${sortState(route.query.sort ?? "-started")} onSort=${(id) => setQuery({ sort: nextSort(route.query.sort ?? "-started", id) })} onOpen=${(one) => go("/experiments/" + encodeURIComponent(one.name))} height=${rows.value.length > 14 ? 620 : undefined}
          card=${(one) => html`<span class="row"><span class="model">${one.name}</span><span class="grow"></span><${Badge} tone=${standing(one)[0]} text=${t("experiments.state." + standing(one)[1])} /></span><span class="row muted"><span>${one.models.join(", ")}</span><span class="grow"></span><span>${t("experiments.verdict." + verdictOf(one.arms[1]))}</span></span>`}>${{
          empty: () => html`<${Empty} icon="flask-conical" title=${t("experiments.none")} text=${t("experiments.none.why")}>${can("settings:write") && html`<button class="btn primary" type="button" onClick=${fresh}>${t("experiments.new")}</button>`}<//>`,
        }}<//>`,
      }}<//>`}
      <${Starter} open=${route.query.new === "1" && !route.id} taken=${(answer.data?.experiments ?? []).map((one) => one.name)} onClose=${() => setQuery({ new: null }, { replace: true })} onMade=${(name) => {
        answer.reload();
        go("/experiments/" + encodeURIComponent(name), { new: null });
      }} />`;
  },
};

export default { setup: () => () => html`<${Allowed} permission="routing:read" gateway=${true}><${Experiments} /><//>` };
