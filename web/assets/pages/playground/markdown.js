// A small part of Markdown, as elements: headings, lists, code, emphasis. What a model writes is never markup.
import { h } from "../../lib/vue.js";

const INLINE = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\s][^*\n]*)\*/g;

/** Words with code and emphasis in them. @param {string} text */
function inline(text) {
  const out = [];
  let at = 0;
  for (const match of text.matchAll(INLINE)) {
    out.push(text.slice(at, match.index));
    out.push(match[1] ? h("code", {}, match[1]) : match[2] ? h("strong", {}, match[2]) : h("em", {}, match[3]));
    at = match.index + match[0].length;
  }
  out.push(text.slice(at));
  return out;
}

/** @param {string} text @returns {any[]} */
export function markdown(text) {
  const out = [], lines = text.split("\n");
  let i = 0;
  while (i < lines.length) {
    const line = lines[i], fence = /^\s*(```|~~~)/.exec(line), heading = /^(#{1,6})\s+(.*)/.exec(line), item = /^\s*([-*+]|\d{1,4}[.)])\s+/.exec(line);
    if (fence) {
      const code = [];
      for (i++; i < lines.length && !lines[i].trim().startsWith(fence[1]); i++) code.push(lines[i]);
      i++;
      out.push(h("pre", { class: "code", tabindex: 0 }, code.join("\n")));
    } else if (heading) {
      // Below the headings of the page itself.
      out.push(h("p", { class: "md-h" }, inline(heading[2])));
      i++;
    } else if (item) {
      const items = [], numbered = /\d/.test(item[1]);
      for (let found; i < lines.length && (found = /^\s*([-*+]|\d{1,4}[.)])\s+(.*)/.exec(lines[i])); i++) items.push(h("li", {}, inline(found[2])));
      out.push(h(numbered ? "ol" : "ul", { class: "md-l" }, items));
    } else if (!line.trim()) i++;
    else {
      const words = [];
      for (; i < lines.length && lines[i].trim() && !/^\s*(```|~~~|#{1,6}\s|[-*+]\s|\d{1,4}[.)]\s)/.test(lines[i]); i++) words.push(lines[i]);
      if (!words.length) words.push(lines[i++]);
      out.push(h("p", {}, words.flatMap((one, k) => k ? [h("br"), ...inline(one)] : inline(one))));
    }
  }
  return out;
}
