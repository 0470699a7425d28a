// A budget's fields: for a new one, and to change one. Whose money it is stays with a budget for good.
import { computed, reactive, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api, ApiError, once } from "../../lib/api.js";
import { confirm, Dialog } from "../../lib/dialog.js";
import { toast } from "../../lib/toast.js";
import { errorWords, FormError, SelectField, TextField, useForm } from "../../lib/ui.js";
import { named } from "../cost/scope.js";
import { offsetNow, offsets, offsetText } from "./offset.js";
import { LastPeriods } from "./past.js";
import { KINDS, parts } from "./standing.js";
import { place } from "./words.js";

const PERIODS = ["day", "week", "month", "quarter", "year", "rolling", "total"];
const plain = (/** @type {string} */ amount) => amount.replace(/\.?0+$/, "");
const usual = () => ({
  name: "", kind: "team", target: "*", amount: "", currency: "USD", period: "month", hours: "24", offset: String(offsetNow()),
  warn: "50, 80, 100", soft: "", model: "", hard: "freeze", unpriced: "refuse", reason: "",
});
/** @param {any} budget */
const fields = (budget) => ({
  ...usual(), name: budget.name, kind: parts(budget.scope)[0], target: parts(budget.scope)[1], amount: plain(budget.amount), currency: budget.currency, period: budget.period,
  hours: String(budget.rolling_hours ?? 24), offset: String(budget.utc_offset_minutes), warn: budget.warn_at_percent.join(", "), soft: budget.soft_at_percent == null ? "" : String(budget.soft_at_percent),
  model: budget.soft_model ?? "", hard: budget.hard_action, unpriced: budget.unpriced,
});

