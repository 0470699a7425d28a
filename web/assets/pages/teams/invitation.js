// A link by which somebody sets a password; it is shown once and sent by whoever made it.
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { Dialog } from "../../lib/dialog.js";
import { toast } from "../../lib/toast.js";
import { Copy, errorWords, Icon } from "../../lib/ui.js";
import * as f from "../../lib/format.js";

/** Makes a link for somebody and shows it. @param {any} user @param {{value: any}} link */
export async function invite(user, link) {
  try {
    link.value = { user, ...(await api("POST", `/users/${encodeURIComponent(user.id)}/invitation`)) };
  } catch (error) {
    toast(errorWords(error), { bad: true });
  }
}

export const Invitation = ({ link, onClose }) => html`
  <${Dialog} open=${Boolean(link)} title=${t("teams.invitation")} keep="secret" onClose=${onClose}>${link && html`<div class="stack">
    <p class="soft">${t("teams.invitation.text", { name: link.user.name, time: f.full(link.expires_at) })}</p>
    <div class="secret"><code>${location.origin + link.link_path}</code><${Copy} text=${location.origin + link.link_path} /></div>
    <div class="dr-f"><a class="btn" href=${`mailto:${link.user.email}?subject=Sira&body=${encodeURIComponent(location.origin + link.link_path)}`}><${Icon} name="mail" size="15" />${t("teams.invitation.mail")}</a><button class="btn primary" type="button" onClick=${onClose}>${t("teams.invitation.done")}</button></div></div>`}
  <//>`;
Invitation.props = ["link", "onClose"];
