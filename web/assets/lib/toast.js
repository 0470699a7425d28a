// Short words at the foot of the page about what was just done, with a way to undo it where there is one.
import { onBeforeUnmount, shallowReactive } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";

const toasts = shallowReactive(/** @type {{list: {id: number, text: string, bad: boolean, undo?: () => void}[]}} */ ({ list: [] }));
let number = 0;
const SHOWN = 6_000;

/** @param {string} text @param {{bad?: boolean, undo?: () => void}} [options] errors stay until they are closed */
export function toast(text, options = {}) {
  const id = ++number;
  toasts.list = [...toasts.list, { id, text, bad: options.bad ?? false, undo: options.undo }].slice(-4);
  if (!options.bad) setTimeout(() => close(id), SHOWN);
}
/** @param {number} id */
const close = (id) => (toasts.list = toasts.list.filter((one) => one.id !== id));

/** The places that could show them; the last one does. @type {{list: symbol[]}} */
const places = shallowReactive({ list: [] });

/** Once on the page, and `within` each open dialog: what is outside of one can be neither heard nor pressed. */
export const Toasts = {
  props: ["within"],
  setup(p) {
    const place = Symbol();
    places.list = p.within ? [...places.list, place] : [place, ...places.list];
    onBeforeUnmount(() => (places.list = places.list.filter((one) => one !== place)));
    return () => html`
      <div class="toasts" aria-live="polite" role="status" onMousedown=${(event) => event.stopPropagation()}>
        ${places.list.at(-1) === place && toasts.list.map((one) => html`<div key=${one.id} class=${"toast" + (one.bad ? " bad" : "")}><span>${one.text}</span>
          ${one.undo && html`<button type="button" onClick=${() => { one.undo?.(); close(one.id); }}>${t("undo")}</button>`}
          <button type="button" aria-label=${t("close")} onClick=${() => close(one.id)}>×</button></div>`)}
      </div>`;
  },
};
