// The frame: navigation, top bar, time range, account, command palette, help for the keyboard.
import { computed, nextTick, onBeforeUnmount, onMounted, reactive, ref, watch } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { all, hasToken } from "./api.js";
import { copy } from "./copy.js";
import { live } from "./live.js";
import { prefs, toggleLanguage, toggleTheme } from "./prefs.js";
import { LENGTHS, parseRange, range, shift } from "./range.js";
import { go, href, route, setQuery, view } from "./route.js";
import { can, readerName, session, signOut } from "./session.js";
import { Checklist } from "./checklist.js";
import { useResource } from "./resource.js";
import { Icon, Segmented } from "./ui.js";
import { Dialog } from "./dialog.js";
import * as f from "./format.js";

/** All pages: group, id, icon, the permission that shows it, the letter after g. @type {[string, [string, string, string, string][]][]} */
export const NAV = [
  ["", [["overview", "layout-dashboard", "usage:read", "o"]]],
  ["centres", [["routing", "route", "routing:read", "r"], ["cost", "wallet", "usage:read", "c"], ["security", "shield-check", "audit:read", "s"]]],
  ["observe", [["requests", "scroll-text", "usage:read", "l"], ["alerts", "bell", "alerts:read", "a"]]],
  ["build", [["playground", "play", "usage:read", "p"], ["experiments", "flask-conical", "routing:read", "e"]]],
  ["manage", [["providers", "plug", "routing:read", "v"], ["keys", "key-round", "keys:read", "k"], ["teams", "users", "tenants:read", "t"], ["budgets", "gauge", "limits:read", "b"], ["billing", "receipt", "billing:read", "i"], ["settings", "settings", "settings:read", "n"]]],
];
/** Pages whose figures belong to a time range. */
const RANGED = new Set(["overview", "routing", "cost", "requests", "security"]);

/** What the reader may see of it. */
const shown = computed(() => /** @type {typeof NAV} */ (NAV.map(([group, items]) => [group, items.filter(([, , permission]) => can(permission))]).filter(([, items]) => items.length)));
const shell = reactive({ menu: false, palette: false, help: false, account: false });

const Logo = () => html`<span class="logo" aria-hidden="true"><svg viewBox="0 0 32 32" width="26" height="26"><rect width="32" height="32" rx="8" fill="var(--accent-solid)" /><path d="M7 21c5 0 5-10 10-10h8M7 11c2.2 0 3.4 1.9 4.6 4M15 20.4c.7.4 1.3.6 2 .6h8" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" /></svg></span>`;
export { Logo };

/** How the providers do, in one line. */
const Health = {
  setup() {
    const providers = useResource(() => can("routing:read") ? ["/providers"] : null, { every: 15 });
    const summary = computed(() => {
      const list = (providers.data?.providers ?? []).filter((one) => one.state && one.state !== "unused");
      const up = list.filter((one) => one.state === "up" || one.state === "unknown").length;
      const state = !list.length ? "unknown" : up === list.length ? "healthy" : up ? "degraded" : "down";
      return { up, all: list.length, state };
    });
    return () => {
      if (!providers.data) return null;
      const { up, all, state } = summary.value;
      return html`<a class=${"health " + state} href="/providers" aria-label=${`${t("health." + state)}. ${t("health.providers", { up, all })}`}><i></i><span class="tx"><b>${t("health." + state)}</b><small>${t("health.providers", { up, all })}</small></span></a>`;
    };
  },
};

export const Sidebar = () => html`
  <aside class=${"side" + (shell.menu ? " open" : "")} id="side">
    <a class="brand" href="/" aria-label="Sira"><${Logo} /><span class="ws"><b>Sira</b><small>${location.host}</small></span></a>
    <nav aria-label=${t("menu")}>${shown.value.map(([group, items]) => html`
      <div class="grp" key=${group}>${group && html`<h2>${t("group." + group)}</h2>`}
        <ul>${items.map(([id, icon]) => html`<li key=${id}><a href=${href("/" + (id === "overview" ? "" : id))} aria-current=${route.page === id ? "page" : undefined} title=${t("nav." + id)} onClick=${() => (shell.menu = false)}><${Icon} name=${icon} size="17" /><span class="tx">${t("nav." + id)}</span></a></li>`)}</ul></div>`)}
    </nav>
    <${Checklist} /><${Health} />
  </aside>
  ${shell.menu && html`<div class="scrim" onClick=${() => (shell.menu = false)}></div>`}`;

