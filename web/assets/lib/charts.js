// Small charts in SVG. They take their colours from the style sheet, and say in words what they show.
import { computed, h, onBeforeUnmount, onMounted, ref } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import * as f from "./format.js";

export const COLORS = ["--c1", "--c2", "--c3", "--c4", "--c5", "--c6", "--c7"];

/** A line without axes. `span` is the least difference that fills the height, so that noise is not drama. */
export const Spark = ({ values, color = "--c1", span = 0, width = 96, height = 28 }) => {
  const list = (values ?? []).map((value) => value ?? 0);
  if (list.length < 2) return null;
  let low = Math.min(...list), high = Math.max(...list);
  if (high - low < span) {
    const middle = (high + low) / 2;
    [low, high] = [middle - span / 2, middle + span / 2];
  }
  const reach = high - low || 1, step = width / (list.length - 1);
  const path = list.map((value, i) => `${i ? "L" : "M"}${(i * step).toFixed(1)} ${(height - 3 - ((value - low) / reach) * (height - 6)).toFixed(1)}`).join("");
  return h("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true", style: { color: `var(${color})` } }, [
    h("path", { d: `${path}L${width} ${height}L0 ${height}Z`, fill: "currentColor", opacity: 0.1 }),
    h("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.5, "vector-effect": "non-scaling-stroke", "stroke-linejoin": "round" }),
  ]);
};
Spark.props = ["values", "color", "span", "width", "height"];

/** The largest few of a list, and the rest as one. @param {{id: string, name: string, value: number}[]} items @param {number} most */
export function withRest(items, most) {
  const sorted = items.slice().sort((a, b) => b.value - a.value);
  if (sorted.length <= most) return sorted;
  const rest = sorted.slice(most - 1).reduce((sum, item) => sum + item.value, 0);
  return [...sorted.slice(0, most - 1), { id: "", name: t("rest"), value: rest }];
}

/** Shares of a whole: items [{id, name, value}], at most seven; the rest is put together. onPick(id) filters. */
export const Donut = {
  props: ["items", "format", "label", "caption", "onPick"],
  setup(p) {
    const hot = ref(-1), R = 54, W = 17, C = 70;
    const at = (angle, radius) => [C + radius * Math.sin(angle), C - radius * Math.cos(angle)].map((x) => x.toFixed(2)).join(" ");
    const arc = (from, to) => {
      const large = to - from > Math.PI ? 1 : 0, outer = R + W / 2, inner = R - W / 2;
      return `M${at(from, outer)}A${outer} ${outer} 0 ${large} 1 ${at(to, outer)}L${at(to, inner)}A${inner} ${inner} 0 ${large} 0 ${at(from, inner)}Z`;
    };
    const parts = computed(() => {
      const items = withRest(p.items.filter((item) => item.value > 0), 7), total = items.reduce((sum, item) => sum + item.value, 0);
      let angle = 0;
      return { total, list: items.map((item, i) => {
        const from = angle;
        angle += (item.value / total) * 2 * Math.PI;
        return { ...item, from, to: Math.min(angle, 2 * Math.PI - 1e-4), color: COLORS[i % 7], share: item.value / total };
      }) };
    });
    return () => {
      const { total, list } = parts.value, one = list[hot.value];
      if (!list.length) return html`<p class="muted none-t">${t("state.none")}</p>`;
      return html`
        <div class="donut">
          <svg viewBox="0 0 140 140" role="img" aria-label=${`${p.label}: ${list.map((item) => `${item.name} ${p.format(item.value)}`).join(", ")}`}>
            ${list.map((item, i) => h("path", { key: item.id, d: arc(item.from, Math.max(item.from + 0.01, item.to - 0.025)), style: { fill: `var(${item.color})` }, class: one && one !== item ? "dim" : "", onMouseenter: () => (hot.value = i), onMouseleave: () => (hot.value = -1) }))}
            <text x="70" y="67" class="d-v">${p.format(one ? one.value : total)}</text><text x="70" y="84" class="d-l">${one ? f.pct(one.share) : p.caption ?? t("total")}</text>
          </svg>
          <ul class="legend">${list.map((item, i) => html`
            <li key=${item.id} class=${hot.value === i ? "on" : ""} onMouseenter=${() => (hot.value = i)} onMouseleave=${() => (hot.value = -1)}>
              <i style=${{ background: `var(${item.color})` }}></i>${p.onPick && item.id ? html`<button class="nm link" type="button" onClick=${() => p.onPick(item.id)}>${item.name}</button>` : html`<span class="nm">${item.name}</span>`}<span class="v">${p.format(item.value)}</span><span class="s">${f.pct(item.share, 0)}</span></li>`)}</ul>
        </div>`;
    };
  },
};

