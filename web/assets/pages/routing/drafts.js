// Drafts of routes. They are kept until they are applied or thrown away, whatever page is looked at in between.
import { reactive, shallowReactive } from "../../lib/vue.js";
import { draftOf } from "./draft.js";

/**
 * What a route is to be, and what it was when the draft was begun.
 * @typedef {{name: string, before: any, draft: any}} Draft
 */

/** By the name of the route; "" is a new one. @type {Map<string, Draft>} */
const drafts = shallowReactive(new Map());

const settings = (/** @type {any} */ configuration, /** @type {string} */ name) => configuration.settings.routes?.[name] ?? null;
const same = (/** @type {any} */ one, /** @type {any} */ other) => JSON.stringify(one) === JSON.stringify(other);

/** Whether anything was entered. @param {Draft | undefined} one */
const isTouched = (one) => one !== undefined && !same(one.draft, draftOf(one.before, one.name));

/** Whether there is something of a route that has not been applied. @param {string} name */
export const hasDraft = (name) => isTouched(drafts.get(name));

/** Takes the route as it is now. @param {string} name @param {any} configuration */
export function begin(name, configuration) {
  const before = settings(configuration, name);
  drafts.set(name, shallowReactive({ name, before, draft: reactive(draftOf(before, name)) }));
}

/** The draft of a route, begun anew where nothing was entered. @param {string} name @param {any} configuration @returns {Draft} */
export function draftFor(name, configuration) {
  if (!hasDraft(name)) begin(name, configuration);
  return /** @type {Draft} */ (drafts.get(name));
}

/** @param {string} name */
export const drop = (name) => void drafts.delete(name);

/** Whether the route is another than when its draft was begun. @param {Draft} one @param {any} configuration */
export const isOvertaken = (one, configuration) => !same(one.before, settings(configuration, one.name));

globalThis.addEventListener?.("beforeunload", (event) => {
  if ([...drafts.values()].some(isTouched)) event.preventDefault();
});
