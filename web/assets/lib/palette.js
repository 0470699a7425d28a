// The command palette: pages, actions, and everything that has a name.
import { computed, nextTick, ref, watch } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { all, get } from "./api.js";
import { live } from "./live.js";
import { copyLink, pages, pathOf, shell } from "./nav.js";
import { prefs, toggleLanguage, toggleTheme } from "./prefs.js";
import { go } from "./route.js";
import { can, canAtGateway, canLeave, hasAccounts, signOut } from "./session.js";
import { Icon } from "./ui.js";

/**
 * What is found: `also` are more words for it, which are not shown.
 * @typedef {{group: string, icon: string, text: string, also?: string, run: () => unknown}} Item
 */

/** Lists of things with names: path, whether it may be asked, group, icon, and where one of them is shown. @type {[string, () => boolean, string, string, (one: any) => void][]} */
const NAMED = [
  ["/keys", () => can("keys:read"), "nav.keys", "key-round", (one) => go("/keys/" + one.id)],
  ["/organizations", () => can("tenants:read"), "nav.teams", "building-2", (one) => go("/teams/" + one.id)],
  ["/teams", () => can("tenants:read"), "nav.teams", "users", (one) => go("/teams/" + one.id)],
  ["/users", () => can("tenants:read"), "nav.teams", "user", (one) => go("/teams/" + one.id)],
  ["/service-accounts", () => can("tenants:read"), "nav.teams", "bot", (one) => go("/teams/" + one.id)],
  ["/projects", () => can("tenants:read"), "nav.teams", "folder-tree", (one) => go("/teams/" + one.id)],
  ["/budgets", () => can("limits:read"), "nav.budgets", "gauge", (one) => go("/budgets", { q: one.name || one.scope })],
];

/** Ids of requests, as answers and logs have them: whole, or without what they begin with. */
const REQUEST = /^(?:(?:req|resp)_[0-9a-z]{20,}|[0-9a-hjkmnp-tv-z]{26}|[0-9a-f]{8}-[0-9a-f-]{27})$/;
/** Milliseconds after the last letter until models are asked for. */
const PAUSE = 150;
const MOST = 12;

/** What can be done from anywhere. @returns {Item[]} */
const actions = () => [
  { icon: prefs.theme === "dark" ? "sun" : "moon", text: t("palette.theme"), also: t("palette.theme.also"), run: toggleTheme },
  { icon: "languages", text: t("palette.language"), also: t("palette.language.also"), run: toggleLanguage },
  { icon: "radio", text: t("palette.live"), run: () => (live.on = !live.on) },
  { icon: "link", text: t("palette.link"), run: copyLink },
  can("keys:write") && { icon: "key-round", text: t("palette.new_key"), also: t("palette.new.also"), run: () => go("/keys", { new: "1" }) },
  can("limits:write") && { icon: "gauge", text: t("palette.new_budget"), also: t("palette.new.also"), run: () => go("/budgets", { new: "1" }) },
  can("tenants:write") && hasAccounts() && { icon: "user-plus", text: t("palette.invite"), also: t("palette.new.also"), run: () => go("/teams", { tab: "people", new: "person" }) },
  canAtGateway("settings:write") && canAtGateway("routing:read") && { icon: "plug", text: t("palette.new_provider"), also: t("palette.new.also"), run: () => go("/providers", { tab: null, new: "1" }) },
  canAtGateway("settings:write") && canAtGateway("routing:read") && { icon: "flask-conical", text: t("palette.new_experiment"), also: t("palette.new.also"), run: () => go("/experiments", { new: "1" }) },
  canAtGateway("alerts:write") && { icon: "bell", text: t("palette.new_channel"), also: t("palette.new.also"), run: () => go("/alerts", { tab: "channels", new: "channel" }) },
  { icon: "user", text: t("account.settings"), run: () => go("/settings", { tab: "account" }) },
  canLeave() && { icon: "log-out", text: t("sign_out"), also: t("palette.sign_out.also"), run: signOut },
  { icon: "circle-question-mark", text: t("keyboard"), run: () => (shell.help = true) },
].flatMap((action) => action ? [{ group: t("palette.do"), ...action }] : []);

