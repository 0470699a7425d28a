// deno test --allow-read tests/   (no network, no npm)
import { html } from "../assets/lib/html.js";
const eq = (a, b) => { const x = JSON.stringify(a), y = JSON.stringify(b); if (x !== y) throw new Error(`${x} != ${y}`); };
const shape = (v) => Array.isArray(v) ? v.map(shape) : typeof v === "object" && v ? [typeof v.type === "string" ? v.type : "*", { ...v.props }, shape(v.children)] : v;
Deno.test("attributes, slots and spread", () => {
  eq(shape(html`<a class="x ${"y"}" href=${"/z"} hidden ...${{ id: "q" }}>t</a>`), ["a", { class: "x y", href: "/z", hidden: true, id: "q" }, ["t"]]);
});
Deno.test("JSX whitespace", () => {
  eq(shape(html`<p>
    one ${1}
    <b>two</b>
  </p>`), ["p", {}, ["one ", 1, ["b", {}, ["two"]]]].map((x) => x));
});
Deno.test("a component gets its children as a slot", () => {
  const C = () => null;
  const v = html`<${C} a="1"><i /></${C}>`;
  eq(v.props, { a: "1" }); eq(typeof v.children.default, "function");
});
Deno.test("values are text, never markup", () => eq(shape(html`<p>${"<img onerror=1>"}</p>`), ["p", {}, ["<img onerror=1>"]]));
for (const bad of [() => html`<a`, () => html`<a></b>`, () => html`<a><b></a>`, () => html`<a x=1></a>`]) Deno.test("bad markup throws: " + bad, () => { try { bad(); } catch (e) { if (e instanceof SyntaxError) return; throw e; } throw new Error("no error"); });
Deno.test("an object as the only child of a component names its slots", () => {
  const Part = () => null, node = html`<${Part} a="1">${{ default: () => "x", foot: () => "y" }}<//>`;
  if (node.children.default() !== "x" || node.children.foot() !== "y") throw new Error("the slots are lost");
});
