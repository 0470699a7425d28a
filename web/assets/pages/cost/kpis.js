// The first row: today, this month and what it will come to, budgets, what a request costs, what is saved.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { Gauge } from "../../lib/charts.js";
import { Delta } from "../../lib/delta.js";
import { range } from "../../lib/range.js";
import { href } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { Badge } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { STATES, useBudgets } from "../budgets/standing.js";
import { useFigures } from "./figures.js";
import { useForecast } from "./forecast.js";
import { Kpi } from "./kpi.js";
import { change } from "./money.js";
import { minute, thisMonth, today } from "./periods.js";
import { filters, scope, scopeName } from "./scope.js";
import { Returns } from "./returns.js";

/** Now, in whole minutes. */
const now = computed(() => minute(range.value.live ? range.value.to : Date.now() / 1000));

const Today = {
  setup() {
    const spend = useFigures(["spend"], () => ({ from: today(now.value).from }), { every: 15 });
    const before = useFigures(["spend"], () => today(now.value).before);
    // Forecasts are of days of UTC, and so is what was spent of theirs.
    const ofForecast = useFigures(["spend"], () => ({ from: now.value - now.value % 86_400 }), { every: 60 });
    const forecast = useForecast();
    return () => {
      const value = spend.data?.spend.value ?? null, rest = forecast.today.value, spent = ofForecast.data?.spend.value;
      return html`<${Kpi} title=${t("cost.today")} hint=${t("cost.today.hint", { zone: f.zone() })} resource=${spend}>
        <p class="v">${f.usd(value)}</p>
        <${Delta} change=${change(value ?? 0, before.data?.spend.value)} calm=${0.1} good="down" text=${before.data?.spend.value ? t("cost.vs.yesterday") : t("cost.vs.nothing")} />
        <p class="muted cost-line">${rest === null || spent == null ? forecast.why("day") : t("cost.today.forecast", { amount: f.usd(spent + rest) })}</p><//>`;
    };
  },
};

const MonthToDate = {
  setup() {
    const spend = useFigures(["spend"], () => ({ from: thisMonth(now.value).from }), { every: 30 });
    const before = useFigures(["spend"], () => thisMonth(now.value).before);
    return () => {
      const value = spend.data?.spend.value ?? null, failures = spend.data?.spend.parts?.failures;
      return html`<${Kpi} title=${t("cost.mtd")} hint=${t("cost.mtd.hint", { zone: f.zone() })} resource=${spend}>
        <p class="v">${f.usd(value)}</p>
        <${Delta} change=${change(value ?? 0, before.data?.spend.value)} calm=${0.1} good="down" text=${before.data?.spend.value ? t("cost.vs.month") : t("cost.vs.nothing")} />
        <p class="muted cost-line">${failures == null ? "" : t("cost.mtd.failures", { amount: f.usd(failures) })}</p><//>`;
    };
  },
};

const MonthForecast = {
  setup() {
    const forecast = useForecast();
    return () => {
      const month = forecast.month.value;
      return html`<${Kpi} title=${t("cost.forecast")} hint=${t("cost.forecast.hint")} resource=${scope.value === null ? null : forecast.resource}>
        <p class="v">${month ? html`${f.usd(month.expected_usd)} <small class="muted">${t("est")}</small>` : "–"}</p>
        <p class="muted cost-line">${month ? t("cost.forecast.band", { low: f.usd(month.likely_usd.low), high: f.usd(month.likely_usd.high) }) : forecast.why("month")}</p>
        ${month && html`<p class="muted cost-line">${t("cost.forecast.from", { n: f.num(forecast.days.value) })}</p>`}<//>`;
    };
  },
};

/** The budget that is worst off, of those that the filters leave. */
const Budget = {
  setup() {
    const budgets = useBudgets();
    return () => {
      const lines = budgets.lines.value.filter((line) => line.status && (!scope.value || line.status.scope === scope.value));
      const one = lines.slice().sort((a, b) => STATES.indexOf(b.state) - STATES.indexOf(a.state) || b.used - a.used)[0];
      return html`<${Kpi} title=${t("cost.budget")} hint=${t("cost.budget.hint")} resource=${budgets.status} href=${href("/cost", { tab: "budgets" })}>
        ${one ? html`<p class="v">${f.pct(one.used, 0)} <${Badge} tone=${one.tone} text=${t("budgets.state." + one.state)} /></p>
          <${Gauge} used=${one.used} projected=${one.projected} label=${one.budget?.name || scopeName(one.status.scope)} />
          <p class="muted cost-line" title=${one.budget?.name}>${t("cost.budget.line", { name: one.budget?.name || scopeName(one.status.scope), used: f.usd(one.spent), limit: f.usd(one.allowance) })}</p>
          <p class="muted cost-line">${one.runwayText}${lines.length > 1 ? " · " + t("cost.budget.more", { n: f.num(lines.length) }) : ""}</p>`
        : html`<p class="v">–</p><p class="muted cost-line">${t("cost.budget.none")}</p>`}<//>`;
    };
  },
};

const PerRequest = {
  setup() {
    const figures = useFigures(["cost_per_request", "spend", "tokens"], () => ({ from: range.value.from - range.value.from % 60, to: Math.ceil(range.value.to / 60) * 60 }), { compare: "prev" });
    return () => {
      const one = figures.data?.cost_per_request, spend = figures.data?.spend.value, tokens = figures.data?.tokens.value;
      return html`<${Kpi} title=${t("cost.per_request")} hint=${t("cost.per_request.hint")} resource=${figures}>
        <p class="v">${f.usd(one?.value)}</p>
        <${Delta} change=${one?.value == null ? null : change(one.value, one.previous)} calm=${0.05} good="down" text=${one?.value == null ? t("cost.few", { n: f.num(one?.samples ?? 0), of: f.num(one?.needed ?? 1) }) : one.previous ? t("cost.vs.window") : t("cost.vs.nothing")} />
        <p class="muted cost-line">${tokens ? t("cost.per_request.tokens", { amount: f.usd((spend ?? 0) / tokens * 1000) }) : ""}</p><//>`;
    };
  },
};

const Savings = {
  setup() {
    const figures = useFigures(["savings"], () => ({ from: thisMonth(now.value).from }), { every: 30 });
    return () => {
      const one = figures.data?.savings;
      return html`<${Kpi} title=${t("cost.savings")} hint=${t("cost.savings.hint")} resource=${figures} href=${href("/cost", { tab: "savings" })}>
        <p class="v">${f.usd(one?.value)} <small class="muted">${t("est")}</small></p>
        <p class="muted cost-line">${t("cost.savings.cache", { amount: f.usd(one?.parts.prompt_cache) })}</p>
        <p class="muted cost-line">${t("cost.savings.routing", { amount: f.usd(one?.parts.routing) })}</p><//>`;
    };
  },
};

export const Kpis = {
  setup: () => () => html`<div class="cost-kpis" key=${JSON.stringify(filters.value)}>
    <${Today} /><${MonthToDate} /><${MonthForecast} />${can("limits:read") && html`<${Budget} />`}<${PerRequest} /><${Savings} /><${Returns} /></div>`,
};
