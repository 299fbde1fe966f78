// Mastra: an agent whose model is an OpenAI-compatible endpoint of its own.
import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import { z } from "zod";

import { drained, left, main } from "../cases.mjs";

function agent(one, tools = {}) {
  return new Agent({
    id: "assistant",
    name: "Assistant",
    instructions: "Be brief.",
    model: { id: `headrace/${one.model}`, url: `${one.url}/v1`, apiKey: one.key },
    tools,
    maxRetries: 0,
  });
}

async function plain(one) {
  return { text: (await agent(one).generate(one.text)).text };
}

async function streamed(one) {
  return drained((await agent(one).stream(one.text)).textStream);
}

async function toolRound(one) {
  const called = [];
  const weather = createTool({
    id: "weather",
    description: "The weather in a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ context }) => {
      called.push(context);
      return "sunny";
    },
  });
  return { text: (await agent(one, { weather }).generate(one.text)).text, called };
}

async function structured(one) {
  const schema = z.object({ city: z.string(), days: z.number().int() });
  return { parsed: (await agent(one).generate(one.text, { structuredOutput: { schema } })).object };
}

async function image(one) {
  const content = [
    { type: "text", text: one.text },
    { type: "image", image: `data:image/png;base64,${one.image}`, mimeType: "image/png" },
  ];
  return { text: (await agent(one).generate([{ role: "user", content }])).text };
}

async function abort(one) {
  const leaving = new AbortController();
  const output = await agent(one).stream(one.text, { abortSignal: leaving.signal });
  return left(output.textStream, () => leaving.abort());
}

await main({ plain, streamed, tool: toolRound, structured, image, abort });