export const BudgetEditor = {
  props: ["open", "budget", "onClose", "onSaved"],
  setup(p) {
    const entry = reactive(usual());
    let name = once();
    watch(() => p.open, (open) => {
      if (!open) return;
      Object.assign(entry, p.budget ? fields(p.budget) : usual());
      // What was refused when it was last open is not about what is entered now.
      form.error.value = null;
    });
    watch(() => entry.kind, () => p.budget || (entry.target = entry.kind === "gateway" ? "" : "*"));
    const scope = computed(() => entry.kind === "gateway" ? "gateway" : `${entry.kind}:${entry.target.trim() || "*"}`);
    const warns = () => entry.warn.split(/[,，、\s]+/).filter(Boolean);
    const body = () => ({
      name: entry.name, amount: entry.amount.trim(), currency: entry.currency.trim().toUpperCase(), period: entry.period,
      rolling_hours: entry.period === "rolling" ? Number(entry.hours) : null, utc_offset_minutes: Number(entry.offset),
      warn_at_percent: warns().map(Number), soft_at_percent: entry.soft ? Number(entry.soft) : null,
      soft_model: entry.soft ? entry.model.trim() || null : null, hard_action: entry.hard, unpriced: entry.unpriced,
    });
    async function send() {
      const reason = entry.reason || undefined;
      if (p.budget) {
        const was = p.budget, now = await api("PATCH", `/budgets/${encodeURIComponent(was.id)}`, { body: body(), version: was.version, reason });
        const back = Object.fromEntries(Object.keys(body()).map((key) => [key, was[key]]));
        toast(t("budgets.saved"), { undo: () => api("PATCH", `/budgets/${encodeURIComponent(was.id)}`, { body: back, version: now.version, reason: t("undo") }).then(p.onSaved, (error) => toast(errorWords(error), { bad: true })) });
      } else {
        await api("POST", "/budgets", { once: name, body: { ...body(), scope: scope.value }, reason });
        name = once();
        toast(t("budgets.made"));
      }
      p.onSaved();
      p.onClose();
    }
    /** What is told in one field, and was read from it one by one: the first that is wrong marks it. @param {string} name */
    const wrong = (name) => Object.entries(form.fields.value).find(([path]) => path === name || path.startsWith(name + "["))?.[1];
    const form = useForm(async () => {
      const odd = warns().find((one) => !(Number(one) > 0 && Number(one) <= 1000));
      if (odd !== undefined) {
        const message = t("budgets.warn.wrong", { what: odd });
        throw new ApiError(422, "invalid_fields", message, [{ path: "warn_at_percent", message }]);
      }
      // A budget of nothing is used up before it begins.
      const stops = (/** @type {any} */ amount, /** @type {string} */ hard) => Number(amount) === 0 && hard === "freeze";
      if (!stops(entry.amount, entry.hard) || (p.budget && stops(p.budget.amount, p.budget.hard_action))) return await send();
      confirm({ title: t("budgets.zero"), text: t("budgets.zero.text", { whose: place(scope.value) }), action: t("budgets.zero.do"), run: send });
    });
    const options = (list, words) => list.map((one) => [one, t(words + one)]);
    const Target = () => {
      const list = named(entry.kind);
      if (entry.kind === "gateway") return null;
      return list.length ? html`<${SelectField} model=${entry} name="target" label=${t("budgets.of")} error=${form.fields.value.scope} options=${[["*", t("budgets.each", { kind: t("cost.by." + entry.kind).toLowerCase() })], ...list]} />`
        : html`<${TextField} model=${entry} name="target" label=${t("budgets.of")} hint=${t("budgets.of.hint")} error=${form.fields.value.scope} required=${true} />`;
    };
    return () => html`
      <${Dialog} open=${p.open} title=${p.budget ? t("budgets.edit") : t("budgets.new")} wide=${true} keep="form" onClose=${p.onClose}>
        <form class="form two" onSubmit=${form.submit}>
          <${TextField} model=${entry} name="name" label=${t("budgets.name")} error=${form.fields.value.name} placeholder=${t("budgets.name.example")} />
          ${p.budget ? html`<div class="field"><span class="bud-fixed">${t("budgets.scope")}</span><p class="soft">${place(p.budget.scope)}</p><p class="muted">${t("budgets.scope.fixed")}</p></div>`
          : html`<${SelectField} model=${entry} name="kind" label=${t("budgets.scope")} options=${[["gateway", t("budgets.gateway")], ...KINDS.map((kind) => [kind, t("cost.by." + kind)])]} />${Target()}`}
          <${TextField} model=${entry} name="amount" label=${t("budgets.amount")} error=${form.fields.value.amount} required=${true} placeholder="500" />
          <${TextField} model=${entry} name="currency" label=${t("budgets.currency")} hint=${t("budgets.currency.hint")} error=${form.fields.value.currency} required=${true} />
          <${SelectField} model=${entry} name="period" label=${t("budgets.period")} error=${form.fields.value.period} options=${options(PERIODS, "budgets.period.")} />
          ${entry.period === "rolling" && html`<${TextField} model=${entry} name="hours" type="number" label=${t("budgets.hours")} error=${form.fields.value.rolling_hours} required=${true} />`}
          <${SelectField} model=${entry} name="offset" label=${t("budgets.offset")} hint=${t("budgets.offset.hint")} error=${form.fields.value.utc_offset_minutes} options=${offsets(Number(entry.offset)).map((one) => [String(one), offsetText(one)])} />
          <div class="whole"><${LastPeriods} scope=${scope.value} period=${entry.period} hours=${Number(entry.hours)} amount=${entry.currency.toUpperCase() === "USD" ? Number(entry.amount) : 0} /></div>
          <${TextField} model=${entry} name="warn" label=${t("budgets.warn")} hint=${t("budgets.warn.hint")} error=${wrong("warn_at_percent")} suffix="%" />
          <${SelectField} model=${entry} name="hard" label=${t("budgets.hard")} error=${form.fields.value.hard_action} options=${options(["freeze", "alert"], "budgets.hard.")} />
          <${TextField} model=${entry} name="soft" type="number" label=${t("budgets.soft")} hint=${t("budgets.soft.hint")} error=${form.fields.value.soft_at_percent} suffix="%" />
          <${TextField} model=${entry} name="model" label=${t("budgets.soft_model")} error=${form.fields.value.soft_model} placeholder="gpt-5-mini" required=${Boolean(entry.soft)} />
          <${SelectField} model=${entry} name="unpriced" label=${t("budgets.unpriced")} hint=${t("budgets.unpriced.hint")} error=${form.fields.value.unpriced} options=${options(["refuse", "allow"], "budgets.unpriced.")} />
          <${TextField} model=${entry} name="reason" label=${t("confirm.reason")} />
          <div class="whole"><${FormError} error=${form.error.value} /></div>
          <div class="whole dr-f"><button class="btn primary" type="submit" disabled=${form.busy.value}>${p.budget ? t("save") : t("budgets.make")}</button><button class="btn" type="button" onClick=${p.onClose}>${t("cancel")}</button></div>
        </form>
      <//>`;
  },
};
