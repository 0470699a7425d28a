// All settings in force: where each comes from, what can be changed here, and the versions there were.
import { computed, reactive, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { has, t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { confirm, Dialog } from "../../lib/dialog.js";
import { ListCard } from "../../lib/list.js";
import { onLive } from "../../lib/live.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Field, FormError, Icon, Segmented, TextField, useForm } from "../../lib/ui.js";
import { leaves, lock, origin, parse, patch } from "./paths.js";
import { Versions } from "./versions.js";

/** How a value is shown. @param {any} value */
export const written = (value) => value === null || value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value);
/** Why a value is locked: the gateway tells it by a word. @param {string} reason */
const lockText = (reason) => !reason ? t("settings.locked") : has("settings.lock." + reason) ? t("settings.lock." + reason) : reason;
const TONES = { console: "info", environment: "warn", file: "", default: "" };

export const Configuration = {
  setup() {
    const configuration = useResource(() => ["/configuration"]), versions = useResource(() => ["/configuration/versions", { limit: 50 }]);
    const reload = () => (configuration.reload(), versions.reload());
    onLive("config", reload);
    const shown = computed(() => route.query.show ?? "");
    const rows = computed(() => leaves(configuration.data?.settings ?? {}).filter((one) => one.id).map((one) => ({ ...one, origin: origin(one.id, configuration.data.origins), lock: lock(one.id, configuration.data.locked, configuration.data.lock_reasons) })));
    const fits = (row, id) => !id || (id === "locked" ? row.lock !== null : id === "set" ? row.origin !== "default" : row.origin === id);
    const edited = computed(() => rows.value.find((row) => row.id === route.query.edit) ?? null);
    const entry = reactive({ value: "", reason: "" }), checked = ref(/** @type {any} */ (null));
    watch(edited, (row, before) => {
      if (row?.id === before?.id) return;
      Object.assign(entry, { value: row && row.value !== null ? (typeof row.value === "string" ? row.value : JSON.stringify(row.value, null, 2)) : "", reason: "" });
      checked.value = null;
    }, { immediate: true });
    // A text stays one where it was one: "8080" of a name is no number.
    const change = () => patch(edited.value?.path ?? [], typeof edited.value?.value === "string" && !/^[[{]|^(null)?$/.test(entry.value.trim()) ? entry.value.trim() : parse(entry.value));
    const check = useForm(async () => (checked.value = await api("POST", "/configuration/check", { body: { patch: change() } })));
    const done = () => {
      toast(t("saved"));
      setQuery({ edit: null }, { replace: true });
      reload();
    };
    const apply = useForm(async () => {
      await api("POST", "/configuration/apply", { body: { patch: change(), base_version: checked.value.version, ...(entry.reason ? { reason: entry.reason } : {}) } });
      done();
    });
    const reset = (row) => confirm({
      title: t("settings.reset"), text: t("settings.reset.text", { path: row.id }), action: t("settings.reset"), reason: true,
      run: async (reason) => {
        await api("POST", "/configuration/apply", { body: { reset: [row.id], base_version: configuration.data.version, ...(reason ? { reason } : {}) } });
        done();
      },
    });
    const columns = computed(() => [
      { id: "path", label: t("settings.path"), sort: (row) => row.id, cell: (row) => html`<span class="mono">${row.id}</span>` },
      { id: "value", label: t("settings.value"), csv: (row) => written(row.value), title: (row) => written(row.value), cell: (row) => html`<span class=${"mono" + (row.origin === "default" ? " muted" : "")}>${written(row.value)}</span>` },
      { id: "origin", label: t("settings.origin"), width: 150, sort: (row) => row.origin, cell: (row) => row.origin === "default" ? html`<span class="muted">${t("settings.origin.default")}</span>` : html`<${Badge} tone=${TONES[row.origin]} text=${t("settings.origin." + row.origin)} />` },
      { id: "lock", label: t("settings.change"), width: 250, csv: (row) => row.lock ?? "", title: (row) => row.lock === null ? "" : lockText(row.lock), cell: (row) => row.lock !== null ? html`<span class="locked muted"><${Icon} name="lock" size="13" />${lockText(row.lock)}</span>`
        : can("settings:write") && html`<span class="row"><button class="btn sm" type="button" onClick=${() => setQuery({ edit: row.id })}>${t("edit")}</button>${row.origin === "console" && html`<button class="btn sm" type="button" onClick=${() => reset(row)}>${t("settings.reset.short")}</button>`}</span>` },
    ]);
    const count = (id) => rows.value.filter((row) => fits(row, id)).length;
    const verdict = () => checked.value && html`<div class="stack">
      ${checked.value.errors.map((one) => html`<p key=${one.path + one.message} class="form-error" role="alert"><${Icon} name="circle-alert" size="15" /><span><b class="mono">${one.path}</b> ${one.message}</span></p>`)}
      ${checked.value.warnings.map((text) => html`<p key=${text} class="note-t"><${Icon} name="triangle-alert" size="15" />${text}</p>`)}
      ${!checked.value.errors.length && (checked.value.changes.length ? html`<table class="diff"><thead><tr>${["path", "before", "after"].map((id) => html`<th key=${id} scope="col"><span>${t("settings." + id)}</span></th>`)}</tr></thead><tbody>${checked.value.changes.map((one) => html`<tr key=${one.path}><th scope="row" class="mono">${one.path}</th><td class="was">${written(one.before)}</td><td class="is">${written(one.after)}</td></tr>`)}</tbody></table>` : html`<p class="soft">${t("settings.no_change")}</p>`)}</div>`;
    return () => html`<div class="stack">
      <${ListCard} title=${t("settings.tab.configuration")} hint=${t("settings.configuration.hint")} sub=${configuration.data ? [t("settings.version", { n: configuration.data.version }), configuration.data.file].filter(Boolean).join(" · ") : ""} resource=${configuration} rows=${rows.value.filter((row) => fits(row, shown.value))} columns=${columns.value} file="configuration" order="path" search=${(row) => row.id + written(row.value)} tall=${420}>${{
        above: () => html`${configuration.data.problem && html`<p class="form-error strip-e" role="alert"><${Icon} name="triangle-alert" size="15" />${configuration.data.problem}</p>`}<div class="strip"><${Segmented} label=${t("settings.origin")} value=${shown.value} onPick=${(id) => setQuery({ show: id || null })} options=${[["", t("all"), count("")], ["set", t("settings.set"), count("set")], ["console", t("settings.origin.console"), count("console")], ["file", t("settings.origin.file"), count("file")], ["environment", t("settings.origin.environment"), count("environment")], ["locked", t("settings.locked"), count("locked")]]} /></div>`,
      }}<//>
      <${Versions} versions=${versions} current=${configuration.data?.version} onChanged=${reload} />
      <${Dialog} open=${Boolean(edited.value)} title=${edited.value?.id ?? ""} wide=${true} keep="form" onClose=${() => setQuery({ edit: null }, { replace: true })}>
        <form class="form" onSubmit=${checked.value && !checked.value.errors.length && checked.value.changes.length ? apply.submit : check.submit}>
          <${Field} name="value" label=${t("settings.value")} hint=${t("settings.value.hint")}><textarea id="field-value" class="code" spellcheck="false" aria-describedby="hint-value" value=${entry.value} onInput=${(event) => { entry.value = event.target.value; checked.value = null; }}></textarea><//>
          ${verdict()}${checked.value && !checked.value.errors.length && html`<${TextField} model=${entry} name="reason" label=${t("confirm.reason")} />`}
          <${FormError} error=${check.error.value ?? apply.error.value} />
          <div class="dr-f">${checked.value && !checked.value.errors.length && checked.value.changes.length ? html`<button class="btn primary" type="submit" disabled=${apply.busy.value}>${t("settings.apply")}</button>` : html`<button class="btn primary" type="submit" disabled=${check.busy.value}>${t("settings.check")}</button>`}<button class="btn" type="button" onClick=${() => setQuery({ edit: null }, { replace: true })}>${t("cancel")}</button></div>
        </form>
      <//></div>`;
  },
};