/** A list of bars: items [{id, name, value, text?}]. */
export const Bars = ({ items, format, onPick, color = "--c1" }) => {
  const most = Math.max(...items.map((item) => item.value), 1e-12);
  return html`<ul class="bars">${items.map((item) => html`<li key=${item.id}>${onPick ? html`<button class="nm link" type="button" onClick=${() => onPick(item.id)}>${item.name}</button>` : html`<span class="nm" title=${item.name}>${item.name}</span>`}<span class="track"><i style=${{ width: (item.value / most) * 100 + "%", background: `var(${item.color ?? color})` }}></i></span><span class="v">${item.text ?? format(item.value)}</span></li>`)}</ul>`;
};
Bars.props = ["items", "format", "onPick", "color"];

/** Up to three shapes over the same axes: axes [{id, name}], shapes [{name, values: {id: 0…100 | null}, hollow?: Set}]. */
export const Radar = ({ axes, shapes, label }) => {
  const C = 110, R = 78, angle = (i) => (i / axes.length) * 2 * Math.PI;
  const at = (i, share) => [C + R * share * Math.sin(angle(i)), C - R * share * Math.cos(angle(i))];
  const ring = (share) => axes.map((_axis, i) => at(i, share).map((x) => x.toFixed(1)).join(",")).join(" ");
  return h("svg", { class: "radar", viewBox: "0 0 220 220", role: "img", "aria-label": `${label}: ${shapes.map((shape) => `${shape.name}: ${axes.map((axis) => `${axis.name} ${shape.values[axis.id] == null ? "–" : f.num(shape.values[axis.id])}`).join(", ")}`).join("; ")}` }, [
    ...[0.25, 0.5, 0.75, 1].map((share) => h("polygon", { points: ring(share), class: "ring" })),
    ...axes.map((axis, i) => {
      const [x, y] = at(i, 1.16);
      return h("text", { key: axis.id, x, y: y + 4, class: "axis", "text-anchor": Math.abs(x - C) < 8 ? "middle" : x > C ? "start" : "end" }, axis.name);
    }),
    ...shapes.slice(0, 3).flatMap((shape, k) => [
      h("polygon", { points: axes.map((axis, i) => at(i, (shape.values[axis.id] ?? 0) / 100).map((x) => x.toFixed(1)).join(",")).join(" "), style: { color: `var(${COLORS[k]})` }, class: "shape" }),
      ...axes.map((axis, i) => {
        const [cx, cy] = at(i, (shape.values[axis.id] ?? 0) / 100);
        return h("circle", { cx, cy, r: 3, style: { color: `var(${COLORS[k]})` }, class: shape.values[axis.id] == null || shape.hollow?.has(axis.id) ? "hollow" : "full" });
      }),
    ]),
  ]);
};
Radar.props = ["axes", "shapes", "label"];

/** A field of weekdays and hours: values[day][hour], day 0 is Monday. */
export const HeatMap = ({ values, format, label }) => {
  const most = Math.max(...values.flat().map((value) => value ?? 0), 1e-12);
  return html`<div class="heat" role="img" aria-label=${label}>${values.map((row, day) => html`<div key=${day}>${row.map((value, hour) => html`<i key=${hour} title=${`${hour}:00 · ${format(value)}`} style=${{ opacity: value ? 0.12 + (0.88 * value) / most : 0.04 }}></i>`)}</div>`)}</div>`;
};
HeatMap.props = ["values", "format", "label"];

