// How hard a password is to guess, in words.
import { reactive } from "./vue.js";
import { whenPasswordRefused } from "./api.js";
import { html } from "./html.js";
import { t } from "./i18n.js";
import { strength } from "./password.js";

/** Passwords that the gateway has not taken since this page was loaded: it knows better which are tried first. */
const refused = reactive(new Set());
whenPasswordRefused((text) => refused.add(text));

/** A bar and a word below a field. Props: password, known. */
export const Strength = ({ password, known }) => {
  const guess = strength(password ?? "", known), word = guess && guess !== "short" && refused.has(password) ? "weak" : guess;
  return html`<p class=${"strength " + word} aria-live="polite"><i></i><i></i><i></i><span>${t(word ? "password." + word : "password.rule")}</span></p>`;
};
Strength.props = ["password", "known"];
