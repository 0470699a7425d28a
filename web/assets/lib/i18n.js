// Words in the reader's language. A page's words come with the page; see route.js.
import { shallowReactive } from "./vue.js";
import { prefs } from "./prefs.js";
import en from "../i18n/en/common.js";
import zh from "../i18n/zh/common.js";

/** @type {Record<string, Record<string, string>>} */
const words = { en: shallowReactive({ ...en }), zh: shallowReactive({ ...zh }) };

/** {n|day|days}: the one word where n is 1, else the other; languages without a plural do without. */
const FORMS = /\{(\w+)\|([^|}]*)\|([^|}]*)\}/g;

/**
 * The words of a key, with {names} filled in; the key itself where there are none.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values) {
  let text = words[prefs.lang][key] ?? words.en[key] ?? key;
  if (values) text = text.replace(FORMS, (_all, name, one, many) => (String(values[name]) === "1" ? one : many));
  if (values) { for (const name in values) text = text.replaceAll(`{${name}}`, () => String(values[name])); }
  return text;
}

/** Whether there are words for a key. @param {string} key */
export const has = (key) => key in words.en;

/** Adds the words of a page. @param {Record<string, string>} english @param {Record<string, string>} chinese */
export function addWords(english, chinese) {
  Object.assign(words.en, english);
  Object.assign(words.zh, chinese);
}
