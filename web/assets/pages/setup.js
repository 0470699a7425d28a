// The first run: owner, region, provider, key, and the first request, in under three minutes. Each step follows from what
// there is, so that a reload goes on where it was.
import { computed, ref } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { Door } from "../lib/door.js";
import { route, setQuery } from "../lib/route.js";
import { session } from "../lib/session.js";
import { Empty, Icon } from "../lib/ui.js";
import { FirstKey } from "./setup/key.js";
import { Owner } from "./setup/owner.js";
import { Provider } from "./setup/provider.js";
import { Region } from "./setup/region.js";
import { FirstRequest } from "./setup/request.js";

export const styles = true;
const STEPS = ["owner", "region", "provider", "key", "request"];
const PARTS = { owner: Owner, region: Region, provider: Provider, key: FirstKey, request: FirstRequest };

export default {
  setup() {
    /** The key that was made; its text is kept nowhere but here. */
    const made = ref(/** @type {any} */ (null));
    /** Models that the provider of this run has listed, by the names that clients ask for. */
    const listed = ref(/** @type {string[]} */ ([]));
    const step = computed(() => {
      const asked = STEPS.includes(route.query.step) ? route.query.step : "";
      if (!session.me) return "owner";
      return asked || (session.signIn?.setup_needed ? "owner" : "provider");
    });
    /** @param {string} from @param {Record<string, string | null>} [change] */
    const next = (from, change = {}) => setQuery({ step: STEPS[STEPS.indexOf(from) + 1], ...change });
    const closed = () => !session.me && session.signIn && !session.signIn.setup_needed;
    const progress = () => html`<ol class="journey" aria-label=${t("setup.steps")}>${STEPS.map((id, i) => {
      const at = STEPS.indexOf(step.value);
      return html`<li key=${id} class=${i < at ? "done" : i === at ? "now" : ""} aria-current=${i === at ? "step" : undefined}><span>${i < at ? html`<${Icon} name="check" size="13" label=${t("setup.done")} />` : i + 1}</span><b>${t("setup.step." + id)}</b></li>`;
    })}</ol>`;
    return () => {
      const at = step.value;
      return closed() ? html`<${Door} title=${t("setup.closed")}><${Empty} icon="lock" title=${t("setup.closed")} text=${t("setup.closed.why")}><a class="btn primary" href="/sign-in">${t("nav.sign-in")}</a><//><//>`
        : html`<${Door} wide=${true} title=${t("setup." + at)} text=${t(`setup.${at}.why`)}>${{
          head: progress,
          default: () => html`<${PARTS[at]} key=${at} made=${made.value} listed=${listed.value} onListed=${(names) => (listed.value = names)} onNext=${(change) => next(at, change)} onMade=${(key) => (made.value = key)} />`,
        }}<//>`;
    };
  },
};