export const Palette = {
  setup() {
    const box = ref(/** @type {any} */ (null)), text = ref(""), index = ref(0);
    const objects = ref(/** @type {Item[]} */ ([])), models = ref(/** @type {Item[]} */ ([]));
    let timer = 0;
    const asked = computed(() => text.value.trim().toLowerCase());
    /** How well something fits: 9 where it does not. @param {Item} item */
    function rank(item) {
      const words = asked.value, name = item.text.toLowerCase(), every = `${name} ${(item.also ?? "").toLowerCase()}`;
      return name.startsWith(words) ? 0 : name.includes(" " + words) ? 1 : name.includes(words) ? 2 : words.split(/\s+/).every((word) => every.includes(word)) ? 3 : 9;
    }
    /** @param {Item[]} list */
    const fitting = (list) => asked.value ? list.filter((item) => rank(item) < 9).sort((a, b) => rank(a) - rank(b)) : list;
    const items = computed(() => {
      const id = asked.value;
      const direct = REQUEST.test(id) && can("usage:read") ? [{ group: t("palette.go"), icon: "scroll-text", text: t("palette.request", { id }), run: () => go("/requests/" + encodeURIComponent(id)) }] : [];
      const places = pages.value.map(([name, icon]) => ({ group: t("palette.go"), icon, text: t("nav." + name), run: () => go(pathOf(name)) }));
      return [...direct, ...fitting([...places, ...actions()]), ...(id.length > 1 ? fitting([...objects.value, ...models.value]).slice(0, MOST) : [])];
    });

    /** Names of everything, as far as the reader may know them. */
    async function learn() {
      const lists = NAMED.filter(([, may]) => may()).map(async ([path, , group, icon, open]) => {
        const list = await all(path).catch(() => []);
        return list.map((one) => ({ group: t(group), icon, text: one.name || one.scope || one.id, also: one.id, run: () => open(one) }));
      });
      const providers = canAtGateway("routing:read") && get("/providers").then((told) => told.providers.map((/** @type {any} */ one) => ({ group: t("nav.providers"), icon: "plug", text: one.name || one.id, also: one.id, run: () => go("/providers", { tab: null, peek: one.id }) })), () => []);
      const experiments = canAtGateway("routing:read") && get("/experiments").then((told) => told.experiments.map((/** @type {any} */ one) => ({ group: t("nav.experiments"), icon: "flask-conical", text: one.name, run: () => go("/experiments/" + encodeURIComponent(one.name)) })), () => []);
      objects.value = (await Promise.all([...lists, providers || [], experiments || []])).flat();
    }
    /** There may be thousands of models: those are asked for that have what was typed in their names. */
    async function learnModels() {
      const words = asked.value;
      if (words.length < 2 || !can("routing:read")) return void (models.value = []);
      const told = await get("/models", { q: words }).catch(() => null);
      if (words === asked.value) models.value = (told?.models ?? []).map((/** @type {any} */ one) => ({ group: t("palette.model"), icon: "cpu", text: one.id, also: one.target, run: () => go("/providers", { tab: "models", q: one.id, provider: null }) }));
    }
    watch(text, () => {
      index.value = 0;
      clearTimeout(timer);
      timer = setTimeout(learnModels, PAUSE);
    });
    watch(() => shell.palette, async (open) => {
      await nextTick();
      if (!open) return box.value?.open && box.value.close();
      [text.value, index.value, models.value] = ["", 0, []];
      box.value.showModal();
      learn();
    });
    /** @param {Item | undefined} item */
    const run = (item) => {
      shell.palette = false;
      item?.run();
    };
    function key(event) {
      // What is being composed, such as Chinese, takes Enter and the arrows for itself.
      if (event.isComposing) return;
      const count = items.value.length;
      if (event.key === "ArrowDown" && count) index.value = (index.value + 1) % count;
      else if (event.key === "ArrowUp" && count) index.value = (index.value - 1 + count) % count;
      else if (event.key === "Enter") return run(items.value[index.value]);
      else return;
      event.preventDefault();
      nextTick(() => box.value.querySelector(".on")?.scrollIntoView({ block: "nearest" }));
    }
    return () => html`
      <dialog class="pal" ref=${box} aria-label=${t("palette")} onClose=${() => (shell.palette = false)} onMousedown=${(event) => { if (event.target === box.value) shell.palette = false; }}>
        <div class="pal-in"><${Icon} name="search" size="17" /><input type="text" role="combobox" aria-expanded="true" aria-controls="pal-list" aria-activedescendant=${"pal-" + index.value} aria-label=${t("search")} placeholder=${t("search")} value=${text.value} onInput=${(event) => (text.value = event.target.value)} onKeydown=${key} /><kbd>esc</kbd></div>
        <div id="pal-list" role="listbox" aria-label=${t("palette")} class="pal-list" tabindex="-1">${items.value.map((item, k) => html`<div key=${item.group + item.text + k} id=${"pal-" + k} role="option" aria-selected=${String(k === index.value)} class=${k === index.value ? "on" : ""} onMousemove=${() => (index.value = k)} onClick=${() => run(item)}><${Icon} name=${item.icon} size="16" /><span>${item.text}</span><small>${item.group}</small></div>`)}</div>
        ${items.value.length === 0 && html`<p class="muted none">${t("palette.none")}</p>`}
      </dialog>`;
  },
};
