// Changes a route: targets with weights, strategy, rules, what follows a failure. Checked and tried before it is applied.
import { computed, ref, watch } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { api } from "../../lib/api.js";
import { confirm } from "../../lib/dialog.js";
import { useResource } from "../../lib/resource.js";
import { can } from "../../lib/session.js";
import { toast } from "../../lib/toast.js";
import { Badge, Card, errorWords, Icon, SelectField, TextField } from "../../lib/ui.js";
import { NEXT, originOf, patchOf, SIDES, STRATEGIES, WEIGHTED } from "./draft.js";
import { begin, draftFor, drop, hasDraft, isOvertaken } from "./drafts.js";
import { Checked } from "./checked.js";
import { DryRun } from "./dry-run.js";
import * as f from "../../lib/format.js";

/** Moves an element of a list. @param {any[]} list @param {number} i @param {number} step */
function move(list, i, step) {
  if (i + step < 0 || i + step >= list.length) return;
  list.splice(i + step, 0, ...list.splice(i, 1));
}
const arrows = (list, i) => (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  move(list, i, event.key === "ArrowUp" ? -1 : 1);
};

/** Buttons of a line that can be moved and taken away. */
const Line = ({ list, i, what }) => html`<span class="line-b">
  <button class="icon-b sm" type="button" disabled=${i === 0} aria-label=${t("routing.up", { what })} onClick=${() => move(list, i, -1)}><${Icon} name="arrow-up" size="14" /></button>
  <button class="icon-b sm" type="button" disabled=${i === list.length - 1} aria-label=${t("routing.down", { what })} onClick=${() => move(list, i, 1)}><${Icon} name="arrow-down" size="14" /></button>
  <button class="icon-b sm" type="button" aria-label=${t("routing.take", { what })} onClick=${() => list.splice(i, 1)}><${Icon} name="trash-2" size="14" /></button></span>`;
Line.props = ["list", "i", "what"];

