// Links to a report for those who do not sign in: made, copied, counted, taken back.
import { reactive, ref, shallowRef, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { confirm, Dialog } from "../../lib/dialog.js";
import { useResource } from "../../lib/resource.js";
import { session } from "../../lib/session.js";
import { Copy, FormError, Icon, SelectField, TextField, useForm } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

const DAYS = [1, 7, 30, 90];

/** The links there are. */
const Links = {
  props: ["changes"],
  setup(p) {
    const links = useResource(() => ["/reports/shares"]);
    watch(() => p.changes, links.reload);
    const end = (/** @type {any} */ link) => confirm({
      title: t("cost.share.end"), text: t("cost.share.end.why", { title: link.title }), action: t("cost.share.end"),
      run: () => api("DELETE", "/reports/shares/" + link.id).then(links.reload),
    });
    return () => links.data?.data.length > 0 && html`
      <h3 class="share-list-h">${t("cost.share.links")}</h3>
      <ul class="share-list">${links.data.data.map((/** @type {any} */ link) => html`<li key=${link.id}>
        <div><b>${link.title}</b><p class="muted small">${t("cost.share.until", { at: f.full(Date.parse(link.expires_at) / 1000) })} · ${link.opened ? t("cost.share.opened", { n: f.num(link.opened), at: f.full(Date.parse(link.opened_at) / 1000) }) : t("cost.share.unopened")}</p></div>
        <button class="btn sm" type="button" onClick=${() => end(link)}>${t("cost.share.end")}</button></li>`)}</ul>`;
  },
};

/** Who has shown neither an account nor a token, with which their links would end. */
const UNKNOWN = ["local", "command"];

/** Why this report cannot be shared by who reads it; "" where it can. @param {{users: boolean}} what */
function hindrance({ users }) {
  if (UNKNOWN.includes(session.me?.sign_in)) return session.me.sign_in === "local" ? "setup" : "account";
  return users ? "users" : "";
}

/** Props: open, what (gives the questions and the view), users (whether it is about end users), title (what the link is called at first). Emits close. */
export const ShareDialog = {
  props: ["open", "what", "users", "title", "onClose"],
  setup(p) {
    const entry = reactive({ title: "", days: "7" }), made = shallowRef(/** @type {any} */ (null)), changes = ref(0);
    watch(() => p.open, () => {
      entry.title = p.title;
      made.value = null;
    });
    const form = useForm(async () => {
      const { asks, view } = p.what();
      made.value = await api("POST", "/reports/shares", { body: { title: entry.title.trim(), days: Number(entry.days), asks, view: JSON.stringify(view) } });
      changes.value++;
    });
    return () => html`
      <${Dialog} open=${p.open} title=${t("cost.share.title")} keep=${made.value ? "secret" : undefined} onClose=${p.onClose}>
        ${made.value ? html`
          <p class="share-made">${t("cost.share.made", { at: f.full(Date.parse(made.value.expires_at) / 1000) })}</p>
          <p class="secret"><code>${location.origin + made.value.path}</code><${Copy} text=${location.origin + made.value.path} label=${t("cost.report.link")} /></p>`
        : hindrance(p) ? html`
          <p>${t("cost.share.not." + hindrance(p))}</p>
          ${hindrance(p) === "setup" && html`<div class="dr-f"><a class="btn primary" href="/setup">${t("cost.share.setup")}</a></div>`}`
        : html`<form class="form" onSubmit=${form.submit}>
          <p class="muted">${t("cost.share.why")}</p>
          <${TextField} model=${entry} name="title" label=${t("cost.share.name")} error=${form.fields.value.title} required=${true} />
          <${SelectField} model=${entry} name="days" label=${t("cost.share.days")} error=${form.fields.value.days} options=${DAYS.map((n) => [String(n), t("cost.share.days.n", { n })])} />
          <${FormError} error=${form.error.value} />
          <div class="dr-f"><button class="btn primary" type="submit" disabled=${form.busy.value}><${Icon} name="link" size="15" />${t("cost.share.make")}</button></div></form>`}
        ${p.open && html`<${Links} changes=${changes.value} />`}
      <//>`;
  },
};
