// Small shared pieces: icon, button parts, cards with their states, fields, tabs.
import { computed, h, ref } from "./vue.js";
import icons from "../../vendor/lucide/icons.js";
import { html } from "./html.js";
import { copy } from "./copy.js";
import { has, t } from "./i18n.js";
import { can, canAtGateway } from "./session.js";
import * as f from "./format.js";

/** An icon of Lucide's; without a label it is decoration. */
export const Icon = ({ name, size = 16, label }) =>
  h("svg", {
    class: "ic", width: size, height: size, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": 1.75,
    "stroke-linecap": "round", "stroke-linejoin": "round", role: label ? "img" : undefined, "aria-label": label,
    "aria-hidden": label ? undefined : "true",
  }, (icons[name] ?? []).map(([tag, attributes]) => h(tag, attributes)));
Icon.props = ["name", "size", "label"];

/** Which option the keyboard comes to: the chosen one, or the first where none is. */
const reached = (options, value) => (options.find((option) => option[0] === value) ?? options[0])?.[0];

/** One of a few: options are [id, text, count?]. */
export const Segmented = ({ options, value, label, onPick }) => html`
  <div class="seg" role="radiogroup" aria-label=${label}>
    ${options.map(([id, text, count]) => html`
      <button key=${id} type="button" role="radio" aria-checked=${String(id === value)} tabindex=${id === reached(options, value) ? 0 : -1}
        onClick=${() => onPick(id)} onKeydown=${(event) => arrows(event, options, id, onPick)}>
        ${text}${count != null && html`<span class="n">${count}</span>`}
      </button>`)}
  </div>`;
Segmented.props = ["options", "value", "label", "onPick"];

function arrows(event, options, id, pick) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const index = (options.findIndex((option) => option[0] === id) + step + options.length) % options.length;
  pick(options[index][0]);
  event.currentTarget.parentElement.children[index].focus();
}

/** Tabs of a page: options are [id, text]; the choice belongs into the address (?tab=). */
export const Tabs = ({ options, value, label, onPick }) => html`
  <div class="tabrow" role="tablist" aria-label=${label}>
    ${options.map(([id, text]) => html`<button key=${id} id=${"tab-" + id} type="button" role="tab" aria-selected=${String(id === value)} tabindex=${id === reached(options, value) ? 0 : -1}
      onClick=${() => onPick(id)} onKeydown=${(event) => arrows(event, options, id, onPick)}>${text}</button>`)}
  </div>`;
Tabs.props = ["options", "value", "label", "onPick"];

let tips = 0;
/** A definition behind a question mark. */
export const Hint = {
  props: ["text", "label"],
  setup(p) {
    const id = "tip" + ++tips;
    return () => html`<span class="hint"><button type="button" class="hint-b" aria-label=${p.label} aria-describedby=${id}><${Icon} name="circle-question-mark" size="13" /></button><span class="tip" role="tooltip" id=${id}>${p.text}</span></span>`;
  },
};

/** A word with a colour that says how it stands: tone is good, warn, bad, info or nothing. */
export const Badge = ({ tone = "", text }) => html`<span class=${"badge-t " + tone}>${text}</span>`;
Badge.props = ["tone", "text"];

/** A dot and a word for a state. */
export const Status = ({ tone, text, code }) => html`<span class=${"status " + tone}><i></i>${text}${code != null && html`<span class="code">${code}</span>`}</span>`;
Status.props = ["tone", "text", "code"];

/** Copies a text and says so. */
export const Copy = ({ text, label }) => html`
  <button class="icon-b sm" type="button" aria-label=${label ?? t("copy")} title=${label ?? t("copy")}
    onClick=${() => copy(text)}><${Icon} name="copy" size="14" /></button>`;
Copy.props = ["text", "label"];

/** Words for an error of the API, in the reader's language where there are any. */
export const errorWords = (error) => has("error." + error.code) ? t("error." + error.code, { message: error.message }) : error.message;

/** What is shown in place of what could not be had. */
export const Failed = ({ error, onRetry }) => html`
  <div class="state bad" role="alert"><${Icon} name=${error.status === 403 ? "lock" : "circle-alert"} size="22" />
    <p><b>${error.status === 403 ? t("state.forbidden") : t("state.failed")}</b><br />${errorWords(error)}</p>
    <div class="row">${error.status !== 403 && onRetry && html`<button class="btn sm" type="button" onClick=${onRetry}><${Icon} name="rotate-ccw" size="14" />${t("retry")}</button>`}
    <button class="btn sm" type="button" onClick=${() => copy(`${error.status} ${error.code}: ${error.message} ${error.requestId ?? ""}`)}>${t("copy.details")}</button></div>
  </div>`;
Failed.props = ["error", "onRetry"];

/** What is shown where there is nothing (yet): icon, title, words, and as its content the next step. */
export const Empty = {
  props: ["icon", "title", "text"],
  setup(p, { slots }) {
    return () => html`<div class="state"><${Icon} name=${p.icon ?? "inbox"} size="22" /><p><b>${p.title}</b>${p.text && html`<br />${p.text}`}</p><div class="row">${slots.default?.()}</div></div>`;
  },
};

/**
 * A card that loads on its own: skeleton, error with retry, and old data, dimmed and with its time, while new does not come.
 * Figures of the question before are dimmed as well, unless the answer is there at once.
 * Props: title, sub, hint, resource (of useResource), tall (height of the skeleton), flush (no padding), id. Slots: default, actions.
 */
