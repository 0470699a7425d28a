// What the gateway foretells, and from how many days it may be shown.
import { computed } from "../../lib/vue.js";
import { t } from "../../lib/i18n.js";
import { useResource } from "../../lib/resource.js";
import * as f from "../../lib/format.js";
import { scope } from "./scope.js";

const DAY = 86_400;
/** Days of history before a day, and before a month, is foretold. */
const NEEDED = { day: 1, month: 3 };

/** The forecast of the page's scope; its values are null while there is too little to tell. */
export function useForecast() {
  const resource = useResource(() => scope.value === null ? null : ["/forecast", { scope: scope.value }], { every: 300 });
  const days = computed(() => resource.data ? (Date.parse(resource.data.now) - Date.parse(resource.data.history_from)) / 1000 / DAY : 0);
  const known = (/** @type {number} */ needed) => Boolean(resource.data) && days.value >= needed && scope.value !== null;
  return {
    resource, days,
    /** What the rest of today is to cost, and of the days to come, in UTC as forecasts have them. */
    today: computed(() => known(NEEDED.day) && resource.data.days[0] ? Number(resource.data.days[0].expected_usd) : null),
    month: computed(() => known(NEEDED.month) && resource.data.month.expected_usd ? resource.data.month : null),
    coming: computed(() => known(NEEDED.month) ? resource.data.days : []),
    /** Why a day or a month is not foretold. @param {"day" | "month"} what */
    why: (what) => scope.value === null ? t("cost.forecast.one") : !resource.data ? "" : what === "day" ? t("cost.forecast.day") : t("cost.forecast.few", { n: f.num(Math.floor(days.value)), of: f.num(NEEDED.month) }),
  };
}
