// Time series, drawn by uPlot on a canvas. Colours come from the style sheet, so themes need no code.
import { computed, onBeforeUnmount, onMounted, ref, watch } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { prefs } from "./prefs.js";
import * as f from "./format.js";

const uPlot = globalThis.uPlot;
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const DAY = 86_400;
/** One crosshair for all charts of a page. */
const crosshair = uPlot?.sync("page");

/**
 * Props:
 *   times    epoch seconds, ascending
 *   series   [{label, values, color: "--c1", area?, width?, dash?}]; gaps are null
 *   format   (value) => text, of tooltips; axis: (value) => text, of the axis (format without it)
 *   label    what is shown, for those who hear it
 *   height   in pixels
 *   bands    [{from, to, color?: "--bad"}] behind the lines, such as incidents
 *   marks    [{at, label}] changes
 *   limit    a dashed line, such as an alert's threshold
 *   selected [from, to] of the window that is picked
 *   onWindow called with [from, to] when a window is dragged, or picked by the keyboard; null when it is let go
 *   stacked  draws the series on top of each other
 */
export const TimeChart = {
  props: ["times", "series", "format", "axis", "label", "height", "bands", "marks", "limit", "selected", "onWindow", "stacked"],
  setup(p) {
    const box = ref(/** @type {any} */ (null)), tip = ref(/** @type {any} */ (null));
    let plot = /** @type {any} */ (null), sizes = /** @type {ResizeObserver | null} */ (null), placing = false;

    /** What uPlot draws: with `stacked`, each series on the sum of those before. */
    function columns() {
      if (!p.stacked) return [p.times, ...p.series.map((one) => one.values)];
      const sums = new Float64Array(p.times.length), out = [];
      for (const one of p.series) {
        out.push(Float64Array.from(one.values, (value, i) => (sums[i] += value ?? 0)));
      }
      return [p.times, ...out.reverse()];
    }
    const drawn = () => (p.stacked ? p.series.slice().reverse() : p.series);
    const span = () => [p.times[0], p.times[p.times.length - 1]];

    function fill(color, share) {
      return (self) => {
        const shade = self.ctx.createLinearGradient(0, self.bbox.top, 0, self.bbox.top + self.bbox.height);
        shade.addColorStop(0, css(color) + share);
        shade.addColorStop(1, css(color) + (p.stacked ? share : "00"));
        return shade;
      };
    }

    function make() {
      plot?.destroy();
      plot = null;
      if (!box.value || !p.times?.length) return;
      const muted = css("--muted"), grid = css("--grid"), font = `11px ${css("--font")}`;
      const [first, last] = span(), days = last - first > 2 * DAY;
      plot = new uPlot({
        width: box.value.clientWidth, height: box.value.clientHeight, padding: [14, 18, 0, 0], legend: { show: false },
        tzDate: (time) => uPlot.tzDate(new Date(time * 1000), f.zone()),
        cursor: { y: false, points: { size: 7, width: 2 }, drag: { x: Boolean(p.onWindow), y: false, setScale: false }, sync: { key: crosshair.key, setSeries: false } },
        scales: { x: { time: true, range: span }, y: { range: (_self, min, max) => [Math.min(0, min), (Math.max(max, p.limit ?? 0) || 1) * 1.12] } },
        axes: [
          { stroke: muted, font, grid: { show: false }, ticks: { show: false }, gap: 6, size: 28, space: 90, values: (_self, list) => list.map(days ? f.day : f.hm) },
          { stroke: muted, font, size: prefs.narrow ? 50 : 58, gap: 6, ticks: { show: false }, grid: { stroke: grid, width: 1 }, space: 44, values: (_self, list) => list.map(p.axis ?? p.format) },
        ],
        series: [{}, ...drawn().map((one) => ({
          stroke: css(one.color), width: one.width ?? 1.75, dash: one.dash, points: { show: p.times.length < 3 }, spanGaps: false,
          fill: p.stacked ? fill(one.color, "cc") : one.area ? fill(one.color, "33") : undefined,
        }))],
        hooks: { drawClear: [drawBehind], setCursor: [showTip], setSelect: [picked] },
      }, columns(), box.value);
      place();
    }

    function drawBehind(self) {
      const [from, to] = span(), c = self.ctx, at = (x) => self.valToPos(Math.min(to, Math.max(from, x)), "x", true);
      c.save();
      for (const band of p.bands ?? []) {
        if (band.to < from || band.from > to) continue;
        const color = css(band.color ?? "--bad"), left = at(band.from), width = Math.max(2, at(band.to) - left);
        c.fillStyle = color + "14";
        c.fillRect(left, self.bbox.top, width, self.bbox.height);
        c.fillStyle = color;
        c.fillRect(left, self.bbox.top, width, 2 * devicePixelRatio);
      }
      c.strokeStyle = css("--muted");
      c.setLineDash([4, 4]);
      c.beginPath();
      for (const mark of p.marks ?? []) {
        if (mark.at < from || mark.at > to) continue;
        c.moveTo(at(mark.at), self.bbox.top);
        c.lineTo(at(mark.at), self.bbox.top + self.bbox.height);
      }
      if (p.limit != null) {
        const y = self.valToPos(p.limit, "y", true);
        c.moveTo(self.bbox.left, y);
        c.lineTo(self.bbox.left + self.bbox.width, y);
      }
      c.stroke();
      c.restore();
    }

    /** Keeps the picked window on its moment while time moves on. */
    function place() {
      if (!plot) return;
      const [from, to] = span();
      let window = { left: 0, width: 0, top: 0, height: 0 };
      if (p.selected && p.selected[1] > from && p.selected[0] < to) {
        const left = plot.valToPos(Math.max(p.selected[0], from), "x"), right = plot.valToPos(Math.min(p.selected[1], to), "x");
        window = { left, width: Math.max(2, right - left), top: 0, height: plot.over.clientHeight };
      }
      placing = true;
      plot.setSelect(window, false);
      placing = false;
    }
    function picked(self) {
      if (placing || self.select.width < 4) return;
      pick(self.posToVal(self.select.left, "x"), self.posToVal(self.select.left + self.select.width, "x"));
    }
    /** A point stands for the time up to the next one, and so does the last. */
    function pick(from, to) {
      const last = p.times[p.times.length - 1], step = p.times.length > 1 ? last - p.times[p.times.length - 2] : 0;
      p.onWindow?.([from, to > last - step / 2 ? last + step : to]);
    }

    function showTip(self) {
      const box_ = tip.value, i = self.cursor.idx;
      if (!box_) return;
      if (i == null || self.cursor.left < 0) return void (box_.hidden = true);
      const head = document.createElement("b");
      head.textContent = (span()[1] - span()[0] > DAY ? f.day(p.times[i]) + " " : "") + (p.times[1] - p.times[0] >= 60 ? f.hm(p.times[i]) : f.hms(p.times[i]));
      const lines = p.series.map((one) => {
        const line = document.createElement("span"), dot = document.createElement("i"), value = document.createElement("em");
        dot.style.background = css(one.color);
        value.textContent = p.format(one.values[i]);
        line.append(dot, one.label, value);
        return line;
      });
      for (const mark of (p.marks ?? []).filter((one) => Math.abs(one.at - p.times[i]) <= (p.times[1] - p.times[0]))) {
        const line = document.createElement("span");
        line.textContent = mark.label;
        lines.push(line);
      }
      box_.replaceChildren(head, ...lines);
      box_.hidden = false;
      const left = self.over.offsetLeft + self.cursor.left, width = box_.offsetWidth;
      box_.style.transform = `translate(${Math.round(left + 14 + width > box.value.clientWidth ? left - width - 14 : left + 14)}px, 18px)`;
    }

    function key(event) {
      if (!plot) return;
      const count = p.times.length, step = event.shiftKey ? 30 : 1;
      let i = plot.cursor.idx ?? count - 1;
      if (event.key === "ArrowLeft") i = Math.max(0, i - step);
      else if (event.key === "ArrowRight") i = Math.min(count - 1, i + step);
      else if (event.key === "Enter") return pick(p.times[Math.max(0, i - 20)], p.times[Math.min(count - 1, i + 20)]);
      else if (event.key === "Escape") return p.onWindow?.(null);
      else return;
      event.preventDefault();
      plot.setCursor({ left: plot.valToPos(p.times[i], "x"), top: 40 });
    }

    onMounted(() => {
      make();
      sizes = new ResizeObserver(() => {
        plot?.setSize({ width: box.value.clientWidth, height: box.value.clientHeight });
        place();
      });
      sizes.observe(box.value);
    });
    onBeforeUnmount(() => {
      sizes?.disconnect();
      plot?.destroy();
    });
    const shape = computed(() => [p.stacked, prefs.theme, prefs.lang, p.format, p.series.map((one) => one.label + one.color).join(), p.times?.length > 0, p.times?.length > 1 ? p.times[1] - p.times[0] : 0].join());
    watch(shape, make, { flush: "post" });
    watch(() => [p.times, p.series, p.bands, p.marks, p.limit], () => {
      plot?.setData(columns());
      place();
    }, { flush: "post" });
    watch(() => p.selected, place, { flush: "post" });

    const spoken = computed(() => {
      const main = p.series.find((one) => one.area) ?? p.series[0], values = Array.from(main?.values ?? []).filter((value) => value != null);
      if (!values.length) return `${p.label}. ${t("chart.none")}`;
      return t("chart.spoken", { label: p.label, name: main.label, now: p.format(values.at(-1)), min: p.format(Math.min(...values)), max: p.format(Math.max(...values)) });
    });
    return () => html`<div class="plot" ref=${box} tabindex="0" role="img" aria-label=${spoken.value} style=${{ height: (p.height ?? 260) + "px" }} onKeydown=${key}><div class="plot-tip" ref=${tip} hidden></div></div>`;
  },
};

/** What the lines of a chart are, with their newest values. */
export const Legend = ({ series, format }) => html`
  <ul class="keys">${series.map((one) => html`<li key=${one.label}><i style=${{ background: `var(${one.color})` }}></i>${one.label}${format && html`<b>${format(one.values.at(-1))}</b>`}</li>`)}</ul>`;
Legend.props = ["series", "format"];
