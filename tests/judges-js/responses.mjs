import OpenAI from "openai";

export function responses(url, key) {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  return async (one) => {
    const asked = { model: one.model, input: [user(one)], ...fields(one) };
    if (one.leaves) {
      for await (const _ of await client.responses.create({ ...asked, stream: true })) break;
      return {};
    }
    const first = await ask(client, asked, one.streamed);
    if (!one.results) return first;
    const outputs = first.calls.map((call, at) => ({
      type: "function_call_output",
      call_id: call.id,
      output: one.results[at],
    }));
    const input = [...asked.input, ...first.turn, ...outputs];
    const second = await ask(client, { ...asked, input }, one.streamed);
    return { ...first, then: second.text };
  };
}

function user(one) {
  if (!one.picture) return { role: "user", content: one.text };
  const image = {
    type: "input_image",
    detail: "auto",
    image_url: `data:image/png;base64,${one.picture}`,
  };
  return { role: "user", content: [{ type: "input_text", text: one.text }, image] };
}

function fields(one) {
  return {
    ...(one.tools && {
      tools: one.tools.map((tool) => ({ type: "function", strict: false, ...tool })),
    }),
    ...(one.schema && {
      text: { format: { type: "json_schema", name: "answer", schema: one.schema, strict: true } },
    }),
    ...(one.thinks && {
      reasoning: { effort: "low", summary: "auto" },
      include: ["reasoning.encrypted_content"],
      store: false,
      max_output_tokens: 3000,
    }),
  };
}

async function ask(client, asked, streamed) {
  if (!streamed) return heard(await client.responses.create(asked));
  const stream = client.responses.stream(asked);
  for await (const _ of stream);
  return heard(await stream.finalResponse());
}

function heard(answer) {
  const items = answer.output;
  const thoughts = items
    .filter((item) => item.type === "reasoning")
    .flatMap((item) => item.summary.map((part) => part.text));
  const calls = items
    .filter((item) => item.type === "function_call")
    .map((call) => ({ id: call.call_id, name: call.name, arguments: JSON.parse(call.arguments) }));
  return {
    text: answer.output_text,
    thoughts: thoughts.join(""),
    calls,
    reason: answer.status,
    prompt: answer.usage.input_tokens,
    output: answer.usage.output_tokens,
    used: answer.usage.credits_used,
    deducted: answer.credits.deducted,
    turn: items.map(({ parsed_arguments, ...item }) => bare(item)),
  };
}

// A streamed text keeps what the SDK has parsed of it, which OpenAI takes in no request.
function bare(item) {
  const content = item.content?.map(({ parsed, ...part }) => part);
  return content ? { ...item, content } : item;
}
