// How hard a password is to guess, in words.
import { html } from "./html.js";
import { t } from "./i18n.js";
import { strength } from "./password.js";

/** A bar and a word below a field. Props: password, known. */
export const Strength = ({ password, known }) => {
  const word = strength(password ?? "", known);
  return html`<p class=${"strength " + word} aria-live="polite"><i></i><i></i><i></i><span>${t(word ? "password." + word : "password.rule")}</span></p>`;
};
Strength.props = ["password", "known"];
