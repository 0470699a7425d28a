// Tagged templates for Vue's h(): JSX-like markup with no build step and no
// eval, so the page runs under a Content-Security-Policy of script-src 'self'.
//
//   html`<button class="btn" onClick=${save}>${label}</button>`
//   html`<${Card} title=${t("x")}><p>…</p><//>`      <//> closes whatever is open
//
// Each literal is parsed once and cached by its strings array.
import { h } from "./vue.js";

const SLOT = "\u0001";

/** @typedef {{slot: number}} Slot */
/** @typedef {{name: string, parts: (string | boolean | Slot)[]} | {spread: number}} Prop */
/** @typedef {{tag: string | number, props: Prop[], children: Node[]}} El */
/** @typedef {string | Slot | El} Node */

/** @type {WeakMap<TemplateStringsArray, Node[]>} */
const cache = new WeakMap();

/** @param {TemplateStringsArray} strings @param {any[]} values @returns {any} */
export function html(strings, ...values) {
  let tree = cache.get(strings);
  if (!tree) cache.set(strings, (tree = parse(strings)));
  const out = tree.map((n) => build(n, values));
  return out.length === 1 ? out[0] : out;
}

/** @param {string} raw */
function jsxText(raw) {
  if (!raw.includes("\n")) return raw;
  const lines = raw.split("\n");
  return lines
    .map((l, i) => {
      if (i > 0) l = l.trimStart();
      if (i < lines.length - 1) l = l.trimEnd();
      return l;
    })
    .filter(Boolean)
    .join(" ");
}

/** @param {TemplateStringsArray} strings @returns {Node[]} */
function parse(strings) {
  const src = strings.join(SLOT);
  /** @type {El[]} */
  const stack = [{ tag: "", props: [], children: [] }];
  let i = 0, slot = 0;
  const top = () => stack[stack.length - 1];
  /** @type {(why: string) => never} */
  const fail = (why) => {
    throw new SyntaxError(`html: ${why} at …${src.slice(Math.max(0, i - 40), i + 40)}…`);
  };
  const skipWs = () => { while (/\s/.test(src[i] ?? "")) i++; };

  while (i < src.length) {
    if (src.startsWith("<!--", i)) {
      const end = src.indexOf("-->", i);
      if (end < 0) fail("open comment");
      slot += src.slice(i, end).split(SLOT).length - 1;
      i = end + 3;
    } else if (src.startsWith("</", i)) {
      const end = src.indexOf(">", i);
      const name = src.slice(i + 2, end).trim();
      if (name === SLOT) slot++;
      else if (name && name !== "/" && name !== top().tag) fail(`</${name}> closes <${top().tag}>`);
      if (stack.length < 2) fail("nothing to close");
      stack.pop();
      i = end + 1;
    } else if (src[i] === "<") {
      i++;
      /** @type {El} */
      const node = { tag: "", props: [], children: [] };
      if (src[i] === SLOT) { node.tag = slot++; i++; }
      else {
        const m = /^[A-Za-z][\w-]*/.exec(src.slice(i, i + 60));
        if (!m) return fail("bad tag");
        node.tag = m[0];
        i += m[0].length;
      }
      top().children.push(node);
      for (;;) {
        skipWs();
        if (i >= src.length) fail("open tag");
        if (src.startsWith("/>", i)) { i += 2; break; }
        if (src[i] === ">") { i++; stack.push(node); break; }
        if (src.startsWith("..." + SLOT, i)) { node.props.push({ spread: slot++ }); i += 4; continue; }
        // deno-lint-ignore no-control-regex
        const m = /^[^\s=/>\u0001]+/.exec(src.slice(i, i + 80));
        if (!m) return fail("bad attribute");
        i += m[0].length;
        /** @type {(string | boolean | Slot)[]} */
        let parts = [true];
        if (src[i] === "=") {
          i++;
          const q = src[i];
          if (q === SLOT) { parts = [{ slot: slot++ }]; i++; }
          else if (q === '"' || q === "'") {
            const end = src.indexOf(q, i + 1);
            if (end < 0) fail("open quote");
            parts = [];
            src.slice(i + 1, end).split(SLOT).forEach((s, k) => {
              if (k) parts.push({ slot: slot++ });
              if (s) parts.push(s);
            });
            if (!parts.length) parts = [""];
            i = end + 1;
          } else fail("attribute values need quotes");
        }
        node.props.push({ name: m[0], parts });
      }
    } else if (src[i] === SLOT) {
      top().children.push({ slot: slot++ });
      i++;
    } else {
      let end = i;
      while (end < src.length && src[end] !== "<" && src[end] !== SLOT) end++;
      const text = jsxText(src.slice(i, end));
      if (text) top().children.push(text);
      i = end;
    }
  }
  if (stack.length !== 1) fail(`<${top().tag}> is not closed`);
  return stack[0].children;
}

/** @param {Node} node @param {any[]} values @returns {any} */
function build(node, values) {
  if (typeof node === "string") return node;
  if ("slot" in node) return values[node.slot];
  const tag = typeof node.tag === "number" ? values[node.tag] : node.tag;
  /** @type {Record<string, any> | null} */
  let props = null;
  for (const p of node.props) {
    props ??= {};
    if ("spread" in p) Object.assign(props, values[p.spread]);
    else {
      const v = p.parts.map((x) => (typeof x === "object" ? values[x.slot] : x));
      props[p.name] = v.length === 1 ? v[0] : v.join("");
    }
  }
  if (!node.children.length) return h(tag, props);
  const kids = node.children.map((c) => build(c, values));
  if (typeof tag !== "string" && kids.length === 1 && isSlots(kids[0])) return h(tag, props, kids[0]);
  return typeof tag === "string" ? h(tag, props, kids) : h(tag, props, { default: () => kids });
}

/** Whether a child is an object of named slots: html`<${Card}>${{actions: () => …, default: () => …}}<//>` @param {any} child */
const isSlots = (child) => child && typeof child === "object" && !Array.isArray(child) && !child.__v_isVNode;
