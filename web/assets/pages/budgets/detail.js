// One budget: its pace, who spends most of it, its fields, and what can be done with it.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { Bars, Gauge } from "../../lib/charts.js";
import { confirm, Dialog } from "../../lib/dialog.js";
import { useResource } from "../../lib/resource.js";
import { href } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { TimeChart } from "../../lib/timechart.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, Empty, errorWords, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { nameOf } from "../cost/scope.js";
import { offsetText } from "./offset.js";
import { Override } from "./override.js";
import { measure, parts } from "./standing.js";
import { actions, periodName, place } from "./words.js";

const DAY = 86_400;
/** Who spends it: by what a budget of each kind is broken down. @type {Record<string, string>} */
const SPENDERS = { gateway: "team", organization: "team", team: "key", project: "key", key: "model", user: "model", tag: "key", model: "team", provider: "model" };
/** @param {string} scope */
const narrow = (scope) => {
  const [kind, id] = parts(scope);
  return id ? { [kind]: id } : {};
};
const at = (/** @type {string} */ time) => Math.floor(Date.parse(time) / 1000);

/** When the period began, or so far back as a chart reaches. @param {any} line */
const since = (line) => {
  const rolling = line.budget?.period === "rolling" ? Date.now() / 1000 - line.budget.rolling_hours * 3_600 : 0;
  return new Date(Math.floor((line.status?.period_began_at ? at(line.status.period_began_at) : rolling || Date.now() / 1000 - 90 * DAY) / 60) * 60_000).toISOString();
};

/** Spending so far, an even pace, and what is foretold up to the end. */
const Pace = {
  props: ["line"],
  setup(p) {
    const from = computed(() => since(p.line));
    const long = computed(() => Date.now() / 1000 - at(from.value) > 40 * DAY);
    const usage = useResource(() => ["/usage", { group_by: "time", period: long.value ? "day" : "hour", limit: 1000, percentiles: false, since: from.value, ...narrow(p.line.scope) }], { every: 15 });
    const forecast = useResource(() => p.line.status && p.line.budget?.period !== "rolling" ? ["/forecast", { scope: p.line.scope, measure: measure(p.line.scope) === "cost_usd" ? "cost" : "charge", budget: p.line.budget?.id, through: p.line.status.period_ends_at ? new Date(Date.parse(p.line.status.period_ends_at) - 1000).toISOString().slice(0, 10) : undefined }] : null, { every: 120 });
    const chart = computed(() => {
      const step = long.value ? DAY : 3_600, start = Math.floor(at(from.value) / step) * step, now = Date.now() / 1000;
      const end = p.line.status?.period_ends_at ? at(p.line.status.period_ends_at) : Math.ceil(now / step) * step;
      const spent = new Map((usage.data?.data ?? []).map((line) => [Math.floor(at(line.start) / step) * step, Number(line[measure(p.line.scope)])]));
      const times = [], real = [], even = [], coming = [];
      let sum = 0;
      for (let time = start; time <= end; time += step) {
        times.push(time);
        // The point is the sum up to then; the last before now has all of it.
        real.push(time <= now ? sum : null);
        even.push(p.line.status?.period_ends_at ? p.line.allowance * (time - start) / (end - start) : null);
        coming.push(/** @type {number | null} */ (null));
        sum += spent.get(time) ?? 0;
        if (time <= now && time + step > now) real[real.length - 1] = sum;
      }
      const days = forecast.data && (now - at(forecast.data.history_from)) / DAY >= 3 ? forecast.data.days : [];
      for (const day of days) {
        const next = at(day.day) + DAY, index = Math.round((next - start) / step);
        if (index < times.length) coming[index] = p.line.spent + Number(day.cumulative.expected_usd);
      }
      // Between the days the line is straight: gaps would hide it.
      const last = Math.min(times.length - 1, Math.max(0, Math.floor((now - start) / step)));
      if (days.length) coming[last] = p.line.spent;
      fill(coming);
      return { times, series: [
        { label: t("budgets.spent"), values: real, color: "--c1", area: true },
        ...(p.line.status?.period_ends_at ? [{ label: t("budgets.even"), values: even, color: "--c6", dash: [4, 4] }] : []),
        ...(days.length ? [{ label: t("forecast"), values: coming, color: "--c3", dash: [6, 4] }] : []),
      ] };
    });
    /** When it will be used up; nothing of what was foretold for another amount, or of what is used up already. */
    const ends = computed(() => {
      const one = forecast.data?.budgets?.find((budget) => budget.scope === p.line.scope);
      return one && p.line.used < 1 && Number(one.allowance_usd) === p.line.allowance ? one : null;
    });
    return () => html`
      <${Card} resource=${usage} title=${t("budgets.pace")} hint=${t("budgets.pace.hint")} tall=${240}>
        <${TimeChart} times=${chart.value.times} series=${chart.value.series} format=${f.usd} axis=${axis} label=${t("budgets.pace")} height=${220} limit=${p.line.allowance <= Math.max(p.line.spent, 1e-9) * 20 ? p.line.allowance : undefined} />
        <ul class="keys cost-keys">${chart.value.series.map((one) => html`<li key=${one.label}><i style=${{ background: `var(${one.color})` }}></i>${one.label}</li>`)}<li><i class="dash"></i>${t("budgets.limit")} ${f.usd(p.line.allowance)}</li></ul>
        ${ends.value?.exhausts_on && html`<p class="soft cost-line">${t("budgets.ends_on", { day: f.fullDate(ends.value.exhausts_on), early: ends.value.earliest ? f.day(ends.value.earliest) : "–", late: ends.value.latest ? f.day(ends.value.latest) : t("budgets.later") })}</p>`}
      <//>`;
  },
};
const axis = (/** @type {number} */ value) => f.usd(value, value >= 10 || value === 0 ? 0 : value >= 1 ? 1 : 3);

