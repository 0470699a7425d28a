// Reports: a day, week, month or any range, as a sheet that prints as it is shown.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { address } from "../../lib/api.js";
import { download, fileName } from "../../lib/csv.js";
import { iso, range } from "../../lib/range.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { copyLink } from "../../lib/nav.js";
import { dayName, dayTime } from "../../lib/zone.js";
import { errorWords, Icon, Segmented } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { Filters } from "./filters.js";
import { byId, figuresAsk } from "./figures.js";
import { dayStart, minute, monthStart, slices, weekStart } from "./periods.js";
import { asCSV, asJSON } from "./report-files.js";
import { assemble, called } from "./report-parts.js";
import { TABLES, Sheet, title } from "./report-sheet.js";
import { filters } from "./scope.js";
import { ShareDialog } from "./share.js";

const PERIODS = ["day", "week", "month", "custom"];
/** All parts of a report, and those that are there unless the reader says otherwise. */
const SECTIONS = ["summary", "trend", ...TABLES, "chargeback", "budgets"], USUAL = ["summary", "trend", "team", "model", "key", "budgets"];

/** The period of a report and the one before it. */
const times = computed(() => {
  const period = PERIODS.includes(route.query.period) ? route.query.period : "month", now = Date.now() / 1000;
  if (period === "custom") {
    const from = minute(range.value.from), to = minute(range.value.to);
    return { period, from, to, whole: to, before: { from: from - (to - from), to: from } };
  }
  const start = { day: dayStart, week: weekStart, month: monthStart }[period];
  const anchor = dayTime(route.query.at) ?? now;
  const from = start(Math.min(anchor, now)), whole = start(from, 1), to = Math.min(whole, minute(now)), was = start(from, -1);
  // What has not ended is compared with the same part of the period before.
  return { period, from, to: Math.max(to, from + 60), whole, before: { from: was, to: to < whole ? Math.min(from, was + (to - from)) : from } };
});
const sections = computed(() => route.query.sections === undefined ? USUAL : SECTIONS.filter((name) => route.query.sections.split(",").includes(name)));

/** Goes a period back or on. @param {number} by */
function move(by) {
  const { period, from } = times.value;
  if (period === "custom") return;
  setQuery({ period, at: dayName({ day: dayStart, week: weekStart, month: monthStart }[period](from, by)) });
}

/** @param {string} name */
function toggle(name) {
  const list = SECTIONS.filter((one) => sections.value.includes(one) !== (one === name));
  setQuery({ sections: list.join(",") || "-" }, { replace: true });
}

