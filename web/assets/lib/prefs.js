// What a reader prefers, kept in this browser: theme, language, density.
import { reactive, watch } from "./vue.js";

const root = document.documentElement;
const narrow = matchMedia("(max-width: 720px)");

export const prefs = reactive({
  theme: root.dataset.theme ?? "light",
  lang: root.lang.startsWith("zh") ? "zh" : "en",
  /** Whether the window is a phone's. */
  narrow: narrow.matches,
});
narrow.addEventListener("change", (event) => (prefs.narrow = event.matches));

watch(() => [prefs.theme, prefs.lang], () => {
  root.dataset.theme = prefs.theme;
  root.lang = prefs.lang === "zh" ? "zh-CN" : "en";
  keep({ theme: prefs.theme, lang: prefs.lang });
});

/** What this browser keeps. @returns {Record<string, unknown>} */
function kept() {
  try {
    return { ...JSON.parse(localStorage.getItem("ui") ?? "{}") };
  } catch {
    return {};
  }
}
/** @param {Record<string, unknown>} change */
function keep(change) {
  try {
    localStorage.setItem("ui", JSON.stringify({ ...kept(), ...change }));
  } catch { /* private mode: it is forgotten with the page */ }
}

/**
 * Takes the language of an account when its reader comes to this browser; what they change here afterwards counts.
 * @param {string} reader @param {string | undefined} language
 */
export function takeLanguage(reader, language) {
  if (kept().reader === reader) return;
  keep({ reader });
  if (language) prefs.lang = language.startsWith("zh") ? "zh" : "en";
}

export const toggleTheme = () => (prefs.theme = prefs.theme === "dark" ? "light" : "dark");
export const toggleLanguage = () => (prefs.lang = prefs.lang === "en" ? "zh" : "en");
