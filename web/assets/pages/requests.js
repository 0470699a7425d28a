// Requests: the log with its query, filters and histogram, one request beside it, and a request's own page.
import { computed, onBeforeUnmount, onMounted, ref, watchEffect } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { href, route, setQuery } from "../lib/route.js";
import { COLUMN_IDS, USUAL_COLUMNS } from "../lib/requests.js";
import { Dialog } from "../lib/dialog.js";
import { Icon } from "../lib/ui.js";
import { Differences } from "./requests/differences.js";
import { RequestDetail } from "./requests/detail.js";
import { Facets } from "./requests/facets.js";
import { Histogram } from "./requests/histogram.js";
import { Peek } from "./requests/peek.js";
import { QueryBox } from "./requests/query.js";
import { RequestsCard } from "./requests/table.js";
import { useRequests, useSummary } from "./requests/view.js";

export const styles = true;

/** The columns of the address; the usual ones without it. */
const columns = () => (route.query.cols ? route.query.cols.split(",").filter((id) => COLUMN_IDS.includes(id)) : USUAL_COLUMNS);

const ColumnPicker = {
  setup() {
    const open = ref(false);
    function toggle(id) {
      const now = columns(), next = COLUMN_IDS.filter((one) => (one === id ? !now.includes(id) : now.includes(one)));
      setQuery({ cols: next.join() === USUAL_COLUMNS.join() || !next.length ? null : next.join() }, { replace: true });
    }
    return () => html`
      <button class="btn" type="button" aria-haspopup="dialog" aria-label=${t("requests.columns")} title=${t("requests.columns")} onClick=${() => (open.value = true)}><${Icon} name="columns-3" size="15" /></button>
      <${Dialog} open=${open.value} title=${t("requests.columns")} onClose=${() => (open.value = false)}>
        <div class="col-pick">${COLUMN_IDS.map((id) => html`<div class="check" key=${id}><input id=${"col-" + id} type="checkbox" checked=${columns().includes(id)} onChange=${() => toggle(id)} /><label for=${"col-" + id}>${t("requests.col." + id)}</label></div>`)}</div>
        <div class="dr-f"><button class="btn" type="button" onClick=${() => setQuery({ cols: null }, { replace: true })}>${t("requests.columns.usual")}</button></div>
      <//>`;
  },
};

const Explorer = {
  setup() {
    const feed = useRequests(), summary = useSummary(() => feed.error?.status !== 400);
    const height = ref(560), page = ref(/** @type {any} */ (null));
    const histogram = computed(() => summary.picked().data?.histogram);
    const shown = () => route.query.chart !== "0";
    /** @param {KeyboardEvent} event */
    function key(event) {
      if (event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]") || /** @type {Element} */ (event.target).closest("input, textarea, select")) return;
      if (event.key === "h") setQuery({ chart: shown() ? "0" : null }, { replace: true });
      else if (event.key === "/") document.getElementById("query")?.focus();
      else return;
      event.preventDefault();
    }
    // The table fills what the window leaves, so that its last row is at the window's end.
    const fit = () => (height.value = Math.max(380, innerHeight - (shown() ? 300 : 206)));
    onMounted(() => {
      addEventListener("keydown", key);
      addEventListener("resize", fit);
    });
    watchEffect(fit);
    onBeforeUnmount(() => {
      removeEventListener("keydown", key);
      removeEventListener("resize", fit);
    });
    return () => html`
      <div class=${"rq" + (route.query.peek ? " with-peek" : "")} ref=${page}>
        <div class="rq-main">
          <div class="rq-bar"><${QueryBox} error=${feed.error?.status === 400 ? feed.error : null} /><${Facets} /><span class="grow"></span><span class="row keep">
            <button class=${"btn sm" + (route.query.diff ? " on" : "")} type="button" aria-pressed=${String(Boolean(route.query.diff))} onClick=${() => setQuery({ diff: route.query.diff ? null : "1" })}><${Icon} name="scale" size="14" />${t("requests.diff")}</button>
            <button class="icon-b" type="button" aria-pressed=${String(shown())} aria-label=${t("requests.histogram.toggle")} title=${t("requests.histogram.toggle") + " (h)"} onClick=${() => setQuery({ chart: shown() ? "0" : null }, { replace: true })}><${Icon} name="chart-line" size="16" /></button></span></div>
          ${shown() && (histogram.value || feed.error?.status !== 400) && html`<section class="card histo-c" aria-label=${t("requests.histogram")}>${histogram.value ? html`<${Histogram} data=${histogram.value} />` : html`<div class="sk histo-sk"></div>`}</section>`}
          ${route.query.diff && html`<${Differences} />`}
          <${RequestsCard} feed=${feed} counts=${summary.counts} height=${height.value} columns=${columns()} beside=${Boolean(route.query.peek)}>${{ more: () => !route.query.peek && html`<${ColumnPicker} />` }}<//>
        </div>
        <${Peek} rows=${feed.rows} onEnd=${feed.more} />
      </div>`;
  },
};

export default {
  setup: () => () => route.id
    ? html`<p class="noprint crumbs"><a href=${href("/requests")}><${Icon} name="arrow-left" size="14" /> ${t("nav.requests")}</a></p><section class="card rq-page"><${RequestDetail} key=${route.id} id=${route.id} full=${true} /></section>`
    : html`<${Explorer} />`,
};