export const RouteEditor = {
  props: ["name", "configuration", "onDone"],
  setup(p) {
    const kept = ref(draftFor(p.name, p.configuration)), applied = ref(false);
    const checked = ref(/** @type {any} */ (null)), failure = ref(/** @type {any} */ (null)), trying = ref(false);
    const patch = computed(() => patchOf(kept.value.before, kept.value.draft)), writes = can("settings:write");
    const total = computed(() => kept.value.draft.targets.reduce((sum, one) => sum + (Number(one.weight) || 0), 0));
    const models = useResource(() => ["/models"]);
    const origin = () => originOf(p.configuration.origins, ["routes", p.name]);
    /** Whether somebody else changed the route since this was begun. */
    const overtaken = computed(() => !applied.value && isOvertaken(kept.value, p.configuration));
    function anew() {
      begin(p.name, p.configuration);
      [kept.value, applied.value, failure.value] = [draftFor(p.name, p.configuration), false, null];
    }
    // What was checked holds for what was checked alone.
    watch(() => [patch.value, p.configuration.version], () => (checked.value = null));
    // What nobody has touched follows the configuration; all else stays as it was entered.
    watch(() => p.configuration.version, () => (applied.value || !hasDraft(p.name)) && anew());

    async function check() {
      failure.value = null;
      try {
        checked.value = await api("POST", "/configuration/check", { body: { patch: patch.value } });
      } catch (error) {
        failure.value = error;
      }
    }
    const apply = () => confirm({
      title: t("routing.apply.of", { name: kept.value.draft.name }), text: t("routing.apply.text", { n: checked.value.changes.length }), action: t("routing.apply"), reason: true,
      run: async (reason) => {
        const before = checked.value.version ?? p.configuration.version, { name } = kept.value.draft;
        const made = await api("POST", "/configuration/apply", { body: { patch: patch.value, base_version: before, reason } });
        toast(t("routing.applied", { n: made.version }), { undo: () => undo(before, made.version) });
        applied.value = true;
        drop(p.name);
        p.onDone(name);
      },
    });
    /** @param {number} version that was in force before @param {number} made and the one that is to be undone */
    async function undo(version, made) {
      await api("POST", `/configuration/versions/${version}/restore`, { body: { reason: "undo", base_version: made } }).then(() => toast(t("routing.restored")), (error) => toast(errorWords(error), { bad: true }));
      p.onDone(p.name || null);
    }
    const remove = () => confirm({
      title: t("routing.remove.of", { name: p.name }), text: t("routing.remove.text"), action: t("delete"), typed: p.name, reason: true,
      run: async (reason) => {
        await api("POST", "/configuration/apply", { body: { patch: { routes: { [p.name]: null } }, base_version: p.configuration.version, reason } });
        drop(p.name);
        p.onDone(null);
      },
    });
    /** Asks before what was entered is thrown away. @param {() => void} then */
    function leave(then) {
      if (!hasDraft(p.name)) return then();
      confirm({ title: t("dialog.form"), text: t("dialog.form.text"), action: t("dialog.form.close"), run: () => Promise.resolve(then()) });
    }
    function close() {
      drop(p.name);
      p.onDone(null);
    }

    const targets = (draft) => html`
      <fieldset class="set"><legend>${t("routing.targets")}</legend><p class="muted">${t("routing.targets.hint")}</p>
        <ul class="lines">${draft.targets.map((one, i) => html`<li key=${i} onKeydown=${arrows(draft.targets, i)}>
          <b class="num muted">${i + 1}</b><span class="input"><input aria-label=${t("routing.target.n", { n: i + 1 })} value=${one.model} list="model-names" placeholder="gpt-5-mini" onInput=${(event) => (one.model = event.target.value)} /></span>
          ${WEIGHTED.has(draft.strategy) && html`<span class="input weight"><input type="number" min="0" step="any" aria-label=${t("routing.weight.n", { n: i + 1 })} value=${one.weight} onInput=${(event) => (one.weight = event.target.value)} /><i>${total.value > 0 ? f.pct((Number(one.weight) || 0) / total.value, 0) : "–"}</i></span>`}
          <${Line} list=${draft.targets} i=${i} what=${one.model || t("routing.target.n", { n: i + 1 })} /></li>`)}</ul>
        <button class="btn sm" type="button" onClick=${() => draft.targets.push({ model: "", weight: "1" })}><${Icon} name="plus" size="14" />${t("routing.target.add")}</button></fieldset>`;
    const rules = (draft) => html`
      <fieldset class="set"><legend>${t("routing.rules")}</legend><p class="muted">${t("routing.rules.hint")}</p>
        <ol class="lines rules">${draft.rules.map((rule, i) => html`<li key=${i} onKeydown=${arrows(draft.rules, i)}>
          <b class="num muted">${i + 1}</b><span class="input"><i>${t("routing.if")}</i><input class="mono" aria-label=${t("routing.if.n", { n: i + 1 })} value=${rule.if} placeholder="tokens > 100k" onInput=${(event) => (rule.if = event.target.value)} /></span>
          <span class="input"><i>→</i><input aria-label=${t("routing.then.n", { n: i + 1 })} value=${rule.targets} placeholder=${t("routing.then.all")} onInput=${(event) => (rule.targets = event.target.value)} /></span>
          <select class="plain" aria-label=${t("routing.by.n", { n: i + 1 })} value=${rule.strategy} onChange=${(event) => (rule.strategy = event.target.value)}><option value="" selected=${!rule.strategy}>${t("routing.by.same")}</option>${STRATEGIES.map((one) => html`<option key=${one} value=${one} selected=${one === rule.strategy}>${t("routing.strategy." + one)}</option>`)}</select>
          <${Line} list=${draft.rules} i=${i} what=${t("routing.rule.n", { n: i + 1 })} /></li>`)}</ol>
        <button class="btn sm" type="button" onClick=${() => draft.rules.push({ if: "", strategy: "", targets: "" })}><${Icon} name="plus" size="14" />${t("routing.rule.add")}</button></fieldset>`;

    return () => html`
      <${Card} title=${p.name || t("routing.new")} class="editor">${{
        actions: () => html`${p.name && html`<${Badge} tone=${origin() === "console" ? "info" : ""} text=${t("routing.origin." + origin())} />`}
          ${p.name && writes && html`<button class="btn sm" type="button" onClick=${remove}><${Icon} name="trash-2" size="14" />${t("delete")}</button>`}
          <button class="icon-b" type="button" aria-label=${t("close")} onClick=${() => leave(close)}><${Icon} name="x" size="16" /></button>`,
        default: () => html`
          ${overtaken.value && html`<p class="stale" role="status"><${Icon} name="triangle-alert" size="14" />${t("routing.overtaken")} <button class="link" type="button" onClick=${() => leave(anew)}>${t("routing.overtaken.take")}</button></p>`}
          <datalist id="model-names">${[...Object.keys(p.configuration.settings.routes ?? {}), ...(models.data?.models ?? []).map((one) => one.id)].slice(0, 500).map((name) => html`<option key=${name} value=${name}></option>`)}</datalist>
          <form class="form" onSubmit=${(event) => { event.preventDefault(); check(); }}>
            <fieldset class="set bare" disabled=${!writes}>
              <div class="form two">${!p.name && html`<div class="whole"><${TextField} model=${kept.value.draft} name="name" label=${t("routing.name")} hint=${t("routing.name.hint")} placeholder="support" required=${true} /></div>`}
                <${SelectField} model=${kept.value.draft} name="strategy" label=${t("routing.strategy")} hint=${t("routing.strategy." + kept.value.draft.strategy + ".hint")} options=${STRATEGIES.map((one) => [one, t("routing.strategy." + one)])} />
                ${kept.value.draft.strategy === "sticky" && html`<${SelectField} model=${kept.value.draft} name="sticky_by" label=${t("routing.sticky_by")} options=${["session", "prefix"].map((one) => [one, t("routing.sticky_by." + one)])} />`}
                ${kept.value.draft.strategy === "blend" && html`<div class="blend" role="group" aria-label=${t("routing.blend")}>${SIDES.map((side) => html`<${TextField} key=${side} model=${kept.value.draft.blend} name=${side} type="number" label=${t("routing.blend." + side)} />`)}</div>`}</div>
              ${targets(kept.value.draft)}${rules(kept.value.draft)}
              <div class="form three">${NEXT.map((field) => html`<${TextField} key=${field} model=${kept.value.draft} name=${field} label=${t("routing.next." + field)} hint=${t("routing.next.hint")} />`)}</div>
            </fieldset>
            <${Checked} result=${checked.value} error=${failure.value} />
            <div class="dr-f">${writes && html`<button class="btn" type="submit" disabled=${!patch.value}><${Icon} name="clipboard-check" size="15" />${t("routing.check")}</button>
              <button class="btn primary" type="button" disabled=${!checked.value || checked.value.errors.length > 0 || !checked.value.changes.length} onClick=${apply}>${t("routing.apply")}</button>`}
              <span class="grow"></span>${p.name && html`<button class="btn" type="button" aria-expanded=${String(trying.value)} onClick=${() => (trying.value = !trying.value)}><${Icon} name="circle-play" size="15" />${t("routing.dry")}</button>`}</div>
          </form>
          ${trying.value && html`<${DryRun} name=${p.name} patch=${patch.value} />`}`,
      }}<//>`;
  },
};
