// Starts an experiment: what it is about, its arms, who gets how much, and what ends it by itself.
import { computed, reactive, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { Dialog } from "../../lib/dialog.js";
import { namesIn } from "../../lib/names.js";
import { useResource } from "../../lib/resource.js";
import { toast } from "../../lib/toast.js";
import { FormError, Icon, Segmented, TextField, useForm } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

const STEPS = ["what", "arms", "share", "review"];
const DAYS = 7;
/** A difference of shares of errors that is to be seen, and the requests that it takes: 80 % power at 95 % confidence. */
const DIFFERENCE = 0.02;
const needed = (share) => Math.ceil(16 * Math.max(share, 0.005) * (1 - share) / DIFFERENCE ** 2);

export const Starter = {
  props: ["open", "taken", "onClose", "onMade"],
  setup(p) {
    const step = ref("what");
    const entry = reactive({ name: "", models: "", kind: "canary", arms: [{ model: "", weight: "1" }, { model: "", weight: "1" }], share: "5%", steps: "1%, 5%, 20%, 50%, 100%", requests_per_step: "100", time_per_step: "10m", error_rate_margin: "2%", latency_margin: "20%", cost_margin: "off", feedback_margin: "5%", reason: "" });
    const models = useResource(() => p.open ? ["/models"] : null);
    const usage = useResource(() => p.open && step.value === "review" ? ["/usage", { group_by: "requested_model", since: new Date(Math.floor(Date.now() / 3_600_000) * 3_600_000 - DAYS * 86_400_000).toISOString(), limit: 1000, percentiles: false }] : null);
    watch(() => p.open, (open) => {
      if (!open) return;
      step.value = "what";
      Object.assign(entry, { name: "", models: "", reason: "", arms: [{ model: "", weight: "1" }, { model: "", weight: "1" }] });
    });
    watch(() => entry.models, (now, before) => {
      // As a rule requests stay with the first arm as they are.
      if (entry.arms[0].model === (namesIn(before)[0] ?? "")) entry.arms[0].model = namesIn(now)[0] ?? "";
    });
    const body = () => ({
      name: entry.name, kind: entry.kind, models: namesIn(entry.models),
      arms: entry.arms.filter((one) => one.model).map((one) => entry.kind === "split" ? { model: one.model, weight: Number(one.weight) || 0 } : one.model),
      ...(entry.kind === "shadow" ? { share: entry.share } : {}),
      ...(entry.kind === "canary" ? { canary: { steps: namesIn(entry.steps), requests_per_step: Number(entry.requests_per_step), time_per_step: entry.time_per_step, error_rate_margin: entry.error_rate_margin, latency_margin: entry.latency_margin, cost_margin: entry.cost_margin, feedback_margin: entry.feedback_margin } } : {}),
      ...(entry.reason ? { reason: entry.reason } : {}),
    });
    const form = useForm(async () => {
      const made = await api("POST", "/experiments", { body: body() });
      toast(t("experiments.made", { name: made.name }));
      p.onMade(made.name);
    });
    /** How long it takes to see anything, by the pace of the last days. */
    const estimate = computed(() => {
      const asked = new Set(namesIn(entry.models)), lines = (usage.data?.data ?? []).filter((line) => asked.has(line.requested_model));
      const requests = lines.reduce((sum, line) => sum + line.requests, 0), errors = lines.reduce((sum, line) => sum + line.errors, 0);
      if (!requests) return null;
      const n = needed(errors / requests), weights = entry.arms.map((one) => Number(one.weight) || 0), whole = weights.reduce((sum, weight) => sum + weight, 0) || 1;
      const least = entry.kind === "split" ? Math.min(...weights) / whole : entry.kind === "shadow" ? parseFloat(entry.share) / 100 : 0.5;
      return { n, days: least > 0 ? n / (requests / DAYS * least) : null, rate: errors / requests, pace: requests / DAYS };
    });
    function next(event) {
      event.preventDefault();
      step.value = STEPS[STEPS.indexOf(step.value) + 1];
    }
    const buttons = (last) => html`<div class="dr-f"><button class="btn primary" type="submit" disabled=${last && form.busy.value}>${t(last ? "experiments.start" : "next")}</button>${step.value !== "what" && html`<button class="btn" type="button" onClick=${() => (step.value = STEPS[STEPS.indexOf(step.value) - 1])}>${t("back")}</button>`}</div>`;
    const field = (name, more = {}) => html`<${TextField} model=${entry} name=${name} label=${t("experiments." + name)} hint=${more.hint ? t("experiments." + name + ".hint") : undefined} error=${form.fields.value[name]} type=${more.type} required=${more.required} placeholder=${more.placeholder} />`;

    const pages = {
      what: () => html`<form class="form" onSubmit=${next}>
        <div><${Segmented} label=${t("experiments.kind")} value=${entry.kind} options=${["canary", "split", "shadow"].map((one) => [one, t("experiments.kind." + one)])} onPick=${(one) => (entry.kind = one)} /><p class="muted kind-h">${t("experiments.kind." + entry.kind + ".hint")}</p></div>
        ${field("name", { hint: true, required: true, placeholder: "newer-support" })}${field("models", { hint: true, required: true, placeholder: "support" })}
        ${p.taken.includes(entry.name) && html`<p class="wrong-t" role="alert">${t("experiments.taken")}</p>`}${buttons(false)}</form>`,
      arms: () => html`<form class="form" onSubmit=${next}>
        <p class="soft">${t("experiments.arms.what")}</p><datalist id="arm-names">${(models.data?.models ?? []).slice(0, 500).map((one) => html`<option key=${one.id} value=${one.id}></option>`)}</datalist>
        <ul class="arms">${entry.arms.map((one, i) => html`<li key=${i}><b class="num muted">${i + 1}</b><span class="input"><input aria-label=${t("experiments.arm.n", { n: i + 1 })} list="arm-names" required=${i < 2} value=${one.model} placeholder=${i ? "claude-sonnet-4-5" : "support"} onInput=${(event) => (one.model = event.target.value)} /></span>
          ${i > 1 ? html`<button class="icon-b sm" type="button" aria-label=${t("experiments.arm.take", { n: i + 1 })} onClick=${() => entry.arms.splice(i, 1)}><${Icon} name="trash-2" size="14" /></button>` : html`<span class="muted">${i ? "" : t("experiments.first")}</span>`}</li>`)}</ul>
        ${entry.kind !== "canary" && html`<div><button class="btn sm" type="button" onClick=${() => entry.arms.push({ model: "", weight: "1" })}><${Icon} name="plus" size="14" />${t("experiments.arm.add")}</button></div>`}${buttons(false)}</form>`,
      share: () => html`<form class="form two" onSubmit=${next}>
        ${entry.kind === "split" && entry.arms.filter((one) => one.model).map((one, i) => html`<${TextField} key=${i} model=${one} name="weight" type="number" label=${t("experiments.weight", { model: one.model })} />`)}
        ${entry.kind === "shadow" && field("share", { hint: true, required: true })}
        ${entry.kind === "canary" && html`<div class="whole">${field("steps", { hint: true, required: true })}</div>${field("requests_per_step", { type: "number" })}${field("time_per_step")}
          <p class="whole soft">${t("experiments.guards")}</p>${field("error_rate_margin", { hint: true })}${field("latency_margin", { hint: true })}${field("cost_margin", { hint: true })}${field("feedback_margin", { hint: true })}`}
        <p class="whole muted">${t("experiments.sticky")}</p><div class="whole">${buttons(false)}</div></form>`,
      review: () => html`<form class="form" onSubmit=${form.submit}>
        <pre class="code short" tabindex="0">${JSON.stringify(body(), null, 2)}</pre>
        <p class="soft">${estimate.value ? t(estimate.value.days === null ? "experiments.estimate.n" : "experiments.estimate", { n: f.num(estimate.value.n), days: f.num(Math.max(1, Math.ceil(estimate.value.days ?? 0))), rate: f.pct(estimate.value.rate), pace: f.compact(estimate.value.pace) }) : usage.loading ? "" : t("experiments.estimate.none")}</p>
        ${field("reason", { hint: true })}<${FormError} error=${form.error.value} />${buttons(true)}</form>`,
    };
    return () => html`
      <${Dialog} open=${p.open} wide=${true} keep="form" title=${t("experiments.new")} onClose=${p.onClose}>
        <ol class="steps" aria-label=${t("experiments.new")}>${STEPS.map((one, i) => html`<li key=${one} class=${STEPS.indexOf(step.value) > i ? "past" : ""} aria-current=${one === step.value ? "step" : undefined}><b>${i + 1}</b>${t("experiments.step." + one)}</li>`)}</ol>
        ${pages[step.value]()}
      <//>`;
  },
};
