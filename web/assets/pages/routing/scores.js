// How good each model is, side by side: a table, and up to three of them as shapes over the same axes.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { COLORS, Radar } from "../../lib/charts.js";
import { saveTable } from "../../lib/csv.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { DataTable, nextSort, sorted, sortState } from "../../lib/table.js";
import { Card, Empty, Icon } from "../../lib/ui.js";
import { AXES, FEW, span } from "./answers.js";
import * as f from "../../lib/format.js";

/** A score with a bar; hollow where it is taken from few. */
const Score = ({ of }) => of.value === null ? html`<span class="muted" title=${t("routing.not_measured")}>–</span>`
  : html`<span class=${"score" + (of.n < FEW ? " few" : "")} title=${t("routing.samples", { n: f.num(of.n) })}><i><b style=${{ width: of.value + "%" }}></b></i>${f.num(of.value)}</span>`;
Score.props = ["of"];

export const ScoresCard = {
  setup() {
    const answer = useResource(() => ["/scores", span()], { every: 60 });
    const picked = computed(() => {
      const asked = (route.query.compare_models ?? "").split(",").filter(Boolean), all = (answer.data?.models ?? []).map((one) => one.id);
      return (asked.length ? asked.filter((id) => all.includes(id)) : rows.value.map((one) => one.id)).slice(0, 3);
    });
    function toggle(id) {
      const list = picked.value.includes(id) ? picked.value.filter((one) => one !== id) : [...picked.value, id].slice(-3);
      setQuery({ compare_models: list.join(",") }, { replace: true });
    }
    const columns = computed(() => [
      { id: "model", label: t("routing.model"), width: 218, sort: (one) => one.id, csv: (one) => one.id, cell: (one) => {
        const k = picked.value.indexOf(one.id);
        return html`<label class="pick"><input type="checkbox" checked=${k >= 0} onChange=${() => toggle(one.id)} /><i class="key" style=${{ background: k >= 0 ? `var(${COLORS[k]})` : "transparent" }}></i><span class="model">${one.id}</span></label>`;
      } },
      ...AXES.map((axis) => ({ id: axis, label: t("routing.axis." + axis), width: 88, sort: (one) => one[axis].value ?? -1, csv: (one) => one[axis].value, cell: (one) => html`<${Score} of=${one[axis]} />` })),
      { id: "n", label: "n", num: true, width: 76, sort: (one) => one.requests, cell: (one) => f.compact(one.requests) },
    ]);
    const rows = computed(() => sorted(answer.data?.models ?? [], columns.value, route.query.scores ?? "-n"));
    const shapes = computed(() => picked.value.map((id) => {
      const one = rows.value.find((row) => row.id === id);
      return { name: one.id, values: Object.fromEntries(AXES.map((axis) => [axis, one[axis].value])), hollow: new Set(AXES.filter((axis) => one[axis].n < FEW)) };
    }));
    return () => html`
      <${Card} title=${t("routing.scores")} hint=${t("routing.scores.hint")} resource=${answer} tall=${280} flush=${true} class="tbl">${{
        actions: () => html`<button class="btn sm" type="button" onClick=${() => saveTable("model-scores", columns.value, rows.value)}><${Icon} name="download" size="14" />${t("export")}</button>`,
        default: () => rows.value.length ? html`<div class="scores"><${DataTable} columns=${columns.value} rows=${rows.value} rowKey=${(one) => one.id} label=${t("routing.scores")} sort=${sortState(route.query.scores ?? "-n")} onSort=${(id) => setQuery({ scores: nextSort(route.query.scores ?? "-n", id) })} height=${rows.value.length > 10 ? 440 : undefined} />
          <div class="radar-b"><${Radar} axes=${AXES.map((id) => ({ id, name: t("routing.axis." + id) }))} shapes=${shapes.value} label=${t("routing.scores")} />
            <ul class="keys">${shapes.value.map((shape, k) => html`<li key=${shape.name}><i style=${{ background: `var(${COLORS[k]})` }}></i>${shape.name}</li>`)}</ul><p class="muted">${t("routing.scores.few", { n: FEW })}</p></div></div>`
          : html`<${Empty} icon="target" title=${t("routing.scores.none")} text=${t("routing.scores.none.why")} />`,
      }}<//>`;
  },
};