/** Which stretch of time is looked at. */
const RangePicker = {
  setup() {
    const open = ref(false), text = ref(""), wrong = ref(false);
    const pick = (name) => {
      setQuery({ range: name, from: null, to: null });
      open.value = false;
    };
    function typed(event) {
      event.preventDefault();
      const parsed = parseRange(text.value);
      wrong.value = !parsed;
      if (!parsed) return;
      setQuery(parsed);
      [open.value, text.value] = [false, ""];
    }
    return () => html`
      <div class="range">
        <${Segmented} label=${t("range")} value=${range.value.live ? range.value.name : ""} options=${["15m", "1h", "24h", "7d"].map((name) => [name, name])} onPick=${pick} />
        <button class=${"btn range-b" + (range.value.live && ["15m", "1h", "24h", "7d"].includes(range.value.name) ? "" : " on")} type="button" aria-haspopup="dialog" aria-expanded=${String(open.value)} onClick=${() => (open.value = true)}>
          ${range.value.live ? (["15m", "1h", "24h", "7d"].includes(range.value.name) ? html`<${Icon} name="calendar" size="15" label=${t("range.more")} />` : range.value.name) : `${f.day(range.value.from)} ${f.hm(range.value.from)} – ${f.day(range.value.to)} ${f.hm(range.value.to)}`}</button>
        <${Dialog} open=${open.value} title=${t("range")} onClose=${() => (open.value = false)}>
          <div class="range-grid">${Object.keys(LENGTHS).map((name) => html`<button key=${name} class="btn" type="button" onClick=${() => pick(name)}>${name}</button>`)}
            ${["today", "yesterday", "this month", "last month"].map((name) => html`<button key=${name} class="btn" type="button" onClick=${() => { setQuery(parseRange(name) ?? {}); open.value = false; }}>${t("range." + name)}</button>`)}</div>
          <form onSubmit=${typed}><div class="field"><label for="range-text">${t("range.custom")}</label><span class="input"><input id="range-text" placeholder="2h · yesterday · 2026-11-03..2026-11-07" value=${text.value} aria-invalid=${String(wrong.value)} aria-describedby="range-hint" onInput=${(event) => (text.value = event.target.value)} /></span>
            <p id="range-hint" class=${wrong.value ? "wrong-t" : "muted"}>${wrong.value ? t("range.wrong") : t("range.zone", { zone: f.zone() })}</p></div>
            <div class="dr-f"><button class="btn primary" type="submit">${t("range.apply")}</button>
            <button class="btn" type="button" aria-label=${t("range.back")} title=${t("range.back")} onClick=${() => shift(-1, -1)}><${Icon} name="chevron-left" size="15" /></button>
            <button class="btn" type="button" aria-label=${t("range.forth")} title=${t("range.forth")} onClick=${() => shift(1, 1)}><${Icon} name="chevron-right" size="15" /></button>
            <button class="btn" type="button" onClick=${() => shift(-0.5, 0.5)}>${t("range.out")}</button></div></form>
        <//>
      </div>`;
  },
};

const Account = () => html`
  <button class="ava" type="button" aria-label=${t("account")} aria-haspopup="dialog" onClick=${() => (shell.account = true)}>${initials(readerName.value)}</button>
  <${Dialog} open=${shell.account} title=${t("account")} onClose=${() => (shell.account = false)}>
    <dl class="kv two"><div><dt>${t("account.name")}</dt><dd>${readerName.value}</dd></div><div><dt>${t("account.how")}</dt><dd>${t("account.by." + (session.me?.sign_in ?? (hasToken() ? "token" : "local")))}</dd></div></dl>
    <div class="dr-f"><a class="btn" href="/settings?tab=account" onClick=${() => (shell.account = false)}><${Icon} name="user" size="15" />${t("account.settings")}</a>
      <button class="btn" type="button" onClick=${() => (shell.help = true, shell.account = false)}>${t("keyboard")}</button>
      ${(session.me?.sign_in === "session" || hasToken()) && html`<button class="btn" type="button" onClick=${() => (shell.account = false, signOut())}><${Icon} name="log-out" size="15" />${t("sign_out")}</button>`}</div>
  <//>`;
