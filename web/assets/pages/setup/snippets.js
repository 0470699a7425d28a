// How a first request is sent, in four languages.

/** @param {string} base of the API @param {string} key @param {string} model @returns {Record<string, string>} */
export const snippets = (base, key, model) => ({
  curl: `curl ${base}/v1/chat/completions \\
  -H "authorization: Bearer ${key}" \\
  -H "content-type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Say hello."}]}'`,
  python: `# pip install openai
from openai import OpenAI

client = OpenAI(base_url="${base}/v1", api_key="${key}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Say hello."}],
)
print(answer.choices[0].message.content)`,
  js: `// npm install openai
import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${base}/v1", apiKey: "${key}" });
const answer = await client.chat.completions.create({
  model: "${model}",
  messages: [{ role: "user", content: "Say hello." }],
});
console.log(answer.choices[0].message.content);`,
  swift: `import Foundation

var request = URLRequest(url: URL(string: "${base}/v1/chat/completions")!)
request.httpMethod = "POST"
request.setValue("Bearer ${key}", forHTTPHeaderField: "authorization")
request.setValue("application/json", forHTTPHeaderField: "content-type")
request.httpBody = Data(#"{"model": "${model}", "messages": [{"role": "user", "content": "Say hello."}]}"#.utf8)
let (data, _) = try await URLSession.shared.data(for: request)
print(String(decoding: data, as: UTF8.self))`,
});
