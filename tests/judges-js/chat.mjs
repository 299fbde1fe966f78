import OpenAI from "openai";

export function chat(url, key) {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  return async (one) => {
    const asked = { model: one.model, messages: [user(one)], ...fields(one) };
    if (one.leaves) return leave(client, asked);
    const first = await ask(client, asked, one.streamed);
    if (!one.results) return first;
    const tools = first.calls.map((call, at) => ({
      role: "tool",
      tool_call_id: call.id,
      content: one.results[at],
    }));
    const turns = [...asked.messages, first.turn, ...tools];
    const second = await ask(client, { ...asked, messages: turns }, one.streamed);
    return { ...first, then: second.text };
  };
}

function user(one) {
  if (!one.picture) return { role: "user", content: one.text };
  const image = { type: "image_url", image_url: { url: `data:image/png;base64,${one.picture}` } };
  return { role: "user", content: [{ type: "text", text: one.text }, image] };
}

function fields(one) {
  return {
    ...(one.tools && {
      tools: one.tools.map((tool) => ({ type: "function", function: tool })),
    }),
    ...(one.schema && {
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", schema: one.schema, strict: true },
      },
    }),
    ...(one.thinks && { reasoning_effort: "low", max_completion_tokens: 3000 }),
  };
}

async function ask(client, asked, streamed) {
  if (!streamed) return heard(await client.chat.completions.create(asked));
  const stream = client.chat.completions.stream(asked);
  let last;
  for await (const chunk of stream) last = chunk;
  const answer = await stream.finalChatCompletion();
  return heard({ ...answer, usage: last.usage, credits: last.credits });
}

async function leave(client, asked) {
  for await (const _ of await client.chat.completions.create({ ...asked, stream: true })) break;
  return {};
}

function heard(answer) {
  const { message, finish_reason: reason } = answer.choices[0];
  const calls = (message.tool_calls ?? []).map((call) => ({
    id: call.id,
    name: call.function.name,
    arguments: JSON.parse(call.function.arguments),
  }));
  return {
    text: message.content ?? "",
    thoughts: message.reasoning_content ?? "",
    calls,
    reason,
    prompt: answer.usage.prompt_tokens,
    output: answer.usage.completion_tokens,
    used: answer.usage.credits_used,
    deducted: answer.credits.deducted,
    turn: turn(message),
  };
}

// A streamed call keeps what the SDK has parsed of it, which OpenAI takes in no request.
function turn(message) {
  const { parsed, tool_calls: calls, ...rest } = message;
  const bare = calls?.map(({ id, type, function: { name, arguments: given }, extra_content }) => ({
    id,
    type,
    function: { name, arguments: given },
    ...(extra_content && { extra_content }),
  }));
  return { ...rest, ...(bare?.length && { tool_calls: bare }) };
}