/** @param {string} name */
const initials = (name) => name.split(/[\s:@.]+/).filter(Boolean).slice(0, 2).map((word) => word[0].toUpperCase()).join("") || "?";

export const Topbar = () => {
  const state = !live.on ? "paused" : live.connected ? "live" : "offline";
  return html`
  <header class="top">
    <button class="icon-b only-m" type="button" aria-label=${t("menu")} aria-expanded=${String(shell.menu)} aria-controls="side" onClick=${() => (shell.menu = true)}><${Icon} name="menu" size="18" /></button>
    <div class="ttl"><h1>${t("nav." + route.page)}</h1><p>${t("sub." + route.page)}</p></div><span class="grow"></span>
    <button class="search" type="button" aria-label=${t("search")} aria-keyshortcuts="Control+K Meta+K" onClick=${() => (shell.palette = true)}><${Icon} name="search" size="15" /><span>${t("search")}</span><kbd>⌘K</kbd></button>
    ${RANGED.has(route.page) && html`<${RangePicker} />`}
    <button class=${"live " + state} type="button" aria-pressed=${String(live.on)} title=${t(live.on ? "live.pause" : "live.resume")} onClick=${() => (live.on = !live.on)}><i></i>${t("live." + state)}</button>
    <button class="icon-b" type="button" aria-label=${t("language")} title=${t("language")} onClick=${toggleLanguage}><${Icon} name="languages" size="17" /></button>
    <button class="icon-b" type="button" aria-label=${t(prefs.theme === "dark" ? "theme.light" : "theme.dark")} title=${t(prefs.theme === "dark" ? "theme.light" : "theme.dark")} onClick=${toggleTheme}><${Icon} name=${prefs.theme === "dark" ? "sun" : "moon"} size="17" /></button>
    <${Account} />
  </header>`;
};

export const Tabbar = () => html`
  <nav class="tabs" aria-label=${t("menu.short")}>${["overview", "routing", "cost", "requests", "keys"].map((id) => {
    const item = NAV.flatMap(([, items]) => items).find(([name]) => name === id);
    return item && can(item[2]) && html`<a key=${id} href=${href("/" + (id === "overview" ? "" : id))} aria-current=${route.page === id ? "page" : undefined}><${Icon} name=${item[1]} size="20" /><span>${t("nav." + id)}</span></a>`;
  })}</nav>`;

export function copyLink() {
  const { from, to } = range.value, link = new URL(location.href);
  if (RANGED.has(route.page)) {
    link.searchParams.delete("range");
    link.searchParams.set("from", String(from));
    link.searchParams.set("to", String(to));
  }
  copy(link.href, t("link.copied"));
}

/** What else the palette finds, by name. @type {[string, string, string, string][]} path, permission, page, icon */
const FOUND = [["/keys", "keys:read", "keys", "key-round"], ["/teams", "tenants:read", "teams", "users"], ["/users", "tenants:read", "teams", "user"], ["/projects", "tenants:read", "teams", "folder-tree"]];

