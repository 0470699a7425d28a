// Events of an answer, however they are cut, and the Markdown of models, which is never markup.
import { events } from "../assets/lib/events.js";
import { markdown } from "../assets/pages/playground/markdown.js";
const eq = (a, b) => { const x = JSON.stringify(a), y = JSON.stringify(b); if (x !== y) throw new Error(`${x} != ${y}`); };
const shape = (v) => typeof v === "string" ? v : [v.type, Array.isArray(v.children) ? v.children.map(shape) : v.children];
const TEXT = 'event: start\ndata: {"a":1}\n\n: hb\n\ndata: é中\r\n\r\ndata: 1\ndata: 2\n\ndata: unfinished';

for (const size of [1, 3, 1000]) {
  Deno.test(`events are the same in pieces of ${size} bytes`, async () => {
    const bytes = new TextEncoder().encode(TEXT), found = [];
    const body = new ReadableStream({ start(controller) {
      for (let i = 0; i < bytes.length; i += size) controller.enqueue(bytes.slice(i, i + size));
      controller.close();
    } });
    for await (const one of events(new Response(body))) found.push(one);
    eq(found, [{ event: "start", data: '{"a":1}' }, { event: "", data: "é中" }, { event: "", data: "1\n2" }]);
  });
}
Deno.test("headings, lists, code and emphasis", () => {
  eq(markdown("# Head\nWith **bold** and `code`\n\n- one\n- two\n\n```js\nx < 1\n```").map(shape), [
    ["p", ["Head"]].map((x) => x), ["p", ["With ", ["strong", "bold"], " and ", ["code", "code"], ""]], ["ul", [["li", ["one"]], ["li", ["two"]]]], ["pre", "x < 1"],
  ]);
});
Deno.test("markup stays text", () => eq(markdown("<img onerror=1> <b>x</b>").map(shape), [["p", ["<img onerror=1> <b>x</b>"]]]));
for (const text of ["", "```", "#", "-", "1.", "**", "\n\n", "> quote", "#no heading", "   - deep", "```\nopen"]) {
  Deno.test(`ends for ${JSON.stringify(text)}`, () => { markdown(text); });
}
