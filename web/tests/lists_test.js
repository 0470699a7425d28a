// What is asked of the gateway and kept: questions that change, pages that are added, rows that were missed.
const { createRenderer, nextTick, ref } = await import("../vendor/vue/vue.esm-browser.prod.js");
// Vue looks for a document when it is loaded; all else needs one that says little.
Object.assign(globalThis, {
  location: new URL("http://sira.test/requests"),
  document: { hidden: false, documentElement: { dataset: {}, lang: "en" }, addEventListener: () => {} },
  matchMedia: () => ({ matches: false, addEventListener: () => {} }),
});
const { live } = await import("../assets/lib/live.js");
const { usePages } = await import("../assets/lib/pages.js");
const { together, useResource } = await import("../assets/lib/resource.js");
const { useFeed } = await import("../assets/pages/requests/feed.js");

const eq = (a, b) => {
  const x = JSON.stringify(a), y = JSON.stringify(b);
  if (x !== y) throw new Error(`${x} != ${y}`);
};
const settled = async () => { for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve)); await nextTick(); };

/** Addresses that were asked for, each with what answers it. @type {{url: URL, answer: (body: any, status?: number) => Promise<void>}[]} */
let asked = [];
globalThis.fetch = (address, { signal }) => new Promise((resolve, reject) => {
  signal?.addEventListener("abort", () => reject(new DOMException("gone", "AbortError")));
  asked.push({ url: new URL(address, "http://sira.test"), answer: (body, status = 200) => (resolve(new Response(JSON.stringify(body), { status })), settled()) });
});

/** What setup() makes, as long as `check` takes. @param {() => any} setup @param {(made: any) => Promise<void>} check */
async function mounted(setup, check) {
  asked = [];
  let made;
  const nothing = () => ({});
  const app = createRenderer({ createElement: nothing, createText: nothing, createComment: nothing, insert: nothing, remove: nothing, patchProp: nothing, setText: nothing, setElementText: nothing, parentNode: nothing, nextSibling: nothing })
    .createApp({ setup: () => (made = setup(), () => null) });
  app.mount({});
  await settled();
  try { await check(made); } finally { app.unmount(); }
}

Deno.test("what is not asked any more is shown no more", () => {
  const of = ref(/** @type {string | null} */ ("a"));
  return mounted(() => useResource(() => of.value && ["/" + of.value]), async (resource) => {
    await asked[0].answer({ name: "a" });
    eq([resource.data.name, resource.fresh], ["a", true]);
    of.value = null;
    await settled();
    eq([resource.data, resource.fresh], [null, false]);
  });
});

Deno.test("figures of the question before are told apart until the new ones come", () => {
  const of = ref("a");
  return mounted(() => useResource(() => ["/" + of.value]), async (resource) => {
    await asked[0].answer({ name: "a" });
    of.value = "b";
    await settled();
    eq([resource.data.name, resource.fresh], ["a", false]);
    await asked[1].answer({ error: { code: "x", message: "no" } }, 500);
    eq([resource.data.name, resource.fresh, resource.error.code], ["a", false, "x"]);
    resource.reload();
    await asked[2].answer({ name: "b" });
    eq([resource.data.name, resource.fresh, resource.error], ["b", true, null]);
  });
});

Deno.test("several are one: there when all are, at fault when one is", () =>
  mounted(() => together(useResource(() => ["/a"]), useResource(() => ["/b"])), async (both) => {
    await asked[0].answer([1]);
    eq([both.data, both.fresh], [null, false]);
    await asked[1].answer({ error: { code: "x", message: "no" } }, 500);
    eq([both.data, both.error.code], [null, "x"]);
    both.reload();
    await asked[2].answer([1]);
    await asked[3].answer([2]);
    eq([both.data, both.error, both.fresh], [[[1], [2]], null, true]);
  }));

const lines = (from, to) => Array.from({ length: from - to + 1 }, (_, i) => ({ id: from - i }));
const ids = (rows) => rows.map((row) => row.id);

