// The frame: navigation, top bar, time range, account, help for the keyboard.
import { computed, onBeforeUnmount, onMounted, ref, watch } from "./vue.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { hasToken } from "./api.js";
import { live } from "./live.js";
import { COMMAND, copyLink, NAV, offered, pages, pathOf, RANGED, shell, shown } from "./nav.js";
import { prefs, toggleLanguage, toggleTheme } from "./prefs.js";
import { LENGTHS, parseRange, range, shift, unreadRange } from "./range.js";
import { go, href, route, setQuery, view } from "./route.js";
import { canAtGateway, canLeave, readerName, session, signOut } from "./session.js";
import { Checklist } from "./checklist.js";
import { useResource } from "./resource.js";
import { focusRow } from "./table.js";
import { toast } from "./toast.js";
import { Icon, Segmented } from "./ui.js";
import { Dialog } from "./dialog.js";
import * as f from "./format.js";

const Logo = () => html`<span class="logo" aria-hidden="true"><svg viewBox="0 0 32 32" width="26" height="26"><rect width="32" height="32" rx="8" fill="var(--accent-solid)" /><path d="M7 21c5 0 5-10 10-10h8M7 11c2.2 0 3.4 1.9 4.6 4M15 20.4c.7.4 1.3.6 2 .6h8" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" /></svg></span>`;
export { Logo };

/** How the providers do, in one line. */
const Health = {
  setup() {
    const providers = useResource(() => canAtGateway("routing:read") ? ["/providers"] : null, { every: 15 });
    // Whether the gateway is there at all is asked at once when the connection is lost, and when it is back.
    watch(() => live.connected, () => { if (!document.hidden) providers.reload(); });
    const summary = computed(() => {
      const list = (providers.data?.providers ?? []).filter((one) => one.state && one.state !== "unused");
      const up = list.filter((one) => one.state === "up" || one.state === "unknown").length;
      const state = !list.length ? "unknown" : up === list.length ? "healthy" : up ? "degraded" : "down";
      return { up, all: list.length, state };
    });
    return () => {
      if (!providers.data) return null;
      // What was so before the gateway fell silent says nothing of now.
      const { up, all, state } = providers.error ? { up: 0, all: 0, state: "unknown" } : summary.value;
      const how = providers.error ? t("health.lost") : t("health.providers", { up, all });
      return html`<a class=${"health " + state} href="/providers" aria-label=${`${t("health." + state)}. ${how}`}><i></i><span class="tx"><b>${t("health." + state)}</b><small>${how}</small></span></a>`;
    };
  },
};

export const Sidebar = () => html`
  <aside class=${"side" + (shell.menu ? " open" : "")} id="side">
    <a class="brand" href="/" aria-label="Sira"><${Logo} /><span class="ws"><b>Sira</b><small>${location.host}</small></span></a>
    <nav aria-label=${t("menu")}>${shown.value.map(([group, items]) => html`
      <div class="grp" key=${group}>${group && html`<h2>${t("group." + group)}</h2>`}
        <ul>${items.map(([id, icon]) => html`<li key=${id}><a href=${href(pathOf(id))} aria-current=${route.page === id ? "page" : undefined} title=${t("nav." + id)} onClick=${() => (shell.menu = false)}><${Icon} name=${icon} size="17" /><span class="tx">${t("nav." + id)}</span></a></li>`)}</ul></div>`)}
      <div class="grp only-m"><h2>${readerName.value}</h2><ul>
        <li><a href="/settings?tab=account" onClick=${() => (shell.menu = false)}><${Icon} name="user" size="17" /><span class="tx">${t("account")}</span></a></li>
        ${canLeave() && html`<li><button type="button" onClick=${() => (shell.menu = false, signOut())}><${Icon} name="log-out" size="17" /><span class="tx">${t("sign_out")}</span></button></li>`}</ul></div>
    </nav>
    <${Checklist} /><${Health} />
  </aside>
  ${shell.menu && html`<div class="scrim" onClick=${() => (shell.menu = false)}></div>`}`;

