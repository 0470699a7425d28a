// Modal dialogs: a form in a box, and the question before something that bites.
import { h, nextTick, onBeforeUnmount, ref, shallowReactive, watch } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { toast, Toasts } from "./toast.js";
import { errorWords, Icon } from "./ui.js";

/** @param {Element} box @param {MouseEvent} event */
function isBeside(box, { clientX: x, clientY: y }) {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  return x < left || x > right || y < top || y > bottom;
}

/** The open boxes, the topmost last, and how each takes Escape. @type {{box: Element, guard: (event: Event) => void}[]} */
const boxes = [];
/**
 * Hears Escape for the topmost box wherever the focus is: a box whose focused element has just gone has none, so hears
 * no key itself; and a browser asks such a box by a cancel event only once before it closes it. @param {KeyboardEvent} event
 */
function escaped(event) {
  const top = boxes.at(-1), inside = event.target instanceof Element && event.target.closest("dialog");
  if (event.key === "Escape" && !event.defaultPrevented && top && (!inside || inside === top.box)) top.guard(event);
}
/** @param {Element} box @param {(event: Event) => void} guard */
function raise(box, guard) {
  if (!boxes.length) document.addEventListener("keydown", escaped);
  boxes.push({ box, guard });
}
/** @param {(event: Event) => void} guard */
function lower(guard) {
  const place = boxes.findIndex((one) => one.guard === guard);
  if (place < 0) return;
  boxes.splice(place, 1);
  if (!boxes.length) document.removeEventListener("keydown", escaped);
}

/**
 * A box over the page. Props: open, title, wide, side (docked right, for details), keep: what would be lost with it, a
 *   "form" that is filled in or a "secret" that is shown once. Emits close. Slot: content.
 */
export const Dialog = {
  props: ["open", "title", "wide", "side", "keep", "onClose"],
  setup(p, { slots }) {
    const box = ref(null);
    let typed = false;
    /** A press beside the box closes it; one that keeps something does not even let go of the focus. @param {MouseEvent} event */
    function pressed(event) {
      if (event.target !== box.value || !isBeside(box.value, event)) return;
      if (p.keep) event.preventDefault();
      else p.onClose?.();
    }
    /** Asks before something is lost, at all that closes a box by the way. @param {Event} event */
    function guard(event) {
      event.preventDefault();
      if (p.keep !== "secret" && !(p.keep && typed)) p.onClose?.();
      else confirm({ title: t(`dialog.${p.keep}`), text: t(`dialog.${p.keep}.text`), action: t(`dialog.${p.keep}.close`), run: () => Promise.resolve(p.onClose?.()) });
    }
    const sync = async () => {
      await nextTick();
      if (!box.value) return;
      if (p.open && !box.value.open) {
        typed = false;
        box.value.showModal();
        raise(box.value, guard);
        box.value.querySelector("form input, form select, form textarea")?.focus();
      }
      if (!p.open && box.value.open) {
        lower(guard);
        box.value.close();
      }
    };
    watch(() => p.open, sync, { immediate: true, flush: "post" });
    onBeforeUnmount(() => lower(guard));
    // Told a while after it: a box that is open again by then is not the one that was closed.
    const closed = () => {
      if (box.value?.open) return;
      lower(guard);
      p.onClose?.();
    };
    return () => html`
      <dialog class=${(p.side ? "drawer" : "box") + (p.wide ? " wide" : "")} ref=${box} aria-label=${p.title} onClose=${closed}
        onMousedown=${pressed} onCancel=${(event) => { if (event.target === box.value) guard(event); }} onInput=${() => (typed = true)}>
        ${p.open && html`<div class="dr-in" tabindex="-1"><div class="dr-h"><h2>${p.title}</h2><span class="grow"></span><button class="icon-b" type="button" aria-label=${t("close")} onClick=${() => p.onClose?.()}><${Icon} name="x" size="17" /></button></div>${slots.default?.()}</div><${Toasts} within=${true} />`}
      </dialog>`;
  },
};

const asked = shallowReactive(/** @type {{question: any}} */ ({ question: null }));

/**
 * Asks before something is done. With `typed`, the reader has to write that word; with `reason`, why.
 * @param {{title: string, text: string, action: string, typed?: string, reason?: boolean, run: (reason: string) => Promise<unknown>}} question
 */
export function confirm(question) {
  asked.question = question;
}

/** The place of confirm()'s box; once a page. */
export const Confirm = {
  setup() {
    const state = shallowReactive({ typed: "", reason: "", busy: false, error: /** @type {any} */ (null) });
    watch(() => asked.question, () => Object.assign(state, { typed: "", reason: "", busy: false, error: null }));
    const close = () => (asked.question = null);
    /** @param {Event} event */
    async function run(event) {
      event.preventDefault();
      if (state.busy) return;
      const question = asked.question;
      state.busy = true;
      state.error = null;
      try {
        await question.run(state.reason);
        if (asked.question === question) close();
      } catch (error) {
        // Who has closed the box, or is asked something else by now, hears of it all the same.
        if (asked.question === question) state.error = error;
        else toast(errorWords(error), { bad: true });
      }
      if (asked.question === question) state.busy = false;
    }
    return () => {
      const q = asked.question;
      return h(Dialog, { open: Boolean(q), title: q?.title ?? "", onClose: close }, () => q && html`
        <form onSubmit=${run}><p class="soft">${q.text}</p>
          ${q.typed && html`<div class="field"><label for="confirm-typed">${t("confirm.type", { word: q.typed })}</label><span class="input"><input id="confirm-typed" autocomplete="off" value=${state.typed} onInput=${(event) => (state.typed = event.target.value)} /></span></div>`}
          ${q.reason && html`<div class="field"><label for="confirm-reason">${t("confirm.reason")}</label><span class="input"><input id="confirm-reason" maxlength="200" autocomplete="off" value=${state.reason} onInput=${(event) => (state.reason = event.target.value)} /></span></div>`}
          ${state.error && html`<p class="form-error" role="alert">${errorWords(state.error)}</p>`}
          <div class="dr-f"><button class="btn danger" type="submit" disabled=${state.busy || (q.typed && state.typed !== q.typed)}>${q.action}</button><button class="btn" type="button" onClick=${close}>${t("cancel")}</button></div>
        </form>`);
    };
  },
};