let patterns = 0;
/** A round number that is at least as large. @param {number} value */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((step) => step * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/**
 * Bars of days or hours, stacked: groups [{id, label, parts: [{id, value}]}]; names: parts' ids to [name, color].
 * `outline` [value…] is the period before; `line` [value…] a pace; `hatched` the number of last groups that are a forecast.
 * `axis` (value) => text, of the axis (format without it).
 */
export const StackedBars = {
  props: ["groups", "names", "format", "axis", "label", "height", "outline", "line", "hatched", "onPick"],
  setup(p) {
    const hot = ref(-1), box = ref(/** @type {any} */ (null)), W = ref(720), pattern = "hatch" + ++patterns;
    const sizes = new ResizeObserver(() => (W.value = Math.max(240, box.value?.clientWidth ?? 720)));
    onMounted(() => sizes.observe(box.value));
    onBeforeUnmount(() => sizes.disconnect());
    function key(event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], one = p.groups[hot.value];
      if (step) hot.value = Math.min(p.groups.length - 1, Math.max(0, (hot.value < 0 ? p.groups.length : hot.value) + step));
      else if (event.key === "Enter" && one) p.onPick(one.id);
      else return;
      event.preventDefault();
    }
    return () => {
      const H = p.height ?? 220, left = 54, top = 10, bottom = 22, count = p.groups.length || 1, step = (W.value - left) / count;
      const sums = p.groups.map((group) => group.parts.reduce((sum, part) => sum + Math.max(0, part.value), 0));
      const highest = Math.max(...sums, ...(p.outline ?? []), ...(p.line ?? []), 1e-9), tick = roundUp(highest / 4), ticks = Math.ceil(highest / tick - 1e-9);
      const y = (value) => H - bottom - (value / (tick * ticks)) * (H - bottom - top);
      const every = Math.ceil(count / Math.max(2, Math.floor((W.value - left) / 58))), one = p.groups[hot.value];
      return html`
        <div class="stack-bars" ref=${box}>
          <svg viewBox=${`0 0 ${W.value} ${H}`} height=${H} role="img" aria-label=${`${p.label}: ${p.groups.map((group, i) => `${group.label} ${p.format(sums[i])}`).slice(-14).join(", ")}${one ? `. ${one.label} ${p.format(sums[hot.value])}` : ""}`} tabindex=${p.onPick ? 0 : undefined} onMouseleave=${() => (hot.value = -1)} onBlur=${() => (hot.value = -1)} onKeydown=${p.onPick && key}>
            <pattern id=${pattern} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" class="hatch" /></pattern>
            ${Array.from({ length: ticks + 1 }, (_, i) => [h("line", { x1: left, x2: W.value, y1: y(i * tick), y2: y(i * tick), class: "grid" }), h("text", { x: left - 8, y: y(i * tick) + 4, class: "axis", "text-anchor": "end" }, (p.axis ?? p.format)(i * tick))])}
            ${p.groups.map((group, i) => {
              let base = 0;
              const x = left + i * step, width = Math.max(1, step - Math.min(6, step * 0.25));
              return h("g", { key: group.id, class: (i >= count - (p.hatched ?? 0) ? "hatched" : "") + (hot.value === i ? " on" : ""), onMouseenter: () => (hot.value = i), onClick: () => p.onPick?.(group.id) }, [
                h("rect", { x, y: 0, width: step, height: H - bottom, class: "hit" }),
                ...group.parts.filter((part) => part.value > 0).map((part) => {
                  const upper = y(base + part.value), tall = y(base) - upper;
                  base += part.value;
                  return h("rect", { key: part.id, x, y: upper, width, height: Math.max(0.5, tall), style: { fill: `var(${p.names[part.id]?.[1] ?? "--c6"})` } });
                }),
                i >= count - (p.hatched ?? 0) && h("rect", { x, y: y(sums[i]), width, height: H - bottom - y(sums[i]), class: "over", style: { fill: `url(#${pattern})` } }),
                p.outline?.[i] > 0 && h("rect", { x, y: y(p.outline[i]), width, height: H - bottom - y(p.outline[i]), class: "outline" }),
                i % every === 0 && h("text", { x: x + width / 2, y: H - 5, class: "axis", "text-anchor": "middle" }, group.label),
              ]);
            })}
            ${p.line && h("polyline", { points: p.line.map((value, i) => `${(left + (i + 0.5) * step).toFixed(1)},${y(value).toFixed(1)}`).join(" "), class: "pace" })}
          </svg>
          ${one && html`<div class="plot-tip bar-tip" style=${{ left: Math.min(W.value - 190, Math.max(left, left + (hot.value + 1) * step + 8)) + "px", transform: left + (hot.value + 1) * step + 200 > W.value ? `translateX(-${step + 200}px)` : undefined, right: "auto" }}><b>${one.label}</b><span>${t("total")}<em>${p.format(sums[hot.value])}</em></span>${one.parts.filter((part) => part.value > 0).sort((a, b) => b.value - a.value).slice(0, 8).map((part) => html`<span key=${part.id}><i style=${{ background: `var(${p.names[part.id]?.[1] ?? "--c6"})` }}></i>${p.names[part.id]?.[0] ?? part.id}<em>${p.format(part.value)}</em></span>`)}${p.outline?.[hot.value] != null && html`<span class="muted">${t("previous")}<em>${p.format(p.outline[hot.value])}</em></span>`}</div>`}
        </div>`;
    };
  },
};

/** How much of a budget is used: used and projected are shares of one. */
export const Gauge = ({ used, projected, label }) => html`
  <div class="bud-t" role="img" aria-label=${`${label}: ${f.pct(used)}${projected == null ? "" : `, ${t("forecast")} ${f.pct(projected)}`}`}>
    <i class=${used >= 1 ? "bad" : used >= 0.8 || projected > 1 ? "warn" : ""} style=${{ width: Math.min(100, (used ?? 0) * 100) + "%" }}></i>${projected != null && html`<b style=${{ left: Math.min(100, projected * 100) + "%" }}></b>`}</div>`;
Gauge.props = ["used", "projected", "label"];
