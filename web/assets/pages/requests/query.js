// The box for queries such as `model:gpt-4* -team:evals latency:>2s`: completes names and values, says what cannot be read.
import { computed, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { get } from "../../lib/api.js";
import { rangeQuery } from "../../lib/range.js";
import { route, setQuery } from "../../lib/route.js";
import { sumFilters } from "../../lib/requests.js";
import { Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** Names that may stand before a colon, and what is completed behind it. @type {Record<string, string[]>} */
const FIELDS = {
  model: [], asked: [], provider: [], key: [], team: [], user: [], tag: [],
  status: ["429", "4xx", "5xx", ">=400"], latency: [">1s", ">2s", ">5s"], ttft: [">500ms", ">1s"], cost: [">=0.01", ">=0.1"], tokens: [">1k", ">10k"],
  outcome: ["ok", "client_error", "limited", "blocked", "upstream_error", "gateway_error", "cancelled"], why: ["upstream_timeout", "upstream_failed", "rate_limit_exceeded", "budget_exceeded", "price_unknown", "model_not_found"],
  is: ["error", "slow", "cached", "stream", "unpriced"], has: ["retry", "fallback"], type: ["chat", "embeddings", "responses"], deployment: [],
  input: [">1k"], output: [">1k"], cached: [">0"], reasoning: [">0"], attempts: [">1"], queue: [">100ms"], overhead: [">10ms"],
};
/** How sums are asked for by a field. @type {Record<string, string>} */
const GROUPS = { model: "model", asked: "requested_model", provider: "provider", key: "key", team: "team", user: "user", tag: "tag" };

/** The values of a dimension with how many requests each has, the most first. @param {string} group */
export async function valuesOf(group) {
  const answer = await get("/usage", { ...sumFilters(), ...rangeQuery.value, tz: null, group_by: group, order_by: "requests", limit: 30, percentiles: false });
  return answer.data.map((/** @type {any} */ line) => ({ value: line[group], n: line.requests })).filter((/** @type {any} */ one) => one.value);
}

/** Props: error (why the gateway could not read it). */
export const QueryBox = {
  props: ["error"],
  setup(p) {
    const text = ref(route.query.q ?? ""), open = ref(false), index = ref(-1), values = ref(/** @type {{group: string, list: {value: string, n: number}[]}} */ ({ group: "", list: [] }));
    let timer = 0;
    watch(() => route.query.q, (q) => { if ((q ?? "") !== text.value.trim()) text.value = q ?? ""; });
    const word = computed(() => /(\S*)$/.exec(text.value)?.[1] ?? "");
    const field = computed(() => /^-?([a-z]+):/.exec(word.value)?.[1] ?? "");
    watch(field, async (name) => {
      const group = GROUPS[name];
      if (!group || values.value.group === group) return;
      const list = await valuesOf(group).catch(() => []);
      values.value = { group, list };
    });
    const options = computed(() => {
      const sign = word.value.startsWith("-") ? "-" : "", plain = word.value.slice(sign.length);
      if (!field.value) return Object.keys(FIELDS).filter((name) => name.startsWith(plain)).slice(0, 12).map((name) => ({ text: `${sign}${name}:`, note: has("requests.field." + name) ? t("requests.field." + name) : "" }));
      const begun = plain.slice(field.value.length + 1).toLowerCase();
      const counted = values.value.group === GROUPS[field.value] ? values.value.list : [];
      return [...counted.map((one) => ({ text: one.value, note: f.num(one.n) })), ...(FIELDS[field.value] ?? []).map((one) => ({ text: one, note: "" }))]
        .filter((one) => one.text.toLowerCase().startsWith(begun) && one.text.toLowerCase() !== begun).slice(0, 12)
        .map((one) => ({ text: `${sign}${field.value}:${/[\s"()]/.test(one.text) ? `"${one.text}"` : one.text}`, note: one.note }));
    });
    const send = () => {
      clearTimeout(timer);
      setQuery({ q: text.value.trim() }, { replace: true });
    };
    function typed(event) {
      text.value = event.target.value;
      [open.value, index.value] = [true, -1];
      clearTimeout(timer);
      if (event.isComposing) return;
      // A name without its value is not sent: it is still being written.
      if (!/:$/.test(text.value)) timer = setTimeout(send, 350);
    }
    function take(option) {
      text.value = text.value.slice(0, text.value.length - word.value.length) + option.text;
      index.value = -1;
      if (!option.text.endsWith(":")) {
        text.value += " ";
        open.value = false;
        send();
      }
    }
    function key(event) {
      // What is being composed, such as Chinese, takes Enter and the arrows for itself.
      if (event.isComposing) return;
      const count = options.value.length;
      if (event.key === "ArrowDown" && count) [open.value, index.value] = [true, (index.value + 1) % count];
      else if (event.key === "ArrowUp" && count) index.value = (index.value - 1 + count) % count;
      else if (event.key === "Enter") index.value >= 0 && open.value ? take(options.value[index.value]) : (open.value = false, send());
      else if (event.key === "Tab" && open.value && index.value >= 0) take(options.value[index.value]);
      else if (event.key === "Escape" && open.value) open.value = false;
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
    return () => {
      const shown = open.value && options.value.length > 0;
      return html`
        <div class="query"><div class=${"find" + (p.error ? " wrong" : "")}><${Icon} name="search" size="14" />
          <input id="query" type="text" role="combobox" spellcheck="false" autocomplete="off" aria-label=${t("requests.query")} aria-expanded=${String(shown)} aria-controls="query-list" aria-autocomplete="list" aria-activedescendant=${shown && index.value >= 0 ? "query-" + index.value : undefined} aria-invalid=${String(Boolean(p.error))} aria-describedby=${p.error ? "query-error" : undefined}
            placeholder=${t("requests.query.hint")} value=${text.value} onInput=${typed} onCompositionend=${typed} onKeydown=${key} onFocus=${() => (open.value = true)} onBlur=${() => (open.value = false)} />
          ${text.value && html`<button class="icon-b sm" type="button" aria-label=${t("requests.query.clear")} onClick=${() => { text.value = ""; send(); }}><${Icon} name="x" size="14" /></button>`}<kbd aria-hidden="true">/</kbd></div>
          <div id="query-list" role="listbox" aria-label=${t("requests.query.list")} class="query-list" hidden=${!shown}>${shown && options.value.map((option, k) => html`<div key=${option.text} id=${"query-" + k} role="option" aria-selected=${String(k === index.value)} class=${k === index.value ? "on" : ""} onMousedown=${(event) => { event.preventDefault(); take(option); }} onMousemove=${() => (index.value = k)}><span class="mono">${option.text}</span><small>${option.note}</small></div>`)}</div>
          ${p.error && html`<p class="wrong-t" id="query-error" role="alert">${p.error.message}</p>`}</div>`;
    };
  },
};