/** Draws straight lines over the gaps between known values. @param {(number | null)[]} values */
function fill(values) {
  let known = -1;
  values.forEach((value, i) => {
    if (value === null) return;
    const from = known >= 0 ? values[known] ?? 0 : 0;
    for (let k = known + 1; known >= 0 && k < i; k++) values[k] = from + (value - from) * (k - known) / (i - known);
    known = i;
  });
}

const Spenders = {
  props: ["line"],
  setup(p) {
    const by = computed(() => SPENDERS[parts(p.line.scope)[0]] ?? "key");
    const usage = useResource(() => ["/usage", { group_by: by.value, order_by: measure(p.line.scope).replace("_usd", ""), limit: 8, percentiles: false, since: since(p.line), ...narrow(p.line.scope) }], { every: 15 });
    const items = computed(() => (usage.data?.data ?? []).map((line) => ({ id: line[by.value], name: nameOf(line[by.value]), value: Number(line[measure(p.line.scope)]) })).filter((item) => item.value > 0));
    return () => html`
      <${Card} resource=${usage} title=${t("budgets.spenders", { by: t("cost.by." + by.value).toLowerCase() })} hint=${t("budgets.spenders.hint")} tall=${140}>
        ${items.value.length ? html`<${Bars} items=${items.value} format=${f.usd} />` : html`<${Empty} icon="coins" title=${t("budgets.spenders.none")} />`}
      <//>`;
  },
};