export const Card = {
  props: ["title", "sub", "hint", "resource", "tall", "flush", "id", "class"],
  setup(p, { slots }) {
    const id = p.id ?? "card" + ++tips;
    return () => {
      const r = p.resource, stale = r?.error && r.data, other = r?.fresh === false && Boolean(r.data);
      return html`
        <section class=${"card " + (p.class ?? "")} aria-labelledby=${p.title ? id : undefined} aria-busy=${r ? String(r.loading && (!r.data || other)) : undefined}>
          ${p.title && html`<div class="card-h"><h2 id=${id}>${p.title}${p.hint && html`<${Hint} label=${p.title} text=${p.hint} />`}</h2>${p.sub && html`<span class="muted sub">${p.sub}</span>`}<span class="grow"></span>${slots.actions?.()}</div>`}
          ${stale && html`<p class="stale" role="status"><${Icon} name="triangle-alert" size="14" />${t("state.stale", { time: f.hms(r.at) })} <button class="link" type="button" onClick=${r.reload}>${t("retry")}</button></p>`}
          ${r && !r.data ? (r.error ? html`<${Failed} error=${r.error} onRetry=${r.reload} />` : html`<div class="sk" style=${{ height: (p.tall ?? 160) + "px" }}></div>`)
            : html`<div class=${(p.flush ? "" : "card-b") + (stale ? " dimmed" : other ? " dimmed soon" : "")}>${slots.default?.()}</div>`}
        </section>`;
    };
  },
};

/** A field of a form: label, hint, error. Slot: the control, whose id is `field-NAME`. */
export const Field = {
  props: ["name", "label", "hint", "error"],
  setup(p, { slots }) {
    return () => html`
      <div class=${"field" + (p.error ? " wrong" : "")}><label for=${"field-" + p.name}>${p.label}</label>${slots.default?.()}
        ${p.hint && !p.error && html`<p class="muted" id=${"hint-" + p.name}>${p.hint}</p>`}
        ${p.error && html`<p class="wrong-t" id=${"hint-" + p.name} role="alert">${p.error}</p>`}</div>`;
  },
};

/** A text field bound to `model[name]`. */
export const TextField = ({ model, name, label, hint, error, type = "text", placeholder, required, autocomplete, suffix }) => html`
  <${Field} name=${name} label=${label} hint=${hint} error=${error}>
    <span class="input"><input id=${"field-" + name} name=${name} type=${type} value=${model[name]} placeholder=${placeholder} required=${required} autocomplete=${autocomplete ?? "off"}
      aria-invalid=${error ? "true" : undefined} aria-describedby=${hint || error ? "hint-" + name : undefined} onInput=${(event) => (model[name] = event.target.value)} />${suffix && html`<i>${suffix}</i>`}</span>
  <//>`;
TextField.props = ["model", "name", "label", "hint", "error", "type", "placeholder", "required", "autocomplete", "suffix"];

/** A choice bound to `model[name]`; options are [id, text]. */
export const SelectField = ({ model, name, label, hint, error, options, required }) => html`
  <${Field} name=${name} label=${label} hint=${hint} error=${error}>
    <select id=${"field-" + name} name=${name} value=${model[name]} required=${required} aria-invalid=${error ? "true" : undefined} aria-describedby=${hint || error ? "hint-" + name : undefined} onChange=${(event) => (model[name] = event.target.value)}>
      ${options.map(([id, text]) => html`<option key=${id} value=${id} selected=${id === model[name]}>${text}</option>`)}</select>
  <//>`;
SelectField.props = ["model", "name", "label", "hint", "error", "options", "required"];

/** A switch bound to `model[name]`. */
export const CheckField = ({ model, name, label, hint }) => html`
  <div class="check"><input id=${"field-" + name} name=${name} type="checkbox" checked=${model[name]} aria-describedby=${hint ? "hint-" + name : undefined} onChange=${(event) => (model[name] = event.target.checked)} />
    <label for=${"field-" + name}>${label}</label>${hint && html`<p class="muted" id=${"hint-" + name}>${hint}</p>`}</div>`;
CheckField.props = ["model", "name", "label", "hint"];

/**
 * What a form does when it is sent: once at a time, with the refusal's words at their fields.
 * @param {() => Promise<unknown>} action
 */
export function useForm(action) {
  const busy = ref(false), error = ref(/** @type {any} */ (null));
  const fields = computed(() => Object.fromEntries((error.value?.fields ?? []).map((/** @type {any} */ field) => [field.path, field.message])));
  /** @param {Event} [event] */
  async function submit(event) {
    event?.preventDefault();
    if (busy.value) return;
    busy.value = true;
    error.value = null;
    try {
      await action();
    } catch (caught) {
      error.value = caught;
    }
    busy.value = false;
  }
  return { busy, error, fields, submit };
}

/** The refusal of a form that belongs to no field. */
export const FormError = ({ error }) => error && html`<p class="form-error" role="alert"><${Icon} name="circle-alert" size="15" />${errorWords(error)}${error.retryAfter && " " + t("error.retry_after", { n: error.retryAfter })}</p>`;
FormError.props = ["error"];

/** Shows its content to those who hold the permission, with `gateway` for the gateway as a whole; says who can grant it to all others. */
export const Allowed = {
  props: ["permission", "gateway"],
  setup(p, { slots }) {
    return () => (p.gateway ? canAtGateway : can)(p.permission) ? slots.default?.()
      : html`<section class="card"><${Empty} icon="lock" title=${t("state.forbidden")} text=${t(p.gateway && can(p.permission) ? "state.forbidden.gateway" : "state.forbidden.how", { permission: p.permission })} /></section>`;
  },
};
