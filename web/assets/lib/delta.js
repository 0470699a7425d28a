// How a figure moved since the stretch that it is compared with.
import { html } from "./html.js";
import { t } from "./i18n.js";
import { Icon } from "./ui.js";
import * as f from "./format.js";

/** Below this a change is none. */
const FLAT = 0.0005;

/**
 * The change of a figure: of a share in points, of all else as a part of before; null where there is nothing to compare with.
 * @param {{value: number | null, previous?: number | null} | null | undefined} figure @param {boolean} [points]
 */
export function changeOf(figure, points = false) {
  if (figure?.value == null || figure.previous == null || (!points && !figure.previous)) return null;
  return (figure.value - figure.previous) / (points ? 1 : Math.abs(figure.previous));
}

/**
 * Props: change (of changeOf), points, calm (grey below), good ("up", "down", or neither way), text (what it is compared with, or
 * why it is not).
 */
export const Delta = ({ change, points, calm = 0, good, text }) => {
  if (change === null || change === undefined) return html`<p class="delta"><span class="muted">${text}</span></p>`;
  const size = Math.abs(change), flat = size < FLAT, up = change > 0;
  const tone = flat || !good || size < calm ? "" : up === (good === "up") ? "good" : "bad";
  return html`<p class=${"delta " + tone}>${!flat && html`<${Icon} name=${up ? "arrow-up-right" : "arrow-down-right"} size="14" />`}<span>${flat ? "" : up ? "+" : "−"}${points ? t("points", { n: f.num(size * 100, 1) }) : f.pct(size, size < 1 ? 1 : 0)}</span><span class="muted">${text}</span></p>`;
};
Delta.props = ["change", "points", "calm", "good", "text"];
