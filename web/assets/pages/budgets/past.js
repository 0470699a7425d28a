// What the last three periods would have been under a budget that is being made.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { iso } from "../../lib/range.js";
import { useResource } from "../../lib/resource.js";
import { can } from "../../lib/session.js";
import { Badge } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { measure, parts } from "./standing.js";

const DAY = 86_400_000;

/** Starts of the last three periods and of the one at hand, in days of UTC. @param {string} period @param {number} hours */
function starts(period, hours) {
  const now = new Date(), [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const back = (/** @type {(k: number) => number} */ at) => [3, 2, 1, 0].map(at);
  if (period === "day") return back((k) => Date.UTC(year, month, day - k));
  if (period === "week") return back((k) => Date.UTC(year, month, day - (now.getUTCDay() + 6) % 7 - 7 * k));
  if (period === "month") return back((k) => Date.UTC(year, month - k, 1));
  if (period === "quarter") return back((k) => Date.UTC(year, Math.floor(month / 3) * 3 - 3 * k, 1));
  if (period === "year") return back((k) => Date.UTC(year - k, 0, 1));
  if (period === "rolling" && hours >= 24) return back((k) => Math.floor((now.getTime() - k * hours * 3_600_000) / DAY) * DAY);
  return null;
}

export const LastPeriods = {
  props: ["scope", "period", "hours", "amount"],
  setup(p) {
    const times = computed(() => starts(p.period, p.hours));
    const usage = useResource(() => {
      const [kind, id] = parts(p.scope);
      // Of each of a kind there is no one amount.
      if (!can("usage:read") || !times.value || id === "*") return null;
      return ["/usage", { group_by: "time", period: "day", limit: 1000, percentiles: false, since: iso(times.value[0] / 1000), ...(id ? { [kind]: id } : {}) }];
    });
    const list = computed(() => usage.data && times.value ? times.value.map((from, k, all) => ({
      from, sum: usage.data.data.filter((line) => Date.parse(line.start) >= from && (k === 3 || Date.parse(line.start) < all[k + 1])).reduce((sum, line) => sum + Number(line[measure(p.scope)]), 0),
    })) : []);
    return () => list.value.length > 0 && !usage.error && parts(p.scope)[1] !== "*" && html`
      <div class="bud-past"><p class="muted">${t("budgets.past")}</p><ul>${list.value.map((one, k) => html`<li key=${one.from}><span class="muted">${k === 3 ? t("budgets.past.now") : f.fullDate(one.from / 1000)}</span><b class="num">${f.usd(one.sum)}</b>${p.amount > 0 && html`<${Badge} tone=${one.sum >= p.amount ? "bad" : ""} text=${f.pct(one.sum / p.amount, 0)} />`}</li>`)}</ul></div>`;
  },
};