export const Reports = {
  setup() {
    const has = (/** @type {string} */ name) => sections.value.includes(name);
    const span = computed(() => ({ from: times.value.from, to: times.value.to }));
    const ids = ["spend", "requests", "errors", "cost_per_request", "savings", "cost_of_failures", "tokens", "unpriced"];
    const usage = (/** @type {string} */ by, /** @type {{from: number, to: number}} */ { from, to }) => ["/usage", { group_by: by, order_by: "cost", limit: 1000, percentiles: false, since: iso(from), until: iso(to), ...filters.value }];
    const wanted = (/** @type {string} */ name) => has(name) || (name === "team" && has("chargeback"));
    const bars = computed(() => slices(span.value)), standing = () => has("budgets") && can("limits:read");
    /** What the report asks, by the names of its parts; null for what it does not show. @type {Record<string, () => any>} */
    const asks = {
      now: () => figuresAsk(ids, span.value), before: () => figuresAsk(ids, times.value.before),
      trend: () => has("trend") ? ["/series", { metrics: "cost,requests", from: bars.value.from, to: bars.value.to, step: bars.value.step, tz: f.zone(), ...filters.value }] : null,
      budgets: () => standing() ? ["/budgets"] : null, standing: () => standing() ? ["/budgets/status"] : null,
      ...Object.fromEntries(TABLES.flatMap((name) => [
        [name + ".now", () => wanted(name) ? usage(name, span.value) : null], [name + ".before", () => wanted(name) ? usage(name, times.value.before) : null],
      ])),
    };
    const resources = Object.fromEntries(Object.entries(asks).map(([name, ask]) => [name, useResource(ask, { map: name === "now" || name === "before" ? byId : undefined })]));
    const report = computed(() => assemble({ times: times.value, sections: sections.value, filters: filters.value, rule: route.query.rule ?? "even" }, resources));
    const sharing = ref(false);
    /** What a link is made of. */
    const shared = () => {
      const asked = Object.entries(asks).map(([name, ask]) => [name, ask()]).filter(([, ask]) => ask);
      return { asks: asked.map(([, [path, query]]) => address(path, query).replace("/api/v1", "")), view: { names: asked.map(([name]) => name), times: times.value, sections: sections.value, filters: filters.value, rule: report.value.rule, zone: f.zone(), called: called(report.value) } };
    };
    const save = (/** @type {"csv" | "json"} */ kind) => kind === "csv" ? download(fileName("report-" + times.value.period), asCSV(report.value)) : download(fileName("report-" + times.value.period, "json"), JSON.stringify(asJSON(report.value), null, 2), "application/json");
    /** A link that shows this very period, whenever it is opened. */
    function copy() {
      if (times.value.period !== "custom") setQuery({ period: times.value.period, at: dayName(times.value.from) }, { replace: true });
      copyLink();
    }
    /** Whether all that the report is to have is there, and for this very period. */
    const ready = computed(() => Object.entries(asks).every(([name, ask]) => !ask() || resources[name].fresh));
    /** Why nothing can be done with the report; "" while it can, and for the moment in which it comes. */
    const lacking = computed(() => {
      if (ready.value) return "";
      const error = Object.entries(asks).map(([name, ask]) => ask() && !resources[name].fresh && resources[name].error).find(Boolean);
      return error ? t("cost.report.lacking", { why: errorWords(error) }) : t("cost.report.unready");
    });
    const current = computed(() => times.value.period === "custom" || times.value.whole > Date.now() / 1000);
    return () => html`
      <div class="noprint"><${Filters} />
        <div class="card cost-maker">
          <div class="row"><${Segmented} label=${t("cost.report.period")} value=${times.value.period} options=${PERIODS.map((name) => [name, t("cost.report." + name)])} onPick=${(name) => setQuery({ period: name, at: null })} />
            ${times.value.period !== "custom" && html`<button class="icon-b" type="button" aria-label=${t("cost.report.back")} title=${t("cost.report.back")} onClick=${() => move(-1)}><${Icon} name="chevron-left" /></button><button class="icon-b" type="button" aria-label=${t("cost.report.forth")} title=${t("cost.report.forth")} disabled=${current.value} onClick=${() => move(1)}><${Icon} name="chevron-right" /></button>`}
            ${times.value.period === "custom" && html`<span class="muted">${t("cost.report.custom.how")}</span>`}
            <span class="grow"></span>
            <button class="btn" type="button" onClick=${copy}><${Icon} name="link" size="15" />${t("cost.report.link")}</button>
            <button class="btn" type="button" disabled=${!ready.value} title=${lacking.value || undefined} aria-describedby=${lacking.value ? "report-lacking" : undefined} onClick=${() => (sharing.value = true)}><${Icon} name="share-2" size="15" />${t("cost.share.it")}</button>
            <button class="btn" type="button" disabled=${!ready.value} title=${lacking.value || undefined} aria-describedby=${lacking.value ? "report-lacking" : undefined} onClick=${() => save("json")}><${Icon} name="code" size="15" />JSON</button>
            <button class="btn" type="button" disabled=${!ready.value} title=${lacking.value || undefined} aria-describedby=${lacking.value ? "report-lacking" : undefined} onClick=${() => save("csv")}><${Icon} name="download" size="15" />CSV</button>
            <button class="btn primary" type="button" disabled=${!ready.value} title=${lacking.value || undefined} aria-describedby=${lacking.value ? "report-lacking" : undefined} onClick=${() => print()}><${Icon} name="file-text" size="15" />${t("cost.report.print")}</button></div>
          ${lacking.value && html`<p class="muted" id="report-lacking" role="status">${lacking.value}</p>`}
          <fieldset class="cost-sections"><legend class="muted">${t("cost.report.sections")}</legend>${SECTIONS.map((name) => html`<label key=${name}><input type="checkbox" checked=${sections.value.includes(name)} onChange=${() => toggle(name)} />${TABLES.includes(name) ? t("cost.report.by", { by: t("cost.by." + name).toLowerCase() }) : t("cost.report." + name)}</label>`)}
            ${has("chargeback") && html`<label class="cost-pickl" for="report-rule"><span>${t("cost.chargeback.rule")}</span><select id="report-rule" class="plain" value=${report.value.rule} onChange=${(event) => setQuery({ rule: event.target.value })}>${["even", "tokens", "requests"].map((name) => html`<option key=${name} value=${name} selected=${name === report.value.rule}>${t("cost.chargeback." + name)}</option>`)}</select></label>`}</fieldset></div></div>
      <${Sheet} report=${report.value} />
      <${ShareDialog} open=${sharing.value} what=${shared} users=${"user" in filters.value} title=${title(times.value)} onClose=${() => (sharing.value = false)} />`;
  },
};
