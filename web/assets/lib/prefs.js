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
  try {
    localStorage.setItem("ui", JSON.stringify({ theme: prefs.theme, lang: prefs.lang }));
  } catch { /* private mode: it is forgotten with the page */ }
});

export const toggleTheme = () => (prefs.theme = prefs.theme === "dark" ? "light" : "dark");
export const toggleLanguage = () => (prefs.lang = prefs.lang === "en" ? "zh" : "en");
