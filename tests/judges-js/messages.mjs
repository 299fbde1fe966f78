import Anthropic from "@anthropic-ai/sdk";

export function messages(url, key) {
  const client = new Anthropic({ baseURL: url, apiKey: key, maxRetries: 0 });
  return async (one) => {
    const asked = { model: one.model, max_tokens: 1000, messages: [user(one)], ...fields(one) };
    if (one.leaves) {
      for await (const _ of await client.messages.create({ ...asked, stream: true })) break;
      return {};
    }
    const first = await ask(client, asked, one.streamed);
    if (!one.results) return first;
    const content = first.calls.map((call, at) => ({
      type: "tool_result",
      tool_use_id: call.id,
      content: one.results[at],
    }));
    const turns = [...asked.messages, first.turn, { role: "user", content }];
    const second = await ask(client, { ...asked, messages: turns }, one.streamed);
    return { ...first, then: second.text };
  };
}

function user(one) {
  if (!one.picture) return { role: "user", content: one.text };
  const source = { type: "base64", media_type: "image/png", data: one.picture };
  return { role: "user", content: [{ type: "image", source }, { type: "text", text: one.text }] };
}

function fields(one) {
  return {
    ...(one.tools && {
      tools: one.tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: parameters,
      })),
    }),
    ...(one.schema && {
      output_config: { format: { type: "json_schema", schema: one.schema } },
    }),
    ...(one.thinks && {
      thinking: { type: "enabled", budget_tokens: 1024 },
      max_tokens: 3000,
    }),
  };
}

async function ask(client, asked, streamed) {
  if (!streamed) return heard(await client.messages.create(asked));
  const stream = client.messages.stream(asked);
  let last;
  for await (const event of stream) if (event.type === "message_delta") last = event;
  const message = await stream.finalMessage();
  return heard({ ...message, usage: last.usage, credits: last.credits });
}

function heard(message) {
  const all = (kind, name) =>
    message.content.filter((block) => block.type === kind).map((block) => block[name]).join("");
  const calls = message.content
    .filter((block) => block.type === "tool_use")
    .map((block) => ({ id: block.id, name: block.name, arguments: block.input }));
  const { usage } = message;
  const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
  return {
    text: all("text", "text"),
    thoughts: all("thinking", "thinking"),
    calls,
    reason: message.stop_reason,
    prompt: usage.input_tokens + cached,
    output: usage.output_tokens,
    used: usage.credits_used,
    deducted: message.credits.deducted,
    turn: { role: "assistant", content: message.content },
  };
}