/** The range of an address that could not be read and of which the reader was told. */
let toldRange = "";

/** Which stretch of time is looked at. */
const RangePicker = {
  setup() {
    watch(unreadRange, (written) => {
      if (written && written !== toldRange) toast(t("range.unread", { written: written.slice(0, 60) }));
      toldRange = written;
    }, { immediate: true });
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
      ${canLeave() && html`<button class="btn" type="button" onClick=${() => (shell.account = false, signOut())}><${Icon} name="log-out" size="15" />${t("sign_out")}</button>`}</div>
  <//>`;
/** @param {string} name */
const initials = (name) => name.split(/[\s:@.]+/).filter(Boolean).slice(0, 2).map((word) => word[0].toUpperCase()).join("") || "?";

export const Topbar = () => {
  const state = !live.on ? "paused" : live.connected ? "live" : "offline";
  return html`
  <header class="top">
    <button class="icon-b only-m" type="button" aria-label=${t("menu")} aria-expanded=${String(shell.menu)} aria-controls="side" onClick=${() => (shell.menu = true)}><${Icon} name="menu" size="18" /></button>
    <div class="ttl"><h1>${t("nav." + route.page)}</h1><p>${t("sub." + route.page)}</p></div><span class="grow"></span>
    <button class="search" type="button" aria-label=${t("search")} aria-keyshortcuts="Control+K Meta+K" onClick=${() => (shell.palette = true)}><${Icon} name="search" size="15" /><span>${t("search")}</span><kbd>${COMMAND}</kbd></button>
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
    return item && offered(item) && html`<a key=${id} href=${href(pathOf(id))} aria-current=${route.page === id ? "page" : undefined}><${Icon} name=${item[1]} size="20" /><span>${t("nav." + id)}</span></a>`;
  })}</nav>`;

const KEYS = [[COMMAND, "key.palette"], ["[ ]", "key.step"], ["-", "key.out"], [".", "key.live"], ["t", "key.theme"], ["j k ↑ ↓", "key.rows"], ["Enter", "key.open"], ["Esc", "key.close"], ["c", "key.link"], ["/", "key.query"], ["h", "key.histogram"], ["?", "key.help"]];

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
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || !session.me || document.querySelector("dialog[open]:not(.beside)") || event.target.closest?.("input, textarea, select, [role=radiogroup], [role=tablist]")) return;
      if (waiting) {
        clearTimeout(waiting);
        waiting = 0;
        const item = pages.value.find(([, , , letter]) => letter === event.key);
        if (item) return go(pathOf(item[0]));
      }
      const action = { g: () => (waiting = setTimeout(() => (waiting = 0), 1_200)), "[": () => shift(-1, -1), "]": () => shift(1, 1), "-": () => shift(-0.5, 0.5), ".": () => (live.on = !live.on), t: toggleTheme, c: copyLink, j: focusRow, k: focusRow, "?": () => (shell.help = true) }[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    }
    onMounted(() => addEventListener("keydown", follow));
    onBeforeUnmount(() => removeEventListener("keydown", follow));
    return () => html`<${Dialog} open=${shell.help} title=${t("keyboard")} onClose=${() => (shell.help = false)}><dl class="shortcuts">${KEYS.map(([keys, words]) => html`<div key=${words}><dt>${keys.split(" ").map((one) => html`<kbd key=${one}>${one}</kbd>`)}</dt><dd>${t(words)}</dd></div>`)}</dl>
      <h3>${t("key.go")}</h3><dl class="shortcuts pages">${pages.value.map(([id, , , letter]) => html`<div key=${id}><dt><kbd>g</kbd><kbd>${letter}</kbd></dt><dd>${t("nav." + id)}</dd></div>`)}</dl><//>`;
  },
};

/** The page, once it is here: the one before would take the next one's address for its own. */
export const Main = () => html`<main id="main" tabindex="-1">${view.value?.name === route.page ? html`<${view.value.component} key=${view.value.name} />` : null}</main>`;
