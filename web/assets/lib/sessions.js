// Sessions in a table: what they are, and a way to end them.
import { html } from "./html.js";
import { t } from "./i18n.js";
import { api } from "./api.js";
import { confirm } from "./dialog.js";
import { toast } from "./toast.js";
import { Badge } from "./ui.js";
import * as f from "./format.js";

/** A browser and its system, as far as they say. @param {string} agent */
export function device(agent) {
  const browser = /Edg\//.test(agent) ? "Edge" : /OPR\//.test(agent) ? "Opera" : /Firefox\//.test(agent) ? "Firefox" : /Chrome\//.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : "";
  const system = /iPhone|iPad/.test(agent) ? "iOS" : /Android/.test(agent) ? "Android" : /Mac OS X/.test(agent) ? "macOS" : /Windows/.test(agent) ? "Windows" : /Linux/.test(agent) ? "Linux" : "";
  return [browser, system].filter(Boolean).join(" · ") || agent.slice(0, 40) || "–";
}

/** @param {() => void} after what is done when one was ended @param {boolean} named whether it is said whose they are */
export const SessionColumns = (after, named) => [
  ...(named ? [{ id: "user", label: t("session.user"), sort: (one) => one.user.name, cell: (one) => html`<a href=${"/teams/" + one.user.id}>${one.user.name || one.user.id}</a>` }] : []),
  { id: "device", label: t("session.device"), csv: (one) => one.agent, title: (one) => one.agent, cell: (one) => html`${device(one.agent)}${one.current && html` <${Badge} tone="info" text=${t("session.current")} />`}` },
  { id: "address", label: t("session.address"), width: 150, sort: (one) => one.address, cell: (one) => html`<span class="mono">${one.address}</span>` },
  { id: "method", label: t("session.method"), width: 150, sort: (one) => one.method, cell: (one) => one.method.startsWith("oidc:") ? t("session.sso", { name: one.method.slice(5) }) : t("session.by." + one.method) },
  { id: "created_at", label: t("session.begun"), width: 150, sort: (one) => one.created_at, title: (one) => f.full(one.created_at), cell: (one) => f.ago(one.created_at) },
  { id: "seen_at", label: t("session.seen"), width: 140, sort: (one) => one.seen_at, title: (one) => f.full(one.seen_at), cell: (one) => f.ago(one.seen_at) },
  { id: "expires_at", label: t("session.expires"), width: 130, sort: (one) => one.expires_at, title: (one) => f.full(one.expires_at), cell: (one) => f.ago(one.expires_at) },
  { id: "act", label: "", width: 100, cell: (one) => html`<span class="row"><button class="btn sm" type="button" onClick=${() => confirm({
    title: t("session.end"), text: t(one.current ? "session.end.own" : "session.end.text", { name: one.user.name, device: device(one.agent) }), action: t("session.end"),
    run: async () => {
      await api("DELETE", `/sessions/${encodeURIComponent(one.id)}`);
      toast(t("session.ended"));
      after();
    },
  })}>${t("session.end")}</button></span>` },
];
