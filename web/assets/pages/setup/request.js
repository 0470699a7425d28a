// The first request: how it is sent, and waiting for it. It is green by itself once it came.
import { computed, onBeforeUnmount, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { apiAddress } from "../../lib/address.js";
import { get } from "../../lib/api.js";
import { onLive } from "../../lib/live.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { Copy, Icon, Tabs } from "../../lib/ui.js";
import * as f from "../../lib/format.js";
import { snippets } from "./snippets.js";

const EVERY = 3_000;

export const FirstRequest = {
  props: ["made", "listed", "onNext", "onMade"],
  setup(p) {
    const models = useResource(() => ["/models"]);
    const begun = Date.now() / 1000, key = p.made?.id ?? route.query.key, came = ref(/** @type {any} */ (null));
    const known = computed(() => [...new Set([...p.listed.slice(0, 60), model.value, "auto", ...(models.data?.models ?? []).filter((one) => one.kind === "chat").slice(0, 60).map((one) => one.id)])]);
    // A model that the provider says it has; which one answers to auto is the catalogue's guess.
    const model = computed(() => route.query.model ?? p.listed[0] ?? "auto");
    const all = computed(() => snippets(apiAddress(), p.made?.key ?? "$SIRA_KEY", model.value));
    const lang = computed(() => all.value[route.query.lang] ? route.query.lang : "curl");
    /** @param {any[]} rows the newest first */
    const look = (rows) => {
      const found = rows.find((row) => key ? row.key?.id === key : row.t >= begun);
      if (found && !came.value) came.value = found;
    };
    const asked = ref(false);
    const ask = () => get("/requests", { key, limit: 1, lines: false }).then((answer) => look(answer.requests), () => {});
    // It may have come before this page was loaded anew.
    ask().finally(() => (asked.value = true));
    onLive("rows", (data) => look(data.rows));
    // The stream may be shut out by a proxy on the way: ask as well.
    const timer = setInterval(() => came.value || document.hidden || ask(), EVERY);
    onBeforeUnmount(() => clearInterval(timer));
    return () => html`<div class="stack">
      ${p.made?.key ? html`<div><p class="soft">${t("setup.request.key")}</p><div class="secret"><code>${p.made.key}</code><${Copy} text=${p.made.key} /></div></div>` : html`<p class="soft">${t("setup.request.no_key")} <button class="link" type="button" onClick=${() => setQuery({ step: "key" })}>${t("setup.request.make")}</button></p>`}
      <label class="row model-of"><b>${t("setup.request.model")}</b><select class="plain" value=${model.value} onChange=${(event) => setQuery({ model: event.target.value }, { replace: true })}>${known.value.map((id) => html`<option key=${id} value=${id} selected=${id === model.value}>${id}</option>`)}</select></label>
      <div><${Tabs} label=${t("setup.request.language")} value=${lang.value} onPick=${(id) => setQuery({ lang: id }, { replace: true })} options=${[["curl", "curl"], ["python", "Python"], ["js", "JavaScript"], ["swift", "Swift"]]} />
        <div class="snippet"><pre class="code" tabindex="0">${all.value[lang.value]}</pre><${Copy} text=${all.value[lang.value]} /></div></div>
      <div aria-live="polite">${came.value ? html`<div class="verdict good big-v-t"><${Icon} name="circle-check" size="20" /><div><b>${t(came.value.status < 400 ? "setup.request.came" : "setup.request.came.bad")}</b>
          <dl class="facts"><div><dt>${t("setup.request.model")}</dt><dd>${came.value.model || came.value.asked}</dd></div><div><dt>${t("setup.request.status")}</dt><dd>${came.value.status}</dd></div><div><dt>${t("setup.request.time")}</dt><dd>${f.ms(came.value.latency_ms)}</dd></div><div><dt>${t("setup.request.tokens")}</dt><dd>${f.num(came.value.input_tokens)} → ${f.num(came.value.output_tokens)}</dd></div><div><dt>${t("setup.request.cost")}</dt><dd>${f.nano(came.value.cost_nano)}</dd></div></dl></div></div>`
        : asked.value && html`<p class="waiting"><i></i>${t("setup.request.waiting")}</p>`}</div>
      <div class="row"><a class=${"btn big-b" + (came.value ? " primary" : "")} href="/">${t("setup.request.overview")}</a>${came.value && html`<a class="btn big-b" href=${"/requests/" + encodeURIComponent(came.value.id)}>${t("setup.request.see")}</a>`}</div></div>`;
  },
};
