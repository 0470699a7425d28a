// Copies a text. Browsers hand out the clipboard on https and on this machine alone, and Sira is reached on plain http too:
// there the text is shown, selected, for the reader to copy.
import { shallowReactive } from "./vue.js";
import { t } from "./i18n.js";
import { toast } from "./toast.js";

/** What the reader has to copy by hand; null for nothing. */
export const byHand = shallowReactive(/** @type {{text: string | null}} */ ({ text: null }));

/** @param {string} text @param {string} [said] what the reader is told when it is done */
export async function copy(text, said = t("copied")) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Also where there is no clipboard at all.
    byHand.text = text;
    return;
  }
  toast(said);
}
