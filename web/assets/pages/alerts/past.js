// What was told of late.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { ListCard } from "../../lib/list.js";
import { Badge, Empty } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { figure, span, tone } from "./kinds.js";
import { ruleName, subjectText } from "./words.js";

export const Past = {
  props: ["state", "channels", "made", "names", "scopes"],
  setup(p) {
    const columns = computed(() => [
      { id: "at", label: t("alerts.at"), width: 216, sort: (one) => one.at_us, csv: (one) => one.at, cell: (one) => f.full(one.at) },
      { id: "occasion", label: t("alerts.occasion"), width: 150, sort: (one) => one.occasion, cell: (one) => html`<${Badge} tone=${one.occasion === "fired" || one.occasion === "repeated" ? tone(one.severity) : "good"} text=${t("alerts.occasion." + one.occasion)} />${one.flapping && html` <${Badge} text=${t("alerts.flapping")} />`}` },
      { id: "what", label: t("alerts.rule"), sort: (one) => ruleName(one.rule.name, one.kind), cell: (one) => html`<b class="model">${ruleName(one.rule.name, one.kind)}</b>` },
      { id: "subject", label: t("alerts.subject"), sort: (one) => one.subject, cell: (one) => subjectText(one, p.names) },
      { id: "figure", label: t("alerts.figure"), num: true, width: 130, csv: (one) => one.figure, title: (one) => one.basis, cell: (one) => figure(one.kind, one.figure) },
      { id: "threshold", label: t("alerts.threshold"), num: true, width: 120, csv: (one) => one.threshold, cell: (one) => figure(one.kind, one.threshold) },
      { id: "lasted", label: t("alerts.lasted"), num: true, width: 120, sort: (one) => one.lasted_seconds, cell: (one) => span(Math.round(one.lasted_seconds)) },
      { id: "incident", label: t("alerts.incident"), width: 150, csv: (one) => one.incident, title: (one) => one.incident, cell: (one) => html`<span class="mono dim">${one.incident}</span>` },
    ]);
    return () => html`
      <${ListCard} title=${t("alerts.tab.history")} hint=${t("alerts.history.hint")} resource=${p.state} rows=${p.state.data?.recent} columns=${columns.value} rowKey=${(one) => one.id + one.occasion} file="alerts" order="-at" search=${(one) => one.subject + one.kind + one.rule.name + one.incident}>${{
        empty: () => html`<${Empty} icon="history" title=${t("alerts.no_history")} text=${t("alerts.no_history.why")} />`,
      }}<//>`;
  },
};
