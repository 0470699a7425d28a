// A form in a box that makes or changes one thing of the API, and the question before one is removed.
import { computed, reactive, watch } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { api, once } from "./api.js";
import { confirm, Dialog } from "./dialog.js";
import { toast } from "./toast.js";
import { dayName, dayTime } from "./zone.js";
import { CheckField, Field, FormError, SelectField, TextField, useForm } from "./ui.js";

/**
 * @typedef {{name: string, label: string, type?: "text" | "email" | "url" | "password" | "number" | "money" | "list" | "date" | "day" | "area" | "select" | "check" | "custom",
 *   hint?: string, options?: [string, string][], required?: boolean, placeholder?: string, suffix?: string, whole?: boolean,
 *   fixed?: boolean, when?: (entry: any) => boolean, render?: (entry: any, error: string | undefined) => any, scale?: number}} Control
 *   date: midnight of the reader's zone; day: midnight of UTC; fixed: cannot be changed later; when: whether it is asked for at all; scale: the API's value times this is what is shown.
 */

/** "10.500000000" is shown as "10.5". @param {string} text */
const plain = (text) => /^-?\d+\.\d*$/.test(text) ? text.replace(/\.?0+$/, "") : text;

/** What a control shows of a value of the API. @param {Control} control @param {any} value */
function shown(control, value) {
  if (control.type === "custom") return value === undefined ? [] : JSON.parse(JSON.stringify(value));
  if (control.type === "check") return Boolean(value);
  if (value === null || value === undefined) return "";
  if (control.type === "list") return value.join(", ");
  if (control.type === "date") return dayName(new Date(value).getTime() / 1000);
  if (control.type === "day") return String(value).slice(0, 10);
  if (control.scale) return plain((Number(value) * control.scale).toFixed(6));
  return plain(String(value));
}

/** What the API is told for what was entered; null for nothing. @param {Control} control @param {any} entered */
function told(control, entered) {
  if (control.type === "custom" || control.type === "check") return entered;
  const text = String(entered).trim();
  if (control.type === "list") return text.split(/[,，]/).map((one) => one.trim()).filter(Boolean);
  if (text === "") return null;
  if (control.type === "date") return new Date((dayTime(text) ?? NaN) * 1000).toISOString();
  if (control.type === "day") return `${text}T00:00:00Z`;
  const value = control.scale ? plain((Number(text) / control.scale).toFixed(9)) : text;
  return control.type === "number" ? Number(value) : value;
}

/**
 * Props: open, title, path (of the list, such as "/teams"), of (what is changed; nothing to make one), fields (Controls),
 *   defaults, note (words above), action (word of the button), send (instead of path: (body) => answer), done (words when it is saved). Emits close, saved.
 */
export const Editor = {
  props: ["open", "title", "path", "of", "fields", "defaults", "note", "action", "send", "done", "wide", "onClose", "onSaved"],
  setup(p) {
    const entry = reactive(/** @type {Record<string, any>} */ ({}));
    let name = once();
    const asked = computed(() => /** @type {Control[]} */ (p.fields).filter((control) => !(p.of && control.fixed) && (!control.when || control.when({ ...p.of, ...entry }))));
    const form = useForm(async () => {
      /** @type {Record<string, any>} */
      const body = {};
      for (const control of asked.value) {
        const value = told(control, entry[control.name]);
        if (p.of) {
          const before = told(control, shown(control, p.of[control.name]));
          if (JSON.stringify(value) !== JSON.stringify(before)) body[control.name] = value;
        } else if (value !== null && !(Array.isArray(value) && !value.length)) body[control.name] = value;
      }
      const answer = p.send ? await p.send(body, name)
        : p.of ? await api("PATCH", `${p.path}/${encodeURIComponent(p.of.id)}`, { body, version: p.of.version })
        : await api("POST", p.path, { body, once: name });
      name = once();
      if (p.done !== "") toast(p.done ?? t("saved"));
      p.onClose?.();
      p.onSaved?.(answer);
    });
    watch(() => [p.open, p.of], () => {
      if (!p.open) return;
      for (const control of p.fields) entry[control.name] = shown(control, (p.of ?? p.defaults ?? {})[control.name]);
      form.error.value = null;
      name = once();
    }, { immediate: true });
    /** Refusals name fields such as roles[0].scope. @param {string} name */
    const wrong = (name) => Object.entries(form.fields.value).find(([path]) => path === name || path.startsWith(name + "[") || path.startsWith(name + "."))?.[1];
    /** @param {Control} control */
    const input = (control) => {
      const error = wrong(control.name), common = { model: entry, name: control.name, label: control.label, hint: control.hint, error, required: control.required };
      if (control.type === "custom") return control.render?.(entry, error);
      if (control.type === "select") return html`<${SelectField} ...${common} options=${control.options} />`;
      if (control.type === "check") return html`<${CheckField} ...${common} />`;
      if (control.type === "area") return html`<${Field} name=${control.name} label=${control.label} hint=${control.hint} error=${error}><textarea id=${"field-" + control.name} value=${entry[control.name]} onInput=${(event) => (entry[control.name] = event.target.value)}></textarea><//>`;
      const type = control.type === "number" && !control.scale ? "number" : control.type === "day" ? "date" : ["email", "password", "date", "url"].includes(control.type ?? "") ? control.type : "text";
      return html`<${TextField} ...${common} type=${type} placeholder=${control.placeholder} suffix=${control.suffix} />`;
    };
    return () => html`
      <${Dialog} open=${p.open} title=${p.title} wide=${p.wide} keep="form" onClose=${() => p.onClose?.()}>
        <form class="form two" onSubmit=${form.submit}>
          ${p.note && html`<p class="soft whole">${p.note}</p>`}
          ${asked.value.map((control) => html`<div key=${control.name} class=${control.whole || ["area", "custom"].includes(control.type ?? "") ? "whole" : ""}>${input(control)}</div>`)}
          <div class="whole"><${FormError} error=${form.error.value} /></div>
          <div class="whole dr-f"><button class="btn primary" type="submit" disabled=${form.busy.value}>${p.action ?? (p.of ? t("save") : t("create"))}</button><button class="btn" type="button" onClick=${() => p.onClose?.()}>${t("cancel")}</button></div>
        </form>
      <//>`;
  },
};

/**
 * Asks, and removes.
 * @param {string} path of the list @param {{id: string, name?: string, version?: number}} thing @param {string} text what follows from it @param {() => void} after
 * @param {{typed?: boolean}} [options] typed: whether its name has to be written
 */
export const remove = (path, thing, text, after, options = {}) => confirm({
  title: t("remove.title", { name: thing.name || thing.id }), text, action: t("remove"), reason: true, typed: options.typed ? thing.name || thing.id : undefined,
  run: async (reason) => {
    await api("DELETE", `${path}/${encodeURIComponent(thing.id)}`, { version: thing.version, reason });
    toast(t("removed"));
    after();
  },
});