/** Props: line, onClose, onEdit(budget), onChanged. */
export const BudgetDetail = {
  props: ["line", "onClose", "onEdit", "onChanged"],
  setup(p) {
    const overriding = ref(false);
    const path = () => `/budgets/${encodeURIComponent(p.line.budget.id)}`;
    const remove = () => {
      const { budget } = p.line;
      confirm({
        title: t("budgets.remove"), text: t("budgets.remove.text", { name: budget.name || place(budget.scope) }), action: t("budgets.remove"), reason: true,
        run: async (reason) => {
          await api("DELETE", path(), { version: budget.version, reason });
          p.onClose();
          p.onChanged();
          const { id: _id, version: _version, created_at: _made, updated_at: _changed, ...fields } = budget;
          toast(t("budgets.removed"), { undo: () => api("POST", "/budgets", { body: fields, reason: t("undo") }).then(p.onChanged, (error) => toast(errorWords(error), { bad: true })) });
        },
      });
    };
    const end = () => confirm({
      title: t("budgets.override.end"), text: t("budgets.override.end.text"), action: t("budgets.override.end"), reason: true,
      run: async (reason) => {
        await api("PATCH", path(), { body: { override: null }, version: p.line.budget.version, reason });
        p.onChanged();
      },
    });
    const facts = () => {
      const { budget, status } = p.line;
      return [
        [t("budgets.scope"), p.line.budget && p.line.budget.scope !== p.line.scope ? `${place(p.line.scope)} · ${place(p.line.budget.scope)}` : place(p.line.scope)], [t("budgets.period"), periodName(budget)],
        [t("budgets.window"), status?.period_began_at ? `${f.full(status.period_began_at)} – ${f.full(status.period_ends_at)}` : "–"],
        [t("budgets.amount"), `${budget.amount.replace(/\.?0+$/, "")} ${budget.currency}`],
        [t("budgets.reserved"), f.usd(p.line.reserved)], [t("budgets.runway"), p.line.runwayText],
        [t("budgets.offset"), offsetText(budget.utc_offset_minutes)], [t("budgets.unpriced"), t("budgets.unpriced." + budget.unpriced)],
        [t("budgets.actions"), actions(budget)], [t("budgets.changed"), f.full(budget.updated_at)],
      ];
    };
    return () => html`
      <${Dialog} open=${Boolean(p.line)} title=${p.line ? p.line.budget?.name || place(p.line.scope) : ""} side=${true} wide=${true} onClose=${p.onClose}>
        ${p.line && html`<div class="stack">
          <div class="bud-head"><p class="big-v">${f.usd(p.line.spent)} <small class="muted">/ ${f.usd(p.line.allowance)}</small></p><${Badge} tone=${p.line.tone} text=${t("budgets.state." + p.line.state)} /></div>
          <${Gauge} used=${p.line.used} projected=${p.line.projected} label=${t("budgets.used")} />
          ${p.line.budget?.override && html`<div class="bud-over"><p><b>${t("budgets.override.now", { extra: `${p.line.budget.override.extra.replace(/\.?0+$/, "")} ${p.line.budget.currency}`, until: f.full(p.line.budget.override.until) })}</b><br /><span class="soft">${p.line.budget.override.reason}</span></p>${can("limits:write") && html`<button class="btn sm" type="button" onClick=${end}>${t("budgets.override.end")}</button>`}</div>`}
          ${can("limits:write") && html`<div class="row"><button class="btn sm" type="button" onClick=${() => p.onEdit(p.line.budget)}><${Icon} name="pencil" size="14" />${t("edit")}</button><button class="btn sm" type="button" onClick=${() => (overriding.value = true)}><${Icon} name="plus" size="14" />${t("budgets.override")}</button><button class="btn sm" type="button" onClick=${remove}><${Icon} name="trash-2" size="14" />${t("budgets.remove")}</button></div>`}
          ${can("usage:read") && p.line.status && html`<${Pace} key=${"pace" + p.line.key} line=${p.line} /><${Spenders} key=${"by" + p.line.key} line=${p.line} />`}
          <dl class="kv two">${facts().map(([label, value]) => html`<div key=${label}><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
          ${can("usage:read") && html`<p class="foot-links"><a href=${href("/cost", { ...narrow(p.line.scope) })}>${t("budgets.to.cost")}</a> · <a href=${href("/requests", { ...narrow(p.line.scope) })}>${t("budgets.to.requests")}</a></p>`}</div>`}
      <//>
      <${Override} open=${overriding.value} budget=${p.line?.budget} onClose=${() => (overriding.value = false)} onSaved=${p.onChanged} />`;
  },
};
