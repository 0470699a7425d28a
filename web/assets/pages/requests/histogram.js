// How many requests there were, and how they ended, over the range. A stretch of it can be picked.
import { ref } from "../../lib/vue.js";
import { h } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { pickWindow } from "../../lib/range.js";
import * as f from "../../lib/format.js";

const W = 1_000, H = 56;
/** Bars that Enter takes on each side of the cursor. */
const AROUND = 3;

/** Props: data ({t, ok, bad, step}), loading. */
export const Histogram = {
  props: ["data"],
  setup(p) {
    const hot = ref(-1), drag = ref(/** @type {[number, number] | null} */ (null));
    const count = () => p.data.t.length;
    const step = () => p.data.step ?? (count() > 1 ? p.data.t[1] - p.data.t[0] : 60);
    const at = (event) => {
      const box = event.currentTarget.getBoundingClientRect();
      return Math.max(0, Math.min(count() - 1, Math.floor(((event.clientX - box.left) / box.width) * count())));
    };
    const take = (/** @type {number} */ a, /** @type {number} */ b) => pickWindow(p.data.t[Math.max(0, Math.min(a, b))], p.data.t[Math.min(count() - 1, Math.max(a, b))] + step());
    function down(event) {
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.value = [at(event), at(event)];
    }
    function move(event) {
      hot.value = at(event);
      if (drag.value) drag.value = [drag.value[0], hot.value];
    }
    function up() {
      const picked = drag.value;
      drag.value = null;
      if (picked) take(...picked);
    }
    function key(event) {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (way) hot.value = Math.max(0, Math.min(count() - 1, (hot.value < 0 ? count() : hot.value) + way * (event.shiftKey ? 10 : 1)));
      else if (event.key === "Enter" && hot.value >= 0) take(hot.value - AROUND, hot.value + AROUND);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }
    const label = (/** @type {number} */ i) => `${step() >= 86_400 ? f.day(p.data.t[i]) : count() * step() > 86_400 ? f.day(p.data.t[i]) + " " + f.hm(p.data.t[i]) : step() >= 60 ? f.hm(p.data.t[i]) : f.hms(p.data.t[i])}`;
    return () => {
      const { ok, bad } = p.data, n = count() || 1, wide = W / n, most = Math.max(1, ...ok.map((value, i) => value + bad[i])), tall = (value) => (value / most) * (H - 4);
      const path = (value, base) => ok.map((_, i) => value(i) > 0 ? `M${(i * wide + 0.6).toFixed(1)} ${(H - base(i)).toFixed(1)}h${Math.max(1, wide - 1.2).toFixed(1)}v${(-Math.max(1.5, tall(value(i)))).toFixed(1)}h${(-Math.max(1, wide - 1.2)).toFixed(1)}z` : "").join("");
      const [a, b] = drag.value ? [Math.min(...drag.value), Math.max(...drag.value)] : [-1, -1];
      const sum = (list) => list.reduce((all, value) => all + value, 0);
      return html`
        <div class="histo" tabindex="0" role="img" aria-label=${t("requests.histogram.spoken", { ok: f.num(sum(ok)), bad: f.num(sum(bad)) }) + (hot.value >= 0 && hot.value < n ? ` ${label(hot.value)}: ${f.num(ok[hot.value])} / ${f.num(bad[hot.value])}` : "")}
          onPointerdown=${down} onPointermove=${move} onPointerup=${up} onPointerleave=${() => { if (!drag.value) hot.value = -1; }} onKeydown=${key} onBlur=${() => (hot.value = -1)}>
          ${h("svg", { viewBox: `0 0 ${W} ${H}`, preserveAspectRatio: "none", "aria-hidden": "true" }, [
            a >= 0 && h("rect", { x: a * wide, y: 0, width: (b - a + 1) * wide, height: H, class: "picked" }),
            hot.value >= 0 && h("rect", { x: hot.value * wide, y: 0, width: wide, height: H, class: "hot" }),
            h("path", { d: path((i) => ok[i], () => 0), class: "ok" }), h("path", { d: path((i) => bad[i], (i) => tall(ok[i])), class: "bad" }),
          ])}
          <div class="histo-x muted"><span>${label(0)}</span>${n > 2 && html`<span>${label(Math.floor(n / 2))}</span>`}<span>${label(n - 1)}</span></div>
          ${hot.value >= 0 && hot.value < n && html`<div class="plot-tip" style=${{ left: `min(${((hot.value + 0.5) / n) * 100}%, calc(100% - 150px))` }}><b>${label(hot.value)}</b><span><i style=${{ background: "var(--c1)" }}></i>${t("requests.histogram.ok")}<em>${f.num(ok[hot.value])}</em></span><span><i style=${{ background: "var(--bad)" }}></i>${t("requests.histogram.bad")}<em>${f.num(bad[hot.value])}</em></span></div>`}
        </div>`;
    };
  },
};
