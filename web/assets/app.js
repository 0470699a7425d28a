// Begins: finds out who is there, then shows the console, or the way in.
import { createApp, ref, watch } from "./lib/vue.js";
import { html } from "./lib/html.js";
import { t } from "./lib/i18n.js";
import { prefs, takeLanguage } from "./lib/prefs.js";
import { followDownloads, whenLinkSpent } from "./lib/api.js";
import { startLive } from "./lib/live.js";
import { failure, forgetFragments, go, onward, route, startRouting, view } from "./lib/route.js";
import { session, whoIsThere } from "./lib/session.js";
import { CopyByHand } from "./lib/copy-by-hand.js";
import { Confirm } from "./lib/dialog.js";
import { Empty, errorWords } from "./lib/ui.js";
import { Palette } from "./lib/palette.js";
import { Keyboard, Main, Sidebar, Tabbar, Topbar } from "./lib/shell.js";
import { toast, Toasts } from "./lib/toast.js";

/** Pages that are there without anybody being signed in. */
const OPEN = new Set(["sign-in", "setup", "shared"]);
const ready = ref(false);

const Missing = () => html`<main id="main" tabindex="-1"><section class="card"><${Empty} icon="search" title=${t("page.none")} text=${t("page.none.why")}><a class="btn" href="/">${t("nav.overview")}</a><//></section></main>`;

const App = () => {
  if (!ready.value) return null;
  if (!session.reachable) return html`<main class="alone"><section class="card"><${Empty} icon="power" title=${t("unreachable")} text=${t("unreachable.why")}><button class="btn" type="button" onClick=${() => location.reload()}>${t("retry")}</button><//></section></main>`;
  // A page behind the door is not shown before it, while the script of the way in comes.
  if (OPEN.has(route.page) && view.value?.name !== route.page) return null;
  if (OPEN.has(route.page)) return html`<${Main} /><${Confirm} /><${CopyByHand} /><${Toasts} />`;
  if (!session.me) return null;
  return html`
    <a class="skip" href="#main">${t("skip")}</a>
    <div class="app"><${Sidebar} /><div class="body"><${Topbar} />${failure.value ? html`<${Missing} />` : html`<${Main} />`}</div><${Tabbar} /></div>
    <${Palette} /><${Keyboard} /><${Confirm} /><${CopyByHand} /><${Toasts} />`;
};

/** Leads to the way in when nobody is signed in, and away from it when somebody is. */
function guide() {
  if (!session.reachable) return;
  if (session.signIn?.setup_needed && !session.me && !OPEN.has(route.page)) return go("/setup");
  if (!session.me && !OPEN.has(route.page)) return go("/sign-in", { next: location.pathname === "/" ? null : location.pathname + location.search });
  // With a new document, and without a way back to the sign-in.
  if (session.me && route.page === "sign-in") return location.replace(onward());
}

watch(() => [route.page, prefs.lang, view.value], () => (document.title = `${t("nav." + route.page)} · Sira`), { immediate: true });
await Promise.all([whoIsThere(), startRouting()]);
guide();
watch(() => [session.me, route.page], () => {
  guide();
  if (session.me) startLive();
  // Who has signed in has used the invitation or the code; who is in by being on this machine may still become the owner.
  if (session.me?.sign_in === "session") forgetFragments();
  if (session.me?.account) takeLanguage(session.me.user.id, session.me.account.preferences?.language);
}, { immediate: true });
ready.value = true;
whenLinkSpent(forgetFragments);
followDownloads((error) => toast(errorWords(error), { bad: true }));
createApp({ render: App }).mount("#app");
