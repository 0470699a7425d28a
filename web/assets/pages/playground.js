// Playground: the same messages to up to four models or routes, side by side.
import { computed, onBeforeUnmount, onMounted, ref } from "../lib/vue.js";
import { html } from "../lib/html.js";
import { t } from "../lib/i18n.js";
import { useResource } from "../lib/resource.js";
import { href, route, setQuery } from "../lib/route.js";
import { can } from "../lib/session.js";
import { Card, Failed, Icon } from "../lib/ui.js";
import { desk, filled, MOST, names, Runner, setNames, variables } from "./playground/desk.js";
import { Column } from "./playground/column.js";
import { Code } from "./playground/code.js";
import { Messages } from "./playground/messages.js";

export const styles = true;

/** What can be taken from an earlier request: its model, and its messages where they were kept. */
const From = {
  props: ["id"],
  setup(p) {
    const told = ref("");
    const answer = useResource(() => ["/requests/" + encodeURIComponent(p.id)], { map: (request) => {
      const kept = request.bodies?.kept ? request.bodies.request : null;
      told.value = kept ? t("playground.from.whole") : t("playground.from.part", { reason: request.bodies?.reason ?? "" });
      if (request.request?.asked && !route.query.models) setNames([request.request.asked, ...names.value.slice(1)]);
      // Once: what was changed since lies on the desk when the reader comes back.
      if (kept?.messages && desk.from !== p.id) desk.messages = kept.messages.map((one) => ({ role: one.role, text: typeof one.content === "string" ? one.content : (one.content ?? []).map((part) => part.text ?? "").join("\n") }));
      desk.from = p.id;
      return request;
    } });
    return () => answer.error && !answer.data ? html`<section class="card"><${Failed} error=${answer.error} onRetry=${answer.reload} /></section>`
      : html`<p class="note-p" role="status"><${Icon} name="history" size="15" /><span><a href=${href("/requests/" + p.id)} class="mono">${p.id}</a> ${told.value}</span><button class="icon-b sm" type="button" aria-label=${t("close")} onClick=${() => setQuery({ request: null })}><${Icon} name="x" size="14" /></button></p>`;
  },
};

export default {
  setup() {
    const models = useResource(() => ["/models"]);
    const projects = useResource(() => can("tenants:read") ? ["/projects", { limit: 200 }] : null);
    /** One runner a column; they go on while columns are added. @type {Record<number, any>} */
    const runners = {};
    const runner = (i) => (runners[i] ??= new Runner());
    const coding = ref(false);
    const busy = computed(() => names.value.some((_name, i) => runner(i).state.phase === "running"));
    const runs = can("keys:write");
    const ready = computed(() => names.value.some(Boolean) && filled().some((one) => one.content));
    const each = (action) => names.value.forEach((name, i) => name && action(runner(i), name, i));
    const run = () => ready.value && runs && !busy.value && each((one, name, i) => one.run(name, i));
    const stop = () => each((one) => one.stop());
    const dry = () => each((one, name, i) => one.decide(name, i));
    function key(event) {
      if ((event.metaKey || event.ctrlKey) && event.key === "Enter") {
        event.preventDefault();
        if (!event.repeat) run();
      }
    }
    onMounted(() => addEventListener("keydown", key));
    onBeforeUnmount(() => {
      removeEventListener("keydown", key);
      for (const one of Object.values(runners)) one.stop();
    });
    function close(i) {
      runner(i).stop();
      for (let k = i; k < MOST - 1; k++) runners[k] = runner(k + 1);
      runners[MOST - 1] = new Runner();
      desk.parameters = [...desk.parameters.slice(0, i), ...desk.parameters.slice(i + 1), {}].slice(0, MOST);
      setNames(names.value.filter((_name, k) => k !== i));
    }
    return () => html`
      <div class="stack">
        ${route.query.request && html`<${From} key=${route.query.request} id=${route.query.request} />`}
        <${Card} title=${t("playground.prompt")} class="composer">${{
          actions: () => html`${projects.data?.data.length > 0 && html`<label class="pays"><span>${t("playground.pays")}</span><select class="plain" value=${desk.project} onChange=${(event) => (desk.project = event.target.value)}><option value="" selected=${!desk.project}>${t("playground.pays.own")}</option>${projects.data.data.map((one) => html`<option key=${one.id} value=${one.id} selected=${one.id === desk.project}>${one.name}</option>`)}</select></label>`}
            <button class="btn" type="button" onClick=${() => (coding.value = true)} disabled=${!ready.value}><${Icon} name="code" size="15" />${t("playground.code")}</button>
            <button class="btn" type="button" disabled=${!ready.value || busy.value} title=${t("playground.dry.hint")} onClick=${dry}><${Icon} name="route" size="15" />${t("playground.dry")}</button>
            ${busy.value ? html`<button class="btn primary" type="button" onClick=${stop}><${Icon} name="square" size="14" />${t("playground.stop")}</button>` : html`<button class="btn primary" type="button" disabled=${!ready.value || !runs} title=${runs ? undefined : t("playground.forbidden")} onClick=${run}><${Icon} name="play" size="15" />${t("playground.run")}<kbd>⌘↵</kbd></button>`}`,
          default: () => html`<${Messages} names=${variables.value} /><p class="muted small">${t(runs ? "playground.cost" : "playground.forbidden")}</p>`,
        }}<//>
        <datalist id="playground-models">${["auto", ...(models.data?.models ?? []).map((one) => one.id)].slice(0, 600).map((name) => html`<option key=${name} value=${name}></option>`)}</datalist>
        <div class="play-cols" style=${{ "--n": names.value.length }}>
          ${names.value.map((name, i) => html`<${Column} key=${i} name=${name} index=${i} runner=${runner(i)} alone=${names.value.length === 1} onName=${(text) => setNames(names.value.map((one, k) => k === i ? text : one))} onRun=${() => runs && runner(i).run(names.value[i], i)} onDry=${() => runner(i).decide(names.value[i], i)} onClose=${() => close(i)} />`)}
        </div>
        ${names.value.length < MOST && html`<div><button class="btn" type="button" onClick=${() => setNames([...names.value, ""])}><${Icon} name="plus" size="15" />${t("playground.column")}</button></div>`}
      </div>
      <${Code} open=${coding.value} onClose=${() => (coding.value = false)} />`;
  },
};