Deno.test("a page is asked for once however often the end is reached, and no line is there twice", () =>
  mounted(() => usePages(() => ["/lines"]), async (pages) => {
    await asked[0].answer({ data: lines(9, 7), next: "7" });
    pages.more();
    pages.more();
    eq(asked.length, 2);
    eq(asked[1].url.searchParams.get("after"), "7");
    await asked[1].answer({ data: lines(7, 5), next: null });
    eq(ids(pages.rows), [9, 8, 7, 6, 5]);
    pages.reload();
    await asked[2].answer({ data: lines(10, 8), next: "8" });
    eq([ids(pages.rows), pages.hasMore], [[10, 9, 8, 7, 6, 5], false]);
  }));

Deno.test("a page of one list is not put to another, and what failed is asked for again", () => {
  const account = ref("a");
  return mounted(() => usePages(() => ["/lines", { account: account.value }]), async (pages) => {
    await asked[0].answer({ data: lines(9, 8), next: "8" });
    pages.more();
    account.value = "b";
    await settled();
    await asked[2].answer({ data: lines(3, 2), next: "2" });
    await asked[1].answer({ data: lines(7, 6), next: "6" });
    eq(ids(pages.rows), [3, 2]);
    pages.more();
    await asked[3].answer({ error: { code: "x", message: "no" } }, 503);
    eq(pages.error.code, "x");
    pages.reload();
    await asked[4].answer({ data: lines(1, 1), next: null });
    eq([ids(pages.rows), pages.error], [[3, 2, 1], null]);
  });
});

Deno.test("a range that moves on stands still for who reads further down", () => {
  const minute = ref(1), name = ref("1h");
  return mounted(() => usePages(() => ["/lines", { since: minute.value }], { of: () => name.value }), async (pages) => {
    await asked[0].answer({ data: lines(9, 8), next: "8" });
    minute.value = 2;
    await settled();
    await asked[1].answer({ data: lines(9, 8), next: "8" });
    pages.more();
    await asked[2].answer({ data: lines(7, 6), next: "6" });
    minute.value = 3;
    await settled();
    eq([asked.length, ids(pages.rows)], [3, [9, 8, 7, 6]]);
    name.value = "6h";
    await settled();
    eq(asked[3].url.searchParams.get("since"), "3");
    await asked[3].answer({ data: lines(9, 8), next: "8" });
    eq(ids(pages.rows), [9, 8]);
  });
});

const rows = (from, to) => Array.from({ length: from - to + 1 }, (_, i) => ({ id: "req_" + (from - i), t: from - i, tags: [] }));
const numbers = (list) => list.map((row) => row.t);

Deno.test("rows that were missed while the page was paused are asked for when it is live again", () => {
  Object.assign(live, { on: true, connected: true });
  return mounted(() => useFeed(() => ({ filters: {}, times: {}, sort: "time", live: true, span: 900 })), async (feed) => {
    await asked[0].answer({ requests: rows(10, 8), next: "c8" });
    live.on = false;
    await settled();
    eq(asked.length, 1);
    live.on = true;
    await settled();
    await asked[1].answer({ requests: rows(12, 10), next: "c10" });
    eq([numbers(feed.rows), feed.next], [[12, 11, 10, 9, 8], "c8"]);
  });
});

Deno.test("where the newest page does not reach what is kept, it takes its place", () => {
  Object.assign(live, { on: true, connected: true });
  return mounted(() => useFeed(() => ({ filters: {}, times: {}, sort: "time", live: true, span: 900 })), async (feed) => {
    await asked[0].answer({ requests: rows(10, 8), next: "c8" });
    live.connected = false;
    await settled();
    live.connected = true;
    await settled();
    // Refused once: what is missing is missing still.
    await asked[1].answer({ error: { code: "x", message: "no" } }, 503);
    live.connected = false;
    await settled();
    live.connected = true;
    await settled();
    await asked[2].answer({ requests: rows(40, 38), next: "c38" });
    eq([numbers(feed.rows), feed.next], [[40, 39, 38], "c38"]);
  });
});
