// One column: a model or route with its parameters, its answer as it comes, and what it took and cost.
import { ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { href } from "../../lib/route.js";
import { Copy, errorWords, Hint, Icon } from "../../lib/ui.js";
import { DecisionView } from "../routing/decision.js";
import { desk } from "./desk.js";
import { markdown } from "./markdown.js";
import * as f from "../../lib/format.js";

/** Parameters that a column can have: name, kind of field, and an example. @type {[string, string, string][]} */
const PARAMETERS = [["temperature", "number", "1"], ["max_completion_tokens", "number", "1024"], ["top_p", "number", "1"], ["seed", "number", "7"], ["stop", "text", "###"], ["objective", "text", "cheapest"]];

const Figures = ({ state }) => {
  const { end, usage } = state, input = end?.usage?.input_tokens ?? usage?.prompt_tokens, output = end?.usage?.output_tokens ?? usage?.completion_tokens;
  return html`<dl class="play-f">
    <div><dt>TTFT<${Hint} label="TTFT" text=${t("playground.ttft.hint")} /></dt><dd>${f.ms(end?.ttft_ms ?? state.firstToken)}</dd></div>
    <div><dt>${t("playground.total")}</dt><dd>${f.ms(end?.latency_ms ?? state.total)}</dd></div>
    <div><dt>${t("playground.tokens")}</dt><dd>${input === undefined && output === undefined ? "–" : `${f.num(input)} → ${f.num(output)}`}</dd></div>
    <div><dt>${t("playground.price")}</dt><dd>${f.nano(end?.cost_nano)}</dd></div></dl>`;
};
Figures.props = ["state"];

const Where = ({ start, end }) => {
  const one = end ?? start;
  if (!one) return null;
  return html`<p class="where"><${Icon} name="route" size="14" /><span>${one.route && html`${one.route} → `}<b>${one.provider}/${one.model}</b>${end?.attempts > 1 && html` <span class="slow-t">${t("playground.tries", { n: end.attempts })}</span>`}</span><span class="grow"></span>${one.request_id && html`<a href=${href("/requests/" + one.request_id)}>${t("playground.request")}</a>`}</p>`;
};
Where.props = ["start", "end"];

export const Column = {
  props: ["name", "index", "runner", "alone", "onName", "onRun", "onDry", "onClose"],
  setup(p) {
    const tuning = ref(false);
    const given = () => Object.values(desk.parameters[p.index] ?? {}).filter(Boolean).length;
    const body = (state) => {
      if (state.phase === "deciding") return html`<div class="sk" style=${{ height: "160px" }}></div>`;
      if (state.plan) return html`<div class="told-p"><p class="note-p"><${Icon} name="info" size="15" />${t("playground.planned")}</p><${DecisionView} decision=${state.plan.decision ?? state.plan} />${state.plan.fallbacks?.length > 0 && html`<p class="muted">${t("playground.then", { names: state.plan.fallbacks.join(", ") })}</p>`}</div>`;
      const empty = !state.text && !state.thought && !state.calls;
      if (state.phase === "idle") return html`<p class="wait muted">${t("playground.idle")}</p>`;
      return html`
        ${state.thought && html`<details class="thought"><summary>${t("playground.thought")}</summary><p>${state.thought}</p></details>`}
        ${empty && state.phase === "running" && html`<p class="wait muted" role="status">${t("playground.waiting")}</p>`}
        ${markdown(state.text)}
        ${state.calls && html`<pre class="code" tabindex="0">${state.calls}</pre>`}
        ${state.phase === "running" && !empty && html`<i class="caret" aria-hidden="true"></i>`}
        ${state.cut && html`<p class="muted">${t("playground.cut")}</p>`}
        ${state.phase === "stopped" && html`<p class="muted">${t("playground.stopped")}</p>`}
        ${state.error && html`<p class="form-error" role="alert"><${Icon} name="circle-alert" size="15" />${errorWords(state.error)}</p>`}`;
    };
    return () => {
      const state = p.runner.state, running = state.phase === "running" || state.phase === "deciding";
      return html`
        <section class="card play-c" aria-label=${t("playground.column.n", { n: p.index + 1 })} aria-busy=${String(running)}>
          <div class="play-h"><span class="input"><input list="playground-models" aria-label=${t("playground.model.n", { n: p.index + 1 })} placeholder=${t("playground.model")} value=${p.name} onChange=${(event) => p.onName(event.target.value.trim())} /></span>
            <button class=${"icon-b" + (given() ? " on" : "")} type="button" aria-label=${t("playground.parameters")} title=${t("playground.parameters")} aria-expanded=${String(tuning.value)} onClick=${() => (tuning.value = !tuning.value)}><${Icon} name="sliders-horizontal" size="16" /></button>
            ${running ? html`<button class="icon-b" type="button" aria-label=${t("playground.stop")} title=${t("playground.stop")} onClick=${() => p.runner.stop()}><${Icon} name="square" size="15" /></button>` : html`<button class="icon-b" type="button" disabled=${!p.name} aria-label=${t("playground.run.one")} title=${t("playground.run.one")} onClick=${p.onRun}><${Icon} name="play" size="16" /></button>`}
            ${!p.alone && html`<button class="icon-b" type="button" aria-label=${t("playground.column.close", { n: p.index + 1 })} onClick=${p.onClose}><${Icon} name="x" size="16" /></button>`}</div>
          ${tuning.value && html`<div class="tune">${PARAMETERS.map(([name, type, example]) => html`<label key=${name} class="field"><span class="mono">${name}</span><span class="input"><input type=${type} step="any" placeholder=${example} value=${desk.parameters[p.index][name] ?? ""} onInput=${(event) => (desk.parameters[p.index][name] = event.target.value)} /></span></label>`)}</div>`}
          <div class="answer" tabindex="0" role="region" aria-label=${t("playground.answer.n", { n: p.index + 1 })}>${body(state)}</div>
          ${(state.start || state.text || state.phase === "running") && html`<${Where} start=${state.start} end=${state.end} /><div class="play-end"><${Figures} state=${state} />${state.text && html`<${Copy} text=${state.text} label=${t("playground.copy")} />`}</div>`}
        </section>`;
    };
  },
};
