// Server-sent events of an answer to a POST, which EventSource cannot read.

/** Characters of one event; a longer one is no event of ours. */
const LONGEST = 4_000_000;

/**
 * The events of an answer, as they come.
 * @param {Response} answer
 * @returns {AsyncGenerator<{event: string, data: string, id?: string}>}
 */
export async function* events(answer) {
  if (!answer.body) return;
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      rest += value ?? "";
      if (rest.length > LONGEST) throw new Error("an event is too long");
      for (let end; (end = /\r?\n\r?\n/.exec(rest)); rest = rest.slice(end.index + end[0].length)) {
        const one = parse(rest.slice(0, end.index));
        if (one) yield one;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => null);
  }
}

/** @param {string} block */
function parse(block) {
  /** @type {string | undefined} */
  let id;
  let event = "", data = "";
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    else if (line.startsWith("id:")) id = line.slice(3).trim();
    else if (line.startsWith("data:")) data += (data ? "\n" : "") + line.slice(5).replace(/^ /, "");
  }
  return data ? { event, data, id } : null;
}
