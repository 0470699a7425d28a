// The card with the table of requests: segments with counts, the window, export, rows that come live.
import { computed } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { range } from "../../lib/range.js";
import { route, setQuery } from "../../lib/route.js";
import { DataTable, nextSort, sortState } from "../../lib/table.js";
import { Card, Empty, Icon, Segmented } from "../../lib/ui.js";
import { latencyScale, learnNames, NARROW_COLUMNS, requestCard, requestColumns, segment, SEGMENTS, USUAL_COLUMNS } from "../../lib/requests.js";
import { cleared, exportAddress, isFiltered, listKey } from "./view.js";
import { MOST } from "./feed.js";
import * as f from "../../lib/format.js";

const DAY = 86_400;
/** The stretch of time as a chip that can be let go of; for a window that was picked. */
export const WindowChip = () => !range.value.live && html`
  <button class="chip" type="button" aria-label=${t("requests.window.drop")} onClick=${() => setQuery({ from: null, to: null, diff: null })}><${Icon} name="clock" size="13" />${range.value.length > DAY ? f.day(range.value.from) + " " : ""}${f.hms(range.value.from)} – ${range.value.length > DAY ? f.day(range.value.to) + " " : ""}${f.hms(range.value.to)}<${Icon} name="x" size="13" /></button>`;

/**
 * Props: feed (of useRequests), counts (of useSummary), height, columns (ids), beside: whether a row is open next to it.
 * Slots: tools (before the segments), more (after the export), foot.
 */
export const RequestsCard = {
  props: ["feed", "counts", "height", "columns", "beside"],
  setup(p, { slots }) {
    learnNames();
    /** Whether the query cannot be read: then nothing is known of what it would find. */
    const unread = () => p.feed.error?.status === 400;
    const scale = computed(() => latencyScale(p.feed.rows));
    const columns = computed(() => requestColumns(p.beside ? NARROW_COLUMNS : p.columns ?? USUAL_COLUMNS, { scale: scale.value, slow: p.feed.slow, days: range.value.length > DAY }));
    const resource = computed(() => ({ ...p.feed, error: unread() ? null : p.feed.error, data: p.feed.data ?? (unread() ? {} : null) }));
    const sort = () => sortState(route.query.sort ?? "-time");
    const pick = (column) => setQuery({ sort: column === "time" ? null : nextSort(route.query.sort, column) });
    const count = () => {
      const all = p.counts?.data?.counts?.[segment() === "all" ? "all" : segment()];
      return all == null || unread() ? "" : p.counts.data.sampled ? t("requests.count.sampled", { n: f.num(all) }) : f.num(all);
    };
    const number = (part) => unread() || p.counts?.data?.counts?.[part] == null ? null : f.compact(p.counts.data.counts[part]);
    const empty = () => unread() ? html`<${Empty} icon="circle-alert" title=${t("requests.query.wrong")} text=${p.feed.error.message} />` : isFiltered()
      ? html`<${Empty} icon="search" title=${t("state.no_match")} text=${t("requests.none.range")}><button class="btn" type="button" onClick=${() => setQuery(cleared())}>${t("filters.clear")}</button>${range.value.length < DAY && html`<button class="btn" type="button" onClick=${() => setQuery({ range: "24h", from: null, to: null })}>${t("requests.none.day")}</button>`}<//>`
      : html`<${Empty} icon="scroll-text" title=${t("requests.none")} text=${range.value.live ? t("requests.none.why") : undefined}>${range.value.length < 7 * DAY && html`<button class="btn" type="button" onClick=${() => setQuery({ range: "7d", from: null, to: null })}>${t("requests.none.week")}</button>`}<a class="btn" href="/keys?new=1">${t("requests.none.key")}</a><//>`;
    return () => html`
      <${Card} resource=${resource.value} title=${t("requests.title")} sub=${count()} hint=${t("requests.hint")} flush=${true} class="tbl" tall=${p.height}>${{
        actions: () => html`<${WindowChip} />${slots.tools?.()}
          <${Segmented} label=${t("requests.segment")} value=${segment()} options=${Object.keys(SEGMENTS).map((id) => [id, t("requests.seg." + id), number(id)])} onPick=${(id) => setQuery({ seg: id === "all" ? null : id })} />
          ${slots.more?.()}<a class="btn" href=${exportAddress("csv", f.zone())} download=""><${Icon} name="download" size="15" label=${p.beside ? t("export") : undefined} />${!p.beside && t("export")}</a>`,
        default: () => html`
          <${DataTable} key=${listKey()} columns=${columns.value} rows=${p.feed.rows} rowKey=${(row) => row.id} label=${t("requests.title")} sort=${sort()} onSort=${pick}
            selected=${route.query.peek} onOpen=${(row) => setQuery({ peek: row.id }, { replace: Boolean(route.query.peek) })} height=${p.height} card=${requestCard} live=${true} onEnd=${p.feed.more}>${{ empty }}<//>
          ${(p.feed.cut || !p.feed.whole || p.feed.skipped > 0) && html`<p class="foot muted">${p.feed.skipped > 0 && range.value.live && t("requests.skipped", { n: f.num(p.feed.skipped) }) + " "}${p.feed.cut && t("requests.cut", { n: f.num(MOST) }) + " "}${!p.feed.whole && t("requests.not_whole")}</p>`}`,
      }}<//>`;
  },
};
