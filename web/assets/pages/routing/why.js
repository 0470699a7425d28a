// Why a candidate stands where it does. The gateway says it in English clauses; other languages are told from those.
import { addWords, t } from "../../lib/i18n.js";
import { prefs } from "../../lib/prefs.js";
import en from "../../i18n/en/decision.js";
import zh from "../../i18n/zh/decision.js";

addWords(en, zh);

/** The gateway's clauses, and the words for each; what stands in parentheses is kept. @type {[RegExp, string][]} */
const CLAUSES = [
  [/\bnumber (\d+) in the configuration/g, "place"], [/\bdrawn by its weight of ([\d.]+)/g, "drawn"], [/\bits turn\b/g, "turn"], [/\b(\d+) in flight/g, "in_flight"],
  [/\bpeak-EWMA load of ([\d.]+) ms/g, "load"], [/\bfirst token after ([\d.]+) ms, p95 ([\d.]+) ms/g, "first_token"], [/\b([\d.]+) tokens\/s/g, "throughput"],
  [/\bestimated at \$([\d.]+)/g, "cost"], [/\bkept there for its cache of this prompt/g, "kept"], [/\bkept there for the session/g, "session"], [/\bscore (-?[\d.]+) of 1\b/g, "blend"],
  [/\btried because nothing was measured yet/g, "explored"], [/\bnothing measured yet/g, "unmeasured"], [/\bits price is not known/g, "unpriced"], [/\bits quality is not known/g, "unrated"],
  [/\bquality ([\d.]+)/g, "quality"], [/\bthe last resort: /g, "last_resort"], [/\ba fallback\b/g, "fallback"],
];

/** A reason in the reader's language, as far as its clauses are known. @param {string | null | undefined} text */
export function whyText(text) {
  if (!text || prefs.lang === "en") return text ?? "";
  return CLAUSES.reduce((words, [clause, id]) => words.replace(clause, (_, a, b) => t("decision.why." + id, { a, b })), text);
}
