// The address bar is the view: which page, of what, with which filters.
import { onBeforeUnmount, reactive, ref, shallowRef } from "./vue.js";
import { addWords } from "./i18n.js";

/** Where the reader is: /requests/req_1?q=x is page "requests", id "req_1", query {q: "x"}. */
export const route = reactive({
  page: "overview",
  id: "",
  /** @type {Record<string, string>} */
  query: {},
});

/** What is shown: the component of the page, when its script is here. */
export const view = shallowRef(/** @type {{name: string, component: any} | null} */ (null));
/** Why the page's script did not come. */
export const failure = shallowRef(/** @type {Error | null} */ (null));

/** A part of an address; one that is no text stays as it is. @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function read() {
  const [page, ...rest] = location.pathname.split("/").filter(Boolean);
  route.page = page || "overview";
  route.id = rest.map(decoded).join("/");
  route.query = Object.fromEntries(new URLSearchParams(location.search));
}

/** @param {string} page */
async function load(page) {
  if (view.value?.name === page) return;
  failure.value = null;
  try {
    if (!/^[a-z-]+$/.test(page)) throw new TypeError("no such page");
    const [module, en, zh] = await arrival(Promise.all([
      import(`../pages/${page}.js`), import(`../i18n/en/${page}.js`), import(`../i18n/zh/${page}.js`),
    ]));
    addWords(en.default, zh.default);
    // `styles` is true for the page's own sheet, or the names of several.
    await Promise.all((module.styles === true ? [page] : module.styles ?? []).map(addStyles));
    if (route.page === page) view.value = { name: page, component: module.default };
  } catch (error) {
    if (route.page !== page) return;
    failure.value = /** @type {Error} */ (error);
    view.value = null;
  }
}

const RENEWED = "sira.renewed", MINUTE = 60_000;
/**
 * Waits for scripts that are loaded now. Those of another version are gone after an upgrade: the console is loaded anew then,
 * at most once a minute, since two gateways behind one address may be of different versions for a while.
 * @template T @param {Promise<T>} loading @returns {Promise<T>}
 */
export async function arrival(loading) {
  try {
    return await loading;
  } catch (error) {
    const tree = new URL("../..", import.meta.url).pathname, last = Number(sessionStorage.getItem(RENEWED));
    const page = await fetch("/", { cache: "no-store" }).then((answer) => answer.ok ? answer.text() : "", () => "");
    if (/"\/a\/[^"/]+\//.test(page) && !page.includes(`"${tree}`) && Date.now() - last > MINUTE) {
      sessionStorage.setItem(RENEWED, String(Date.now()));
      location.reload();
    }
    throw error;
  }
}

/** Adds the styles of a page, once; those of another page are there for its parts. @param {string} page */
export function addStyles(page) {
  const href = new URL(`../pages/${page}.css`, import.meta.url).href;
  if ([...document.styleSheets].some((sheet) => sheet.href === href)) return;
  return new Promise((resolve) => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = href;
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
}

/** Filters that are kept from page to page. */
const KEPT = ["range", "from", "to", "compare", "team", "key", "provider", "model", "tag"];

/**
 * The address of a page, with the range and filters that are in force.
 * @param {string} path such as "/requests/req_1"
 * @param {Record<string, string | null | undefined>} [query] more filters; null takes one away
 */
export function href(path, query = {}) {
  const kept = Object.fromEntries(Object.entries(route.query).filter(([name]) => KEPT.includes(name)));
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...kept, ...query })) { if (value) all.set(name, value); }
  return all.size ? `${path}?${all}` : path;
}

/** Goes to a page. @param {string} path @param {Record<string, string | null | undefined>} [query] */
export function go(path, query) {
  goTo(href(path, query));
}

/** @param {string} address */
function goTo(address) {
  history.pushState(null, "", address);
  follow();
  // What led here may be gone: who uses a keyboard goes on at the page's beginning.
  document.getElementById("main")?.focus({ preventScroll: true });
  scrollTo(0, 0);
}

/** Where the reader wanted to go before signing in; only within this console. */
export function onward() {
  const next = route.query.next ?? "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}

/**
 * Changes filters of the page that is shown. Typing replaces the entry of the history, a choice adds one.
 * @param {Record<string, string | null | undefined>} change null or "" takes a filter away
 * @param {{replace?: boolean}} [options]
 */
export function setQuery(change, options = {}) {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...route.query, ...change })) { if (value) all.set(name, value); }
  const address = all.size ? `${location.pathname}?${all}` : location.pathname;
  if (address === location.pathname + location.search) return;
  history[options.replace ? "replaceState" : "pushState"](null, "", address);
  read();
}

function follow() {
  read();
  return load(route.page);
}

/** Begins to follow the address and links. */
export function startRouting() {
  addEventListener("popstate", follow);
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = /** @type {Element} */ (event.target).closest?.("a[href]");
    if (!(link instanceof HTMLAnchorElement) || link.target || link.hasAttribute("download")) return;
    if (link.origin !== location.origin || /^\/(api|auth|a)\//.test(link.pathname) || link.hash) return;
    event.preventDefault();
    if (link.href === location.href) return;
    goTo(link.href);
  });
  return follow();
}

/** What fragments are kept by, for as long as the tab is open. */
const LINK = "sira.link.";

/** Forgets what links have brought: it was used, or refused. */
export function forgetFragments() {
  for (const name of Object.keys(sessionStorage)) { if (name.startsWith(LINK)) sessionStorage.removeItem(name); }
}

/**
 * What a link's fragment holds under a name; "" without. Secrets in links stand behind the #, which browsers send to nobody,
 * and are taken out of the address at once, so that neither the history nor a copied address has them. The tab keeps them
 * until they are used or refused, so that a page that is loaded again still has them.
 * @param {string} name
 */
export function useFragment(name) {
  const value = ref(sessionStorage.getItem(LINK + name) ?? "");
  const take = () => {
    const found = new URLSearchParams(location.hash.slice(1)).get(name);
    if (!found) return;
    value.value = found;
    sessionStorage.setItem(LINK + name, found);
    history.replaceState(history.state, "", location.pathname + location.search);
  };
  take();
  // A link that is opened where its page is shown already loads no document.
  addEventListener("hashchange", take);
  onBeforeUnmount(() => removeEventListener("hashchange", take));
  return value;
}
