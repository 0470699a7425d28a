// One provider: how its deployments and keys do, what it is, and what can be done with it.
import { computed, reactive, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { confirm, Dialog } from "../../lib/dialog.js";
import { useResource } from "../../lib/resource.js";
import { href } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, errorWords, FormError, Icon, Status, TextField, useForm } from "../../lib/ui.js";
import { Verdict } from "./verdict.js";
import * as f from "../../lib/format.js";

/** Why a provider cannot be changed here. @param {any} one */
export const locked = (one) => t("providers.locked", { source: one.source === "configuration" ? t("providers.source.file") : one.source });

/** A breaker or a key as a tone. @param {string} state */
const tone = (state) => ["closed", "ready", "available"].includes(state) ? "ok" : ["open", "refused", "spent"].includes(state) ? "bad" : "warn";

export const Detail = {
  props: ["of", "state", "onClose", "onChanged"],
  setup(p) {
    const health = useResource(() => p.of ? ["/api/health", { all: "1" }] : null, { every: 3 });
    const verdict = ref(/** @type {any} */ (null)), testing = ref(false), changing = ref(false);
    const entry = reactive({ api_key: "", base_url: "" });
    watch(() => p.of?.id, () => {
      [verdict.value, testing.value, changing.value] = [null, false, false];
      Object.assign(entry, { api_key: "", base_url: p.of?.base_url ?? "" });
    }, { immediate: true });
    const deployments = computed(() => (health.data?.deployments ?? []).filter((one) => one.provider === p.of?.id && (one.used || one.state !== "closed" || one.drained)));
    const keys = computed(() => (health.data?.providers ?? []).find((one) => one.name === p.of?.id)?.keys ?? []);
    const path = () => "/providers/" + encodeURIComponent(p.of.id);

    async function test() {
      const id = p.of.id;
      [testing.value, verdict.value] = [true, null];
      const told = await api("POST", path() + "/test", { body: {} }).catch((error) => ({ ok: false, error: errorWords(error), models: [] }));
      // Another provider may be open by now.
      if (p.of?.id === id) [testing.value, verdict.value] = [false, told];
    }
    const form = useForm(async () => {
      const id = p.of.id, moved = entry.base_url !== (p.of.base_url ?? "");
      await api("PATCH", path(), { body: { ...(entry.api_key ? { api_key: entry.api_key } : {}), ...(moved ? { base_url: entry.base_url || null } : {}) } });
      toast(t("providers.changed", { name: id }));
      if (p.of?.id === id) {
        changing.value = false;
        entry.api_key = "";
      }
      p.onChanged();
    });
    const remove = (id = p.of.id) => confirm({
      title: t("providers.remove.of", { name: id }), text: t("providers.remove.text"), action: t("delete"), typed: id, reason: true,
      run: async (reason) => {
        await api("DELETE", "/providers/" + encodeURIComponent(id), { reason });
        toast(t("providers.removed", { name: id }));
        if (p.of?.id === id) p.onClose();
        p.onChanged();
      },
    });
    const drain = (id = p.of.id) => confirm({
      title: t("providers.drain.of", { name: id }), text: t("providers.drain.text"), action: t("providers.drain"), reason: true,
      run: async (reason) => {
        await api("POST", "/api/health/drain", { body: { provider: id, reason } });
        p.onChanged();
      },
    });
    const resume = () => api("POST", "/api/health/resume", { body: { provider: p.of.id } }).then(p.onChanged, (error) => toast(errorWords(error), { bad: true }));

    return () => {
      const one = p.of;
      return html`
        <${Dialog} open=${Boolean(one)} side=${true} title=${one?.name || one?.id || ""} onClose=${p.onClose}>${one && html`
          <dl class="kv two">
            <div><dt>${t("providers.state")}</dt><dd>${p.state}</dd></div><div><dt>${t("providers.kind")}</dt><dd>${one.kind}</dd></div>
            <div><dt>${t("providers.key")}</dt><dd class=${one.credential.tail ? "mono" : ""}>${one.credential.tail ? "…" + one.credential.tail : t("providers.key." + one.credential.state)}</dd></div><div><dt>${t("providers.models")}</dt><dd><a href=${href("/providers", { tab: "models", provider: one.id })}>${f.num(one.models)}</a></dd></div>
            <div><dt>${t("providers.requests")}</dt><dd><a href=${href("/requests", { provider: one.id })}>${f.num(one.requests)}</a></dd></div><div><dt>${t("providers.spend")}</dt><dd>${f.nano(one.spend_nano)}</dd></div>
            <div class="whole"><dt>${t("providers.base_url")}</dt><dd class="mono">${one.base_url ?? "–"}</dd></div></dl>
          ${!one.changeable && html`<p class="locked"><${Icon} name="lock" size="15" />${locked(one)}</p>`}
          ${one.last_error && html`<p class="form-error" role="status"><${Icon} name="circle-alert" size="15" />${one.last_error}</p>`}
          <div class="dr-f">
            ${can("settings:write") && html`<button class="btn primary" type="button" disabled=${testing.value} onClick=${test}><${Icon} name=${testing.value ? "loader-circle" : "zap"} size="15" />${t(testing.value ? "providers.testing" : "providers.test")}</button>`}
            ${one.changeable && can("settings:write") && html`<button class="btn" type="button" aria-expanded=${String(changing.value)} onClick=${() => (changing.value = !changing.value)}><${Icon} name="pencil" size="15" />${t("edit")}</button>`}
            ${can("routing:write") && (one.drained ? html`<button class="btn" type="button" onClick=${resume}><${Icon} name="circle-play" size="15" />${t("providers.resume")}</button>` : html`<button class="btn" type="button" onClick=${() => drain()}><${Icon} name="circle-pause" size="15" />${t("providers.drain")}</button>`)}
            ${one.changeable && can("settings:write") && html`<button class="btn" type="button" onClick=${() => remove()}><${Icon} name="trash-2" size="15" />${t("delete")}</button>`}</div>
          ${verdict.value && html`<${Verdict} of=${verdict.value} />`}
          ${changing.value && html`<form class="form change" onSubmit=${form.submit}>
            <${TextField} model=${entry} name="api_key" type="password" label=${t("providers.new_key")} hint=${t("providers.new_key.hint")} error=${form.fields.value.api_key} autocomplete="new-password" />
            <${TextField} model=${entry} name="base_url" label=${t("providers.base_url")} hint=${t("providers.base_url.hint")} error=${form.fields.value.base_url} />
            <${FormError} error=${form.error.value} /><div><button class="btn primary" type="submit" disabled=${form.busy.value}>${t("save")}</button></div></form>`}
          <h3>${t("providers.deployments")}</h3>
          ${deployments.value.length ? html`<ul class="deps">${deployments.value.map((dep) => html`<li key=${dep.id}><span><b class="model">${dep.id.slice(dep.id.indexOf("/") + 1)}</b><small class="muted">${t("providers.dep.facts", { n: f.num(dep.in_flight), p95: f.ms(dep.first_token_ms_p95), errors: f.pct(dep.error_rate) })}</small></span><${Status} tone=${dep.drained ? "warn" : tone(dep.state)} text=${t("providers.breaker." + (dep.drained ? "drained" : dep.state))} code=${dep.until_seconds ? Math.ceil(dep.until_seconds) + " s" : null} /></li>`)}</ul>` : html`<p class="muted">${t("providers.deployments.none")}</p>`}
          <h3>${t("providers.pool")}</h3>
          ${keys.value.length ? html`<ul class="deps">${keys.value.map((key) => html`<li key=${key.index}><span><b>${t("providers.key.n", { n: key.index + 1 })}</b><small class="muted mono">${key.digest.slice(0, 8)}</small></span>${key.refusals > 0 && html`<${Badge} tone="warn" text=${t("providers.refusals", { n: f.num(key.refusals) })} />`}<${Status} tone=${tone(key.state)} text=${t("providers.pool." + key.state)} code=${key.until_seconds ? Math.ceil(key.until_seconds) + " s" : null} /></li>`)}</ul>` : html`<p class="muted">${t("providers.pool.none")}</p>`}`}
        <//>`;
    };
  },
};
