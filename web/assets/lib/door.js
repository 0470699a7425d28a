// The frame of pages outside the console: signing in, and the first run.
import { html } from "./html.js";
import { t } from "./i18n.js";
import { prefs, toggleLanguage, toggleTheme } from "./prefs.js";
import { Logo } from "./shell.js";
import { Icon } from "./ui.js";

/** A box in the middle of the page. Props: title, text, wide. Slots: default, head (above the title). */
export const Door = {
  props: ["title", "text", "wide"],
  setup(p, { slots }) {
    return () => html`
      <div class="door">
        <div class="door-top"><button class="icon-b" type="button" aria-label=${t("language")} title=${t("language")} onClick=${toggleLanguage}><${Icon} name="languages" size="17" /></button>
          <button class="icon-b" type="button" aria-label=${t(prefs.theme === "dark" ? "theme.light" : "theme.dark")} title=${t(prefs.theme === "dark" ? "theme.light" : "theme.dark")} onClick=${toggleTheme}><${Icon} name=${prefs.theme === "dark" ? "sun" : "moon"} size="17" /></button></div>
        <section class=${"card door-box" + (p.wide ? " wide" : "")}><div class="door-h"><${Logo} /><b>Sira</b></div>${slots.head?.()}<h1>${p.title}</h1>${p.text && html`<p class="soft">${p.text}</p>`}${slots.default?.()}</section>
      </div>`;
  },
};
