// Codes that organizations turn in for credit.
import { computed, ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { whole } from "../../lib/api.js";
import { Dialog } from "../../lib/dialog.js";
import { Editor, remove } from "../../lib/editor.js";
import { Act, ListCard } from "../../lib/list.js";
import { useResource } from "../../lib/resource.js";
import { route, setQuery } from "../../lib/route.js";
import { can } from "../../lib/session.js";
import { Badge, Card, Copy, Empty, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** How a code stands. @param {any} code @returns {[tone: string, word: string]} */
const standing = (code) => code.revoked_at ? ["bad", "withdrawn"] : code.used >= code.uses ? ["", "used"] : code.expires_at && new Date(code.expires_at) < new Date() ? ["bad", "expired"] : ["good", "open"];

export const Codes = {
  props: ["organization", "organizations", "plans"],
  setup(p) {
    const codes = useResource(() => ["/redeem-codes"], { ask: whole }), books = useResource(() => ["/books/verify"]);
    const made = ref(/** @type {any} */ (null));
    const names = computed(() => new Map((p.organizations.data ?? []).map((one) => [one.id, one.name])));
    const columns = computed(() => [
      { id: "created_at", label: t("billing.when"), width: 190, sort: (code) => code.created_at, cell: (code) => f.full(code.created_at) },
      { id: "amount_usd", label: t("billing.amount"), num: true, width: 120, sort: (code) => Number(code.amount_usd), csv: (code) => code.amount_usd, cell: (code) => f.usd(code.amount_usd, 2) },
      { id: "used", label: t("billing.uses"), num: true, width: 110, sort: (code) => code.used, csv: (code) => `${code.used}/${code.uses}`, cell: (code) => `${f.num(code.used)} / ${f.num(code.uses)}` },
      { id: "redeemed_by", label: t("billing.redeemed_by"), csv: (code) => code.redeemed_by.join("; "), cell: (code) => code.redeemed_by.map((id) => names.value.get(id) ?? id).join(", ") || html`<span class="muted">–</span>` },
      { id: "note", label: t("billing.note"), csv: (code) => code.note, cell: (code) => code.note || html`<span class="muted">–</span>` },
      { id: "expires_at", label: t("billing.expires"), width: 130, sort: (code) => code.expires_at ?? "9", csv: (code) => code.expires_at, cell: (code) => code.expires_at ? f.fullDate(code.expires_at) : t("billing.never") },
      { id: "state", label: t("billing.state"), width: 110, sort: (code) => standing(code)[1], cell: (code) => html`<${Badge} tone=${standing(code)[0]} text=${t("billing.code." + standing(code)[1])} />` },
      { id: "act", label: "", width: 70, cell: (code) => can("billing:write") && standing(code)[1] === "open" && html`<span class="row"><${Act} icon="ban" label=${t("billing.code.withdraw")} onClick=${() => remove("/redeem-codes", { id: code.id, name: f.usd(code.amount_usd, 2) }, t("billing.code.withdraw.text"), codes.reload)} /></span>` },
    ]);
    const fields = [
      { name: "amount_usd", label: t("billing.amount"), type: "money", suffix: "USD", required: true }, { name: "uses", label: t("billing.uses"), type: "number", hint: t("billing.uses.hint") },
      { name: "expires_at", label: t("billing.expires"), type: "date" }, { name: "note", label: t("billing.note") },
    ];
    return () => html`<div class="stack">
      <${ListCard} title=${t("billing.tab.codes")} hint=${t("billing.codes.hint")} resource=${codes} rows=${codes.data} columns=${columns.value} file="codes" order="-created_at">${{
        actions: () => can("billing:write") && html`<button class="btn primary" type="button" onClick=${() => setQuery({ new: "code" })}><${Icon} name="plus" size="15" />${t("billing.new.code")}</button>`,
        empty: () => html`<${Empty} icon="tag" title=${t("billing.no_codes")} text=${t("billing.redeem.why")} />`,
      }}<//>
      <${Card} title=${t("billing.books")} hint=${t("billing.books.hint")} resource=${books} tall=${60}>${{
        actions: () => html`<button class="btn sm" type="button" onClick=${books.reload}><${Icon} name="refresh-cw" size="14" />${t("billing.verify")}</button>`,
        default: () => html`<p><${Badge} tone=${books.data.intact ? "good" : "bad"} text=${t(books.data.intact ? "billing.intact" : "billing.broken")} /> <span class="soft">${t("billing.books.text", { n: f.num(books.data.transfers) })}</span> ${books.data.fault}</p><p class="mono muted foot-links wrap">${books.data.hash}</p>`,
      }}<//></div>
      <${Editor} open=${route.query.new === "code"} title=${t("billing.new.code")} path="/redeem-codes" fields=${fields} defaults=${{ uses: 1 }} done="" onClose=${() => setQuery({ new: null }, { replace: true })} onSaved=${(code) => { made.value = code; codes.reload(); }} />
      <${Dialog} open=${Boolean(made.value)} title=${t("billing.code.made")} keep="secret" onClose=${() => (made.value = null)}><div class="stack"><p class="soft">${t("billing.code.once")}</p><div class="secret"><code>${made.value?.code}</code><${Copy} text=${made.value?.code} /></div><div class="dr-f"><button class="btn primary" type="button" onClick=${() => (made.value = null)}>${t("close")}</button></div></div><//>`;
  },
};
