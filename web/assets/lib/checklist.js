// What is still worth doing on a new gateway. Each point ticks itself from real state; the list can be put away.
import { computed, ref } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { useResource } from "./resource.js";
import { can, canAtGateway, session } from "./session.js";
import { Icon } from "./ui.js";

const NAME = "checklist";
const away = ref(read() === "away");

function read() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}
function putAway() {
  away.value = true;
  try {
    localStorage.setItem(NAME, "away");
  } catch { /* private mode: it is back with the next page */ }
}

export const Checklist = {
  setup() {
    const every = 60, mine = () => !away.value && canAtGateway("settings:write") && canAtGateway("routing:read");
    const asked = (/** @type {string} */ path, /** @type {number} */ limit, /** @type {string} */ permission) => useResource(() => mine() && can(permission) ? [path, { limit }] : null, { every });
    const providers = useResource(() => mine() ? ["/providers"] : null, { every });
    const budgets = asked("/budgets", 1, "limits:read"), channels = asked("/alert-channels", 1, "alerts:read"), users = asked("/users", 2, "tenants:read");
    /** Point, where it is done, and whether it is; null where that is not known. @type {import("./vue.d.ts").ComputedRef<[string, string, boolean | null][]>} */
    const points = computed(() => {
      const has = (/** @type {any} */ list, n = 1) => list.data ? list.data.data.length >= n : null;
      const usable = (providers.data?.providers ?? []).filter((/** @type {any} */ one) => one.enabled && one.credential.state !== "missing").length;
      return /** @type {[string, string, boolean | null][]} */ ([
        ["owner", "/setup", session.signIn ? !session.signIn.setup_needed : null],
        ["provider", "/providers", providers.data ? usable > 0 : null],
        ["budget", "/budgets", has(budgets)],
        ["second", "/providers", providers.data ? usable > 1 : null],
        ["channel", "/alerts?tab=channels", has(channels)],
        ["invite", "/teams?tab=people", has(users, 2)],
        ["factor", "/settings", session.me?.account ? Boolean(session.me.account.has_second_factor) : null],
      ]).filter(([, , done]) => done !== null);
    });
    return () => {
      const done = points.value.filter(([, , is]) => is).length;
      if (!mine() || done === points.value.length) return null;
      return html`<details class="todo"><summary><span class="tx"><b>${t("todo")}</b><small>${t("todo.done", { n: done, all: points.value.length })}</small></span></summary>
        <ul>${points.value.map(([id, where, is]) => html`<li key=${id} class=${is ? "done" : ""}><a href=${where}><${Icon} name=${is ? "circle-check" : "circle-play"} size="15" label=${is ? t("todo.is_done") : undefined} /><span>${t("todo." + id)}</span></a></li>`)}</ul>
        <button class="link" type="button" onClick=${putAway}>${t("todo.away")}</button></details>`;
    };
  },
};
