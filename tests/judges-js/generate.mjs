import { GoogleGenAI } from "@google/genai";

export function generate(url, key) {
  const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } });
  return async (one) => {
    const asked = { model: one.model, contents: [user(one)], config: fields(one) };
    if (one.leaves) return leave(client, asked);
    const first = await ask(client, asked, one.streamed);
    if (!one.results) return first;
    const parts = first.calls.map(({ id, name }, at) => ({
      functionResponse: { ...(id && { id }), name, response: { output: one.results[at] } },
    }));
    const contents = [...asked.contents, first.turn, { role: "user", parts }];
    const second = await ask(client, { ...asked, contents }, one.streamed);
    return { ...first, then: second.text };
  };
}

function user(one) {
  const picture = one.picture && [{ inlineData: { mimeType: "image/png", data: one.picture } }];
  return { role: "user", parts: [{ text: one.text }, ...(picture || [])] };
}

function fields(one) {
  return {
    ...(one.tools && {
      tools: [
        {
          functionDeclarations: one.tools.map(({ name, description, parameters }) => ({
            name,
            description,
            parametersJsonSchema: parameters,
          })),
        },
      ],
    }),
    ...(one.schema && {
      responseMimeType: "application/json",
      responseJsonSchema: one.schema,
    }),
    ...(one.thinks && {
      thinkingConfig: { includeThoughts: true, thinkingBudget: 1024 },
      maxOutputTokens: 3000,
    }),
  };
}

async function ask(client, asked, streamed) {
  if (!streamed) return heard([await client.models.generateContent(asked)]);
  const chunks = [];
  for await (const chunk of await client.models.generateContentStream(asked)) chunks.push(chunk);
  return heard(chunks);
}

// To leave, this SDK wants a signal.
async function leave(client, asked) {
  const leaving = new AbortController();
  const config = { ...asked.config, abortSignal: leaving.signal };
  for await (const _ of await client.models.generateContentStream({ ...asked, config })) {
    leaving.abort();
    break;
  }
  return {};
}

function heard(chunks) {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? []);
  const text = (thought) =>
    parts.filter((p) => p.text && Boolean(p.thought) === thought).map((p) => p.text).join("");
  const calls = parts
    .filter((part) => part.functionCall)
    .map(({ functionCall: { id, name, args } }) => ({ id, name, arguments: args }));
  const last = chunks.at(-1);
  const usage = last.usageMetadata;
  return {
    text: text(false),
    thoughts: text(true),
    calls,
    reason: last.candidates[0].finishReason,
    prompt: usage.promptTokenCount,
    output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    turn: { role: "model", parts },
  };
}
