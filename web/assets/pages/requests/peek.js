// A request beside the table, which stays in use: J and K walk the filtered list, Enter opens the full page.
import { nextTick, onBeforeUnmount, onMounted, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { go, route, setQuery } from "../../lib/route.js";
import { RequestDetail } from "./detail.js";

const ROW = 42, HEAD = 34;

/** Props: rows (those of the list, in its order), onEnd (asks for more). */
export const Peek = {
  props: ["rows", "onEnd"],
  setup(p) {
    const panel = ref(/** @type {any} */ (null));
    /** @param {number} step */
    function walk(step) {
      const index = p.rows.findIndex((row) => row.id === route.query.peek) + step, row = p.rows[index];
      if (index >= p.rows.length - 5) p.onEnd?.();
      if (!row) return;
      setQuery({ peek: row.id }, { replace: true });
      // The row comes into sight, also where the focus is elsewhere.
      const box = panel.value?.parentElement?.querySelector(".tbl-box");
      if (!box) return;
      const y = index * ROW;
      if (y < box.scrollTop) box.scrollTop = y;
      else if (y + ROW + HEAD > box.scrollTop + box.clientHeight) box.scrollTop = y + ROW + HEAD - box.clientHeight;
    }
    /** The row has the focus that the panel had, so that the reader goes on from there. */
    async function close() {
      const list = panel.value?.parentElement?.querySelector(".tbl-box"), index = p.rows.findIndex((row) => row.id === route.query.peek);
      const had = panel.value?.contains(document.activeElement), row = list?.querySelector("tr.sel") ?? list?.querySelector(`[data-i="${index}"]`);
      setQuery({ peek: null, view: null }, { replace: true });
      await nextTick();
      if (had || document.activeElement === document.body) (row?.isConnected ? row : list)?.focus({ preventScroll: true });
    }
    /** @param {KeyboardEvent} event */
    function key(event) {
      const target = /** @type {Element} */ (event.target);
      if (!route.query.peek || event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]") || target.closest("input, textarea, select, [role=radiogroup], [role=tablist], [role=combobox]")) return;
      const step = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 }[event.key], scrolls = target.closest("pre, .scroll") && event.key.startsWith("Arrow");
      if (step && !scrolls) walk(step);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && (target === document.body || target.id === "main" || target.closest("[data-i]"))) go("/requests/" + encodeURIComponent(route.query.peek), { view: route.query.view });
      else return;
      event.preventDefault();
    }
    // Before the table hears of it: Enter on its row opens the page once the row is beside it.
    onMounted(() => addEventListener("keydown", key, true));
    onBeforeUnmount(() => removeEventListener("keydown", key, true));
    watch(() => route.query.peek, async (id, was) => {
      await nextTick();
      // On a phone the panel covers the list, so the reader is taken there.
      if (id && !was && matchMedia("(max-width: 1040px)").matches) panel.value?.focus({ preventScroll: true });
    });
    return () => route.query.peek ? html`<aside class="card peek" ref=${panel} tabindex="-1" aria-label=${t("requests.detail")}><${RequestDetail} id=${route.query.peek} onClose=${close} /></aside>` : null;
  },
};
