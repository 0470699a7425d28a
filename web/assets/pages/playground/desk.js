// What lies on the desk of the playground: messages, columns, and a runner for each.
import { computed, reactive, shallowReactive } from "../../lib/vue.js";
import { api, ask } from "../../lib/api.js";
import { route, setQuery } from "../../lib/route.js";
import { events } from "../../lib/events.js";

/** Most columns. */
export const MOST = 4;
/** Characters of an answer that are shown; what comes after is not kept. */
const LONGEST = 400_000;
/** Milliseconds between two drawings of an answer that comes. */
const PACE = 60;

/** Kept while the console is open, so that a look at another page loses nothing. */
export const desk = reactive({
  messages: [{ role: "system", text: "" }, { role: "user", text: "" }],
  /** @type {Record<string, string>} */
  values: {},
  /** Of each column. @type {Record<string, string>[]} */
  parameters: Array.from({ length: MOST }, () => ({})),
  project: "",
  /** The request that was taken here last. */
  from: "",
});

/** The names of the columns' models, as the address has them: ?models=gpt-5-mini|auto */
export const names = computed(() => (route.query.models ?? "auto").split("|").slice(0, MOST));
/** @param {string[]} list */
export const setNames = (list) => setQuery({ models: list.join("|") || "auto" }, { replace: true });

const HOLE = /\{\{\s*([\w.-]{1,60})\s*\}\}/g;
/** Names in double braces, to be filled in. */
export const variables = computed(() => [...new Set(desk.messages.flatMap((one) => [...one.text.matchAll(HOLE)].map((match) => match[1])))].slice(0, 20));

/** The messages with what was filled in; empty ones are left out. */
export const filled = () => desk.messages.map((one) => ({ role: one.role, content: one.text.replace(HOLE, (hole, name) => desk.values[name] ?? hole) })).filter((one) => one.content.trim());

/** Parameters as requests have them. @param {number} column */
export function parameters(column) {
  const given = Object.entries(desk.parameters[column] ?? {}).filter(([, text]) => text !== "" && text !== undefined);
  return Object.fromEntries(given.filter(([name]) => name !== "objective").map(([name, text]) => [name, name === "stop" ? text : Number(text)]));
}

/** Asks for one column, and keeps what comes of it. */
export class Runner {
  state = shallowReactive({
    phase: "idle", text: "", thought: "", calls: "", error: /** @type {any} */ (null), start: /** @type {any} */ (null), end: /** @type {any} */ (null),
    firstToken: /** @type {number | null} */ (null), total: /** @type {number | null} */ (null), usage: /** @type {any} */ (null), cut: false, plan: /** @type {any} */ (null),
  });
  /** @type {AbortController | null} */
  #asking = null;

  /** @param {string} phase */
  #begin(phase) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    Object.assign(this.state, { phase, text: "", thought: "", calls: "", error: null, start: null, end: null, firstToken: null, total: null, usage: null, cut: false, plan: null });
    return this.#asking.signal;
  }

  stop() {
    this.#asking?.abort();
    if (this.state.phase !== "idle" && this.state.phase !== "done") this.state.phase = "stopped";
  }

  /** Where the request would go, without sending it. @param {string} model @param {number} column */
  async decide(model, column) {
    const signal = this.#begin("deciding");
    const objective = desk.parameters[column]?.objective;
    try {
      this.state.plan = await api("POST", `/routes/${encodeURIComponent(model)}/dry-run`, { signal, body: { body: { model, messages: filled(), ...parameters(column) }, ...(objective ? { headers: { "x-sira-objective": objective } } : {}) } });
      this.state.phase = "done";
    } catch (error) {
      this.#failed(error, signal);
    }
  }

  /** @param {string} model @param {number} column */
  async run(model, column) {
    const signal = this.#begin("running"), began = performance.now(), state = this.state, objective = desk.parameters[column]?.objective;
    let text = "", thought = "", drawn = 0;
    /** @type {Map<number, {name: string, arguments: string}>} */
    const calls = new Map();
    const draw = (now = false) => {
      const time = performance.now();
      if (!now && time - drawn < PACE) return;
      drawn = time;
      Object.assign(state, { text, thought, calls: [...calls.values()].map((call) => `${call.name}(${call.arguments})`).join("\n"), total: time - began });
    };
    try {
      const answer = await ask("POST", "/playground", { signal, body: { model, messages: filled(), parameters: parameters(column), ...(desk.project ? { project: desk.project } : {}), ...(objective ? { objective } : {}) } });
      for await (const { event, data } of events(answer)) {
        if (signal.aborted) return;
        if (data === "[DONE]") continue;
        const told = JSON.parse(data);
        if (event === "start") state.start = told;
        else if (event === "end") state.end = told;
        else if (event === "error" || told.error) state.error = told.error;
        else {
          const delta = told.choices?.[0]?.delta ?? {};
          if (told.usage) state.usage = told.usage;
          if (state.firstToken === null && (delta.content || delta.reasoning_content || delta.tool_calls)) state.firstToken = performance.now() - began;
          if (text.length + thought.length > LONGEST) state.cut = true;
          else {
            text += delta.content ?? "";
            thought += delta.reasoning_content ?? "";
            for (const call of delta.tool_calls ?? []) {
              const one = calls.get(call.index ?? 0) ?? { name: "", arguments: "" };
              one.name += call.function?.name ?? "";
              one.arguments += call.function?.arguments ?? "";
              calls.set(call.index ?? 0, one);
            }
          }
          draw();
        }
      }
      if (signal !== this.#asking?.signal) return;
      draw(true);
      state.phase = "done";
    } catch (error) {
      // What was overtaken by another answer has nothing to show any more.
      if (signal === this.#asking?.signal) draw(true);
      this.#failed(error, signal);
    }
  }

  /** @param {any} error @param {AbortSignal} signal */
  #failed(error, signal) {
    if (signal !== this.#asking?.signal) return;
    if (error.name === "AbortError") this.state.phase = "stopped";
    else Object.assign(this.state, { error, phase: "done" });
  }
}
