// The request of a column as code that does the same from elsewhere.
import { ref } from "../../lib/vue.js";
import { html } from "../../lib/html.js";
import { t } from "../../lib/i18n.js";
import { apiAddress } from "../../lib/address.js";
import { Dialog } from "../../lib/dialog.js";
import { Copy, Segmented } from "../../lib/ui.js";
import { desk, filled, names, parameters } from "./desk.js";

const KINDS = [["curl", "curl"], ["python", "Python"], ["js", "JavaScript"]];
const base = () => apiAddress() + "/v1";
const indent = (text, by) => text.split("\n").join("\n" + " ".repeat(by));
/** JSON as Python writes it; keys and texts are the same in both. */
const python = (value, by) => indent(JSON.stringify(value, null, 4), by);
const shell = (text) => "'" + text.replaceAll("'", `'\\''`) + "'";

/** @param {string} kind @param {number} column */
function code(kind, column) {
  const body = { model: names.value[column], messages: filled(), ...parameters(column) }, objective = desk.parameters[column]?.objective;
  if (kind === "curl") {
    return [`curl ${base()}/chat/completions`, `-H "authorization: Bearer $SIRA_API_KEY"`, "-H 'content-type: application/json'", ...(objective ? [`-H ${shell("x-sira-objective: " + objective)}`] : []), `-d ${shell(JSON.stringify(body, null, 2))}`].join(" \\\n  ");
  }
  if (kind === "python") {
    const fields = Object.entries(body).map(([name, value]) => `    ${name}=${python(value, 4)},`);
    return `import os\nfrom openai import OpenAI\n\nclient = OpenAI(base_url="${base()}", api_key=os.environ["SIRA_API_KEY"])\nanswer = client.chat.completions.create(\n${fields.join("\n")}${objective ? `\n    extra_headers={"x-sira-objective": ${JSON.stringify(objective)}},` : ""}\n)\nprint(answer.choices[0].message.content)`;
  }
  return `import OpenAI from "openai";\n\nconst client = new OpenAI({ baseURL: "${base()}", apiKey: process.env.SIRA_API_KEY });\nconst answer = await client.chat.completions.create(${JSON.stringify(body, null, 2)}${objective ? `, { headers: { "x-sira-objective": ${JSON.stringify(objective)} } }` : ""});\nconsole.log(answer.choices[0].message.content);`;
}

export const Code = {
  props: ["open", "onClose"],
  setup(p) {
    const kind = ref("curl"), column = ref(0);
    return () => {
      const at = Math.min(column.value, names.value.length - 1), text = p.open ? code(kind.value, at) : "";
      return html`
        <${Dialog} open=${p.open} wide=${true} title=${t("playground.code")} onClose=${p.onClose}>
          <div class="row code-h"><${Segmented} label=${t("playground.language")} value=${kind.value} options=${KINDS} onPick=${(one) => (kind.value = one)} />
            ${names.value.length > 1 && html`<${Segmented} label=${t("playground.model")} value=${String(at)} options=${names.value.map((name, i) => [String(i), name || String(i + 1)])} onPick=${(one) => (column.value = Number(one))} />`}<span class="grow"></span><${Copy} text=${text} /></div>
          <pre class="code" tabindex="0">${text}</pre><p class="muted small">${t("playground.code.hint")}</p>
        <//>`;
    };
  },
};