export const Palette = {
  setup() {
    const box = ref(/** @type {any} */ (null)), text = ref(""), index = ref(0), objects = ref(/** @type {any[]} */ ([]));
    const actions = () => [
      { icon: "sun", text: t("palette.theme"), run: toggleTheme },
      { icon: "languages", text: t("palette.language"), run: toggleLanguage },
      { icon: "radio", text: t("palette.live"), run: () => (live.on = !live.on) },
      { icon: "link", text: t("palette.link"), run: copyLink },
      ...(can("keys:write") ? [{ icon: "key-round", text: t("palette.new_key"), run: () => go("/keys", { new: "1" }) }] : []),
      { icon: "circle-question-mark", text: t("keyboard"), run: () => (shell.help = true) },
    ].map((action) => ({ group: t("palette.do"), ...action }));
    const items = computed(() => {
      const words = text.value.trim().toLowerCase();
      const pages = shown.value.flatMap(([, list]) => list.map(([id, icon]) => ({ group: t("palette.go"), icon, text: t("nav." + id), run: () => go("/" + (id === "overview" ? "" : id)) })));
      const rank = (item) => {
        const name = item.text.toLowerCase();
        return name.startsWith(words) ? 0 : name.includes(" " + words) ? 1 : name.includes(words) ? 2 : 9;
      };
      const direct = /^(req|resp)?_?[0-9a-f-]{12,}$/i.test(words) ? [{ group: t("palette.go"), icon: "scroll-text", text: t("palette.request", { id: words }), run: () => go("/requests/" + encodeURIComponent(text.value.trim())) }] : [];
      const named = [...pages, ...actions()].filter((item) => !words || rank(item) < 9).sort((a, b) => (words ? rank(a) - rank(b) : 0));
      return [...direct, ...named, ...(words.length > 1 ? objects.value.filter((item) => rank(item) < 9).slice(0, 12) : [])];
    });
    watch(text, () => (index.value = 0));
    watch(() => shell.palette, async (open) => {
      await nextTick();
      if (!open) return box.value?.open && box.value.close();
      [text.value, index.value] = ["", 0];
      box.value.showModal();
      const lists = await Promise.all(FOUND.filter(([, permission]) => can(permission)).map(async ([path, , page, icon]) => {
        const list = await all(path).catch(() => []);
        return list.map((one) => ({ group: t("nav." + page), icon, text: one.name ?? one.id, run: () => go(`/${page}/${one.id}`) }));
      }));
      objects.value = lists.flat();
    });
    const run = (item) => {
      shell.palette = false;
      item?.run();
    };
    function key(event) {
      // What is being composed, such as Chinese, takes Enter and the arrows for itself.
      if (event.isComposing) return;
      const count = items.value.length;
      if (event.key === "ArrowDown") index.value = (index.value + 1) % count;
      else if (event.key === "ArrowUp") index.value = (index.value - 1 + count) % count;
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

const KEYS = [["⌘K", "key.palette"], ["g o r c s l a p e v k t b i n", "key.go"], ["[ ]", "key.step"], ["-", "key.out"], [".", "key.live"], ["t", "key.theme"], ["j k ↑ ↓", "key.rows"], ["Enter", "key.open"], ["Esc", "key.close"], ["c", "key.link"], ["/", "key.query"], ["h", "key.histogram"], ["?", "key.help"]];

/** Follows the keyboard, and shows what it can do. */
export const Keyboard = {
  setup() {
    let waiting = 0;
    function follow(event) {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        shell.palette = !shell.palette;
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || !session.me || document.querySelector("dialog[open]:not(.beside)") || event.target.closest?.("input, textarea, select, [role=radiogroup], [role=tablist]")) return;
      if (waiting) {
        clearTimeout(waiting);
        waiting = 0;
        const item = shown.value.flatMap(([, items]) => items).find(([, , , letter]) => letter === event.key);
        if (item) return go("/" + (item[0] === "overview" ? "" : item[0]));
      }
      const action = { g: () => (waiting = setTimeout(() => (waiting = 0), 1_200)), "[": () => shift(-1, -1), "]": () => shift(1, 1), "-": () => shift(-0.5, 0.5), ".": () => (live.on = !live.on), t: toggleTheme, c: copyLink, "?": () => (shell.help = true) }[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    }
    onMounted(() => addEventListener("keydown", follow));
    onBeforeUnmount(() => removeEventListener("keydown", follow));
    return () => html`<${Dialog} open=${shell.help} title=${t("keyboard")} onClose=${() => (shell.help = false)}><dl class="shortcuts">${KEYS.map(([keys, words]) => html`<div key=${words}><dt>${keys.split(" ").map((one) => html`<kbd key=${one}>${one}</kbd>`)}</dt><dd>${t(words)}</dd></div>`)}</dl><//>`;
  },
};

/** The page, once it is here: the one before would take the next one's address for its own. */
export const Main = () => html`<main id="main" tabindex="-1">${view.value?.name === route.page ? html`<${view.value.component} key=${view.value.name} />` : null}</main>`;
