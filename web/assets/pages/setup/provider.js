// The first provider: picked from the catalogue, tried, and kept.
import { computed, reactive, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api, get } from "../../lib/api.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { Badge, Failed, FormError, Icon, SelectField, TextField, useForm } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** Those that most begin with. */
const FIRST = ["openai", "anthropic", "google", "gemini", "deepseek", "mistral", "openrouter", "ollama"];

/** @param {string} words @param {number} n */
const count = (words, n) => t(n === 1 ? words + ".one" : words, { n: f.num(n) });

export const Provider = {
  props: ["made", "listed", "onNext", "onMade", "onListed"],
  setup(p) {
    const there = useResource(() => ["/providers"]), catalog = useResource(() => ["/providers/catalog"]);
    const entry = reactive({ api_key: "", kind: "openai", base_url: "", id: "local", words: "" }), verdict = ref(/** @type {any} */ (null));
    const chosen = computed(() => route.query.kind ?? "");
    const own = computed(() => chosen.value === "other");
    const facts = computed(() => (catalog.data?.providers ?? []).find((one) => one.id === chosen.value));
    const list = computed(() => {
      const words = entry.words.toLowerCase(), rank = (one) => FIRST.includes(one.id) ? FIRST.indexOf(one.id) : FIRST.length;
      // Those of which no model is known come last: a first call to them would be a guess.
      const all = (catalog.data?.providers ?? []).slice().sort((a, b) => rank(a) - rank(b) || Number(b.models > 0) - Number(a.models > 0) || a.name.localeCompare(b.name));
      return words ? all.filter((one) => (one.id + one.name).toLowerCase().includes(words)).slice(0, 12) : all.slice(0, 8);
    });
    const body = () => own.value ? { id: entry.id.trim(), kind: entry.kind, base_url: entry.base_url.trim(), ...(entry.api_key ? { api_key: entry.api_key.trim() } : {}) } : { id: chosen.value, ...(entry.base_url.trim() ? { base_url: entry.base_url.trim() } : {}), ...(entry.api_key ? { api_key: entry.api_key.trim() } : {}) };
    let number = 0;
    // A verdict is about what was tried: not about what is entered since.
    watch(() => JSON.stringify(body()), () => {
      number++;
      verdict.value = null;
    });
    const attempt = useForm(async () => {
      const mine = ++number;
      verdict.value = null;
      const told = await api("POST", "/providers/test", { body: body() });
      if (mine === number) verdict.value = told;
    });
    /**
     * What clients write for the models that the provider listed, the one that has answered first: its name alone where that
     * leads here, and the provider's before it otherwise. @param {string} id @param {any} told
     */
    async function askedBy(id, told) {
      const names = told?.models ?? [];
      if (!names.length) return [];
      const known = new Map((await get("/models").catch(() => ({ models: [] }))).models.map((one) => [one.id, one.target]));
      const first = told.call?.ok && names.includes(told.call.model) ? [told.call.model] : [];
      return [...new Set([...first, ...names])].map((name) => known.get(name) === `${id}/${name}` ? name : `${id}/${name}`);
    }
    const keep = useForm(async () => {
      const sent = body(), told = verdict.value;
      await api("POST", "/providers", { body: sent });
      const names = await askedBy(sent.id, told);
      p.onListed(names);
      p.onNext({ kind: null, model: names[0] ?? null });
    });
    const pick = (kind) => {
      verdict.value = null;
      Object.assign(entry, { api_key: "", base_url: "" });
      setQuery({ kind });
    };
    const usable = computed(() => (there.data?.providers ?? []).filter((one) => one.enabled && one.credential.state !== "missing"));
    const skip = () => html`<button class="btn big-b" type="button" onClick=${() => p.onNext({ kind: null })}>${t(usable.value.length ? "setup.provider.go_on" : "setup.skip")}</button>`;
    return () => chosen.value ? html`
      <form class="form two" onSubmit=${verdict.value?.ok ? keep.submit : attempt.submit}>
        <p class="whole row"><button class="link" type="button" onClick=${() => pick(null)}>${t("setup.provider.others")}</button><b>${own.value ? t("setup.provider.other") : facts.value?.name ?? chosen.value}</b>${facts.value?.needs?.length > 0 && html`<span class="muted">${t("setup.provider.needs", { what: facts.value.needs.join(", ") })}</span>`}</p>
        ${own.value && html`<${TextField} model=${entry} name="id" label=${t("setup.provider.id")} error=${attempt.fields.value.id} required=${true} />
          <${SelectField} model=${entry} name="kind" label=${t("setup.provider.kind")} error=${attempt.fields.value.kind} options=${[...new Set(["openai", "anthropic", ...(catalog.data?.providers ?? []).map((one) => one.kind)])].map((kind) => [kind, kind])} />
          <div class="whole"><${TextField} model=${entry} name="base_url" label=${t("setup.provider.url")} hint=${t("setup.provider.url.hint")} error=${attempt.fields.value.base_url} placeholder="https://models.example.com/v1" required=${true} /></div>`}
        ${(own.value || facts.value?.needs_key !== false) && html`<div class="whole"><${TextField} model=${entry} name="api_key" type="password" label=${t("setup.provider.key")} hint=${t("setup.provider.key.hint")} error=${attempt.fields.value.api_key ?? keep.fields.value.api_key} required=${!own.value} /></div>`}
        ${!own.value && html`<details class="whole more-of"><summary>${t("setup.provider.url.other")}</summary><${TextField} model=${entry} name="base_url" label=${t("setup.provider.url")} hint=${t("setup.provider.url.usual")} error=${attempt.fields.value.base_url ?? keep.fields.value.base_url} placeholder=${facts.value?.base_url ?? ""} /></details>`}
        <div class="whole" aria-live="polite">
          ${attempt.busy.value && html`<p class="soft row"><${Icon} name="loader-circle" size="15" />${t("setup.provider.trying")}</p>`}
          ${verdict.value && (verdict.value.ok ? html`<div class="verdict good"><${Icon} name="circle-check" size="17" /><div><b>${t("setup.provider.works", { ms: f.ms(verdict.value.latency_ms) })}</b><p>${count("setup.provider.models", verdict.value.models_total ?? verdict.value.models.length)} <span class="mono">${verdict.value.models.slice(0, 4).join(", ")}</span></p>${verdict.value.call && html`<p>${verdict.value.call.ok ? t("setup.provider.called", { model: verdict.value.call.model, ms: f.ms(verdict.value.call.latency_ms) }) : `${verdict.value.call.model}: ${verdict.value.call.error}`}</p>`}</div></div>`
            : html`<div class="verdict bad" role="alert"><${Icon} name="circle-alert" size="17" /><div><b>${t("setup.provider.fails")}</b><p>${verdict.value.error ?? verdict.value.call?.error}</p></div></div>`)}
          <${FormError} error=${attempt.error.value ?? keep.error.value} /></div>
        <div class="whole row">${verdict.value?.ok ? html`<button class="btn primary big-b" type="submit" disabled=${keep.busy.value}>${t("setup.provider.keep")}</button>` : html`<button class="btn primary big-b" type="submit" disabled=${attempt.busy.value}>${t("setup.provider.try")}</button>`}
          ${verdict.value && !verdict.value.ok && html`<button class="btn big-b" type="button" disabled=${keep.busy.value} onClick=${() => keep.submit()}>${t("setup.provider.anyway")}</button>`}${skip()}</div>
      </form>`
    : html`<div class="stack">
        ${usable.value.length > 0 && html`<p class="verdict good"><${Icon} name="circle-check" size="17" /><span>${t("setup.provider.there", { names: usable.value.map((one) => one.name || one.id).join(", ") })}</span></p>`}
        <label class="find wide-find"><${Icon} name="search" size="14" /><input type="search" placeholder=${t("setup.provider.find")} aria-label=${t("setup.provider.find")} value=${entry.words} onInput=${(event) => (entry.words = event.target.value)} /></label>
        ${catalog.error ? html`<${Failed} error=${catalog.error} onRetry=${catalog.reload} />` : catalog.data ? html`<ul class="tiles">${list.value.map((one) => html`<li key=${one.id}><button type="button" onClick=${() => pick(one.id)}><b>${one.name}</b><small>${count("setup.provider.known", one.models)}</small>${one.in_use && html`<${Badge} tone="good" text=${t("setup.provider.in_use")} />`}</button></li>`)}
          <li><button type="button" onClick=${() => pick("other")}><b>${t("setup.provider.other")}</b><small>${t("setup.provider.other.why")}</small></button></li></ul>` : html`<div class="sk" style=${{ height: "180px" }}></div>`}
        <div class="row">${skip()}</div></div>`;
  },
};
