// What the gateway brings for what it costs to run. Nobody but the reader knows the latter; it is kept in this browser.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { iso, range } from "../../lib/range.js";
import { Dialog } from "../../lib/dialog.js";
import { useResource } from "../../lib/resource.js";
import * as f from "../../lib/format.js";
import { post } from "./figures.js";
import { Kpi } from "./kpi.js";
import { dollars, nanos, saved } from "./money.js";
import { minute, monthStart } from "./periods.js";
import { scope } from "./scope.js";

const KEY = "cost.running";
const kept = () => {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
};
/** What the gateway costs to run, in dollars a month; "" while nobody said. */
export const running = ref(kept());

/** @param {string} amount */
function keep(amount) {
  running.value = amount;
  try {
    localStorage.setItem(KEY, amount);
  } catch { /* private mode: it is forgotten with the page */ }
}

/** The question what it costs; once a page. */
export const RunningCost = {
  props: ["open", "onClose"],
  setup(p) {
    const text = ref(running.value), wrong = ref(false);
    /** @param {Event} event */
    function save(event) {
      event.preventDefault();
      wrong.value = !/^\d{1,10}(\.\d{1,9})?$/.test(text.value.trim()) || Number(text.value) <= 0;
      if (wrong.value) return;
      keep(text.value.trim());
      p.onClose();
    }
    return () => html`
      <${Dialog} open=${p.open} title=${t("cost.running")} keep="form" onClose=${p.onClose}>
        <form class="form" onSubmit=${save}><p class="soft">${t("cost.running.text")}</p>
          <div class=${"field" + (wrong.value ? " wrong" : "")}><label for="running-cost">${t("cost.running.month")}</label>
            <span class="input"><input id="running-cost" inputmode="decimal" autocomplete="off" placeholder="50" value=${text.value} aria-invalid=${wrong.value ? "true" : undefined} aria-describedby="running-hint" onInput=${(event) => (text.value = event.target.value)} /><i>USD</i></span>
            <p id="running-hint" class=${wrong.value ? "wrong-t" : "muted"}>${t(wrong.value ? "cost.running.wrong" : "cost.running.kept")}</p></div>
          <div class="dr-f"><button class="btn primary" type="submit">${t("save")}</button><button class="btn" type="button" onClick=${p.onClose}>${t("cancel")}</button></div></form>
      <//>`;
  },
};

/** This month's savings against this month's part of the running cost. */
export function useReturns() {
  const now = computed(() => minute(range.value.live ? range.value.to : Date.now() / 1000));
  const part = computed(() => {
    const from = monthStart(now.value);
    return Number(running.value) * (now.value - from) / (monthStart(now.value, 1) - from);
  });
  const resource = useResource(() => running.value && scope.value === ""
    ? ["/roi", { measured: true, o_cost_usd: part.value.toFixed(6), since: iso(monthStart(now.value)), until: iso(now.value) }] : null, { ask: post });
  const value = computed(() => {
    if (!resource.data?.measured || !part.value) return null;
    const gain = Number(dollars(saved(resource.data.measured)));
    return { gain, cost: part.value, share: (gain - part.value) / part.value, spend: Number(dollars(nanos(resource.data.measured.cost_usd))) };
  });
  return { resource, value };
}

export const Returns = {
  setup() {
    const { resource, value } = useReturns(), asking = ref(false);
    // The running cost is the whole gateway's: a part of the savings says nothing about it.
    const shown = computed(() => scope.value === "" ? value.value : null);
    return () => html`
      <${Kpi} title=${t("cost.roi")} hint=${t("cost.roi.hint")} resource=${running.value && scope.value === "" ? resource : null}>
        <p class="v">${shown.value ? f.pct(shown.value.share, 0) : "–"}</p>
        ${scope.value !== "" ? html`<p class="muted cost-line">${t("cost.roi.whole")}</p>` : shown.value ? html`<p class="muted cost-line">${t("cost.roi.parts", { gain: f.usd(shown.value.gain), cost: f.usd(shown.value.cost) })}</p>` : ""}
        <p class="cost-line"><button class="link" type="button" onClick=${() => (asking.value = true)}>${running.value ? t("cost.roi.change", { amount: f.usd(running.value) }) : t("cost.roi.set")}</button></p><//>
      <${RunningCost} open=${asking.value} onClose=${() => (asking.value = false)} />`;
  },
};
