// Adds a provider: what kind, with which key, tried, with which models, and saved.
import { computed, reactive, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { Dialog } from "../../lib/dialog.js";
import { useResource } from "../../lib/resource.js";
import { toast } from "../../lib/toast.js";
import { Badge, errorWords, Failed, FormError, Icon, SelectField, TextField, useForm } from "../../lib/ui.js";
import { Verdict } from "./verdict.js";
import * as f from "../../lib/format.js";

const STEPS = ["kind", "key", "test", "models"];
const PROTOCOLS = ["openai", "anthropic", "responses", "gemini", "bedrock", "cohere", "ollama"];
/** Kinds that are offered at once; more come by typing. */
const SHOWN = 60;
/** A provider of one's own, that the catalogue does not know. */
const OWN = { id: "", name: "", kind: "", own: true, needs: [] };

export const Adder = {
  props: ["open", "taken", "onClose", "onMade"],
  setup(p) {
    const catalog = useResource(() => p.open ? ["/providers/catalog"] : null);
    const step = ref("kind"), words = ref(""), kind = ref(/** @type {any} */ (null)), verdict = ref(/** @type {any} */ (null)), testing = ref(false);
    const entry = reactive({ id: "", protocol: "openai", base_url: "", api_key: "" }), needs = reactive(/** @type {Record<string, string>} */ ({})), chosen = reactive(/** @type {Set<string>} */ (new Set()));
    watch(() => p.open, (open) => {
      if (!open) return;
      [step.value, words.value, kind.value, verdict.value] = ["kind", "", null, null];
      chosen.clear();
    });
    const kinds = computed(() => (catalog.data?.providers ?? []).filter((one) => (one.id + one.name).toLowerCase().includes(words.value.toLowerCase()))
      // Of the others the catalogue knows no model: they are there for those who know them.
      .sort((a, b) => Number(b.models > 0) - Number(a.models > 0) || a.name.localeCompare(b.name)));
    function pick(one) {
      kind.value = one;
      Object.assign(entry, { id: one.own ? "" : p.taken.includes(one.id) ? one.id + "-2" : one.id, protocol: one.own ? "openai" : one.kind, base_url: one.own || p.taken.includes(one.id) ? one.base_url ?? "" : "", api_key: "" });
      for (const name of Object.keys(needs)) delete needs[name];
      for (const name of one.needs) needs[name] = "";
      step.value = "key";
    }
    /** The provider in the words of the configuration file. A second one of a kind has to say all of it. */
    const body = () => {
      const alone = !kind.value.own && entry.id === kind.value.id, variables = Object.fromEntries(Object.entries(needs).filter(([, value]) => value));
      return { id: entry.id, ...(alone ? {} : { kind: entry.protocol }), ...(entry.base_url ? { base_url: entry.base_url } : {}), ...(entry.api_key ? { api_key: entry.api_key } : {}), ...(Object.keys(variables).length ? { variables } : {}) };
    };
    let attempt = 0;
    async function test(event) {
      event?.preventDefault();
      const mine = ++attempt;
      [step.value, testing.value, verdict.value] = ["test", true, null];
      const told = await api("POST", "/providers/test", { body: body() }).catch((error) => ({ ok: false, error: errorWords(error), models: [] }));
      // It may be about what was entered before.
      if (mine === attempt) [testing.value, verdict.value] = [false, told];
    }
    watch(() => [p.open, kind.value, { ...entry }, { ...needs }], () => {
      attempt++;
      [testing.value, verdict.value] = [false, null];
    });
    const form = useForm(async () => {
      await api("POST", "/providers", { body: { ...body(), ...(chosen.size ? { models: [...chosen] } : {}) } });
      toast(t("providers.made", { name: entry.id }));
      p.onMade();
      p.onClose();
    });
    const toggle = (name) => chosen.has(name) ? chosen.delete(name) : chosen.add(name);

    const pages = {
      kind: () => html`
        <div class="find wide-f"><${Icon} name="search" size="14" /><input type="search" placeholder=${t("providers.find")} aria-label=${t("providers.find")} value=${words.value} onInput=${(event) => (words.value = event.target.value)} /></div>
        ${catalog.error && !catalog.data ? html`<${Failed} error=${catalog.error} onRetry=${catalog.reload} />` : !catalog.data ? html`<div class="sk" style=${{ height: "240px" }}></div>` : html`
        <ul class="offers">${kinds.value.slice(0, SHOWN).map((one) => html`<li key=${one.id}><button type="button" onClick=${() => pick(one)}><b>${one.name}</b><small class="muted">${t(one.models === 1 ? "providers.models.one" : "providers.models.n", { n: f.num(one.models) })}</small>${one.in_use && html`<${Badge} tone="good" text=${t("providers.in_use")} />`}</button></li>`)}
          <li><button type="button" onClick=${() => pick(OWN)}><b>${t("providers.own")}</b><small class="muted">${t("providers.own.why")}</small></button></li></ul>
        ${kinds.value.length > SHOWN && html`<p class="muted kinds-more">${t("providers.kinds.more", { n: f.num(kinds.value.length - SHOWN) })}</p>`}`}`,
      key: () => html`<form class="form two" onSubmit=${test}>
        <${TextField} model=${entry} name="id" label=${t("providers.id")} hint=${t("providers.id.hint")} required=${true} />
        ${kind.value.own ? html`<${SelectField} model=${entry} name="protocol" label=${t("providers.kind")} options=${PROTOCOLS.map((one) => [one, one])} />` : html`<${TextField} model=${entry} name="base_url" label=${t("providers.base_url")} placeholder=${kind.value.base_url ?? ""} hint=${t("providers.base_url.usual")} />`}
        ${kind.value.own && html`<div class="whole"><${TextField} model=${entry} name="base_url" label=${t("providers.base_url")} placeholder="https://llm.example.com/v1" required=${true} /></div>`}
        ${Object.keys(needs).map((name) => html`<${TextField} key=${name} model=${needs} name=${name} label=${name} required=${true} />`)}
        <div class="whole"><${TextField} model=${entry} name="api_key" type="password" label=${t("providers.api_key")} hint=${t("providers.api_key.hint")} required=${!kind.value.own && kind.value.needs_key} autocomplete="new-password" /></div>
        <div class="whole dr-f"><button class="btn primary" type="submit"><${Icon} name="zap" size="15" />${t("providers.test")}</button><button class="btn" type="button" onClick=${() => (step.value = "kind")}>${t("back")}</button></div></form>`,
      test: () => html`
        ${testing.value ? html`<div class="sk verdict-sk" role="status" aria-label=${t("providers.testing")}></div>` : verdict.value && html`<${Verdict} of=${verdict.value} />`}
        <div class="dr-f"><button class="btn primary" type="button" disabled=${testing.value} onClick=${() => (step.value = "models")}>${t(verdict.value && !verdict.value.ok ? "providers.anyway" : "next")}</button>
          <button class="btn" type="button" disabled=${testing.value} onClick=${test}><${Icon} name="rotate-ccw" size="14" />${t("providers.again")}</button><button class="btn" type="button" onClick=${() => (step.value = "key")}>${t("back")}</button></div>`,
      models: () => html`<form class="form" onSubmit=${form.submit}>
        <p class="soft">${t("providers.choose")}</p>
        ${verdict.value?.models?.length ? html`<ul class="choose" tabindex="0" aria-label=${t("providers.models")}>${verdict.value.models.map((name) => html`<li key=${name}><label><input type="checkbox" checked=${chosen.has(name)} onChange=${() => toggle(name)} /><span class="mono">${name}</span></label></li>`)}</ul>
          <p class="row"><button class="btn sm" type="button" onClick=${() => verdict.value.models.forEach((name) => chosen.add(name))}>${t("providers.choose.all")}</button><button class="btn sm" type="button" onClick=${() => chosen.clear()}>${t("providers.choose.none")}</button><span class="muted">${t("providers.chosen", { n: f.num(chosen.size) })}</span></p>` : html`<p class="muted">${t("providers.choose.unknown")}</p>`}
        <${FormError} error=${form.error.value} />
        <div class="dr-f"><button class="btn primary" type="submit" disabled=${form.busy.value}>${t("save")}</button><button class="btn" type="button" onClick=${() => (step.value = "test")}>${t("back")}</button></div></form>`,
    };
    return () => html`
      <${Dialog} open=${p.open} wide=${true} keep="form" title=${kind.value && step.value !== "kind" ? t("providers.add.of", { name: kind.value.name || t("providers.own") }) : t("providers.add")} onClose=${p.onClose}>
        <ol class="steps" aria-label=${t("providers.add")}>${STEPS.map((one, i) => html`<li key=${one} class=${STEPS.indexOf(step.value) > i ? "past" : ""} aria-current=${one === step.value ? "step" : undefined}><b>${i + 1}</b>${t("providers.step." + one)}</li>`)}</ol>
        ${pages[step.value]()}
      <//>`;
  },
};
