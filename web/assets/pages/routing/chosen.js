// Requests over time, stacked by the deployment that answered them, with the changes of the configuration.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { COLORS } from "../../lib/charts.js";
import { csv, download, fileName } from "../../lib/csv.js";
import { pickWindow } from "../../lib/range.js";
import { useResource } from "../../lib/resource.js";
import { canAtGateway } from "../../lib/session.js";
import { Legend, TimeChart } from "../../lib/timechart.js";
import { Card, Empty, Icon } from "../../lib/ui.js";
import { zoned } from "./answers.js";
import * as f from "../../lib/format.js";

export const ChosenOverTime = {
  setup() {
    const answer = useResource(() => ["/series", { metrics: "requests", by: "deployment", limit: 6, ...zoned() }]);
    const changes = useResource(() => canAtGateway("settings:read") ? ["/configuration/versions", { limit: 50 }] : null);
    const asTable = ref(false);
    const series = computed(() => (answer.data?.series ?? []).map((one, k) => ({ label: one.rest ? t("rest") : one.id ? one.name : t("unattributed"), values: one.columns.requests, color: one.id ? COLORS[k % COLORS.length] : "--c6" })));
    const marks = computed(() => (changes.data?.versions ?? []).map((one) => ({ at: new Date(one.at).getTime() / 1000, label: t("routing.chosen.change", { n: one.version }) })));
    const sum = (values) => values.reduce((all, value) => all + (value ?? 0), 0);
    const save = () => download(fileName("routing"), csv(["time", ...series.value.map((one) => one.label)], answer.data.t.map((time, i) => [new Date(time * 1000).toISOString(), ...series.value.map((one) => one.values[i])])));
    return () => {
      const times = answer.data?.t ?? [], none = !series.value.some((one) => sum(one.values) > 0);
      return html`
        <${Card} title=${t("routing.chosen")} hint=${t("routing.chosen.hint")} resource=${answer} tall=${330} flush=${true} class="chart">${{
          actions: () => answer.data && !none && html`<button class="btn sm" type="button" aria-pressed=${String(asTable.value)} onClick=${() => (asTable.value = !asTable.value)}><${Icon} name=${asTable.value ? "activity" : "columns-3"} size="14" />${t(asTable.value ? "routing.as_chart" : "routing.as_table")}</button>
            <button class="icon-b" type="button" aria-label=${t("export")} title=${t("export")} onClick=${save}><${Icon} name="download" size="15" /></button>`,
          default: () => none ? html`<${Empty} icon="route" title=${t("routing.chosen.none")} text=${t("routing.chosen.none.why")} />`
            : asTable.value ? html`<div class="tbl-box windowed" tabindex="0" role="group" aria-label=${t("routing.chosen")} style=${{ height: "300px" }}><table aria-label=${t("routing.chosen")}><thead><tr><th scope="col"><span>${t("routing.time")}</span></th>${series.value.map((one) => html`<th key=${one.label} scope="col" class="num"><span>${one.label}</span></th>`)}</tr></thead>
              <tbody>${times.map((time, i) => html`<tr key=${time}><td>${f.full(time)}</td>${series.value.map((one) => html`<td key=${one.label} class="num">${f.num(one.values[i])}</td>`)}</tr>`).reverse()}</tbody></table></div>`
            : html`<${TimeChart} times=${times} series=${series.value} stacked=${true} format=${f.num} axis=${f.compact} label=${t("routing.chosen")} height=${270} marks=${marks.value} onWindow=${(window) => window && pickWindow(window[0], window[1])} />
              <div class="foot wrap-keys"><${Legend} series=${series.value.map((one) => ({ ...one, values: [sum(one.values)] }))} format=${f.compact} /></div>`,
        }}<//>`;
    };
  },
};
