// LangChain for JavaScript: a chat model per vendor's package, used in the same way.
import { ChatAnthropic } from "@langchain/anthropic";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import { z } from "zod";

import { drained, left, main } from "../cases.mjs";

const MODELS = {
  "langchain-js-openai": ({ url, key: apiKey, model }) =>
    new ChatOpenAI({ model, apiKey, configuration: { baseURL: `${url}/v1` } }),
  "langchain-js-anthropic": ({ url, key: apiKey, model }) =>
    new ChatAnthropic({ model, apiKey, anthropicApiUrl: url }),
  "langchain-js-google-genai": ({ url: baseUrl, key: apiKey, model }) =>
    new ChatGoogleGenerativeAI({ model, apiKey, baseUrl }),
};

const model = (one) => MODELS[one.client](one);

async function plain(one) {
  return { text: (await model(one).invoke(one.text)).text };
}

async function* stream(one, options = {}) {
  for await (const chunk of await model(one).stream(one.text, options)) yield chunk.text;
}

async function toolRound(one) {
  const called = [];
  const weather = tool(
    (input) => {
      called.push(input);
      return "sunny";
    },
    {
      name: "weather",
      description: "The weather in a city.",
      schema: z.object({ city: z.string() }),
    },
  );
  const able = model(one).bindTools([weather]);
  const turns = [new HumanMessage(one.text)];
  const first = await able.invoke(turns);
  const results = await Promise.all(first.tool_calls.map(async ({ id, name, args }) =>
    new ToolMessage({ content: await weather.invoke(args), tool_call_id: id, name })));
  return { text: (await able.invoke([...turns, first, ...results])).text, called };
}

async function structured(one) {
  const schema = z.object({ city: z.string(), days: z.number().int() });
  return { parsed: await model(one).withStructuredOutput(schema).invoke(one.text) };
}

async function image(one) {
  const content = [
    { type: "text", text: one.text },
    { type: "image_url", image_url: { url: `data:image/png;base64,${one.image}` } },
  ];
  return { text: (await model(one).invoke([new HumanMessage({ content })])).text };
}

function abort(one) {
  const leaving = new AbortController();
  return left(stream(one, { signal: leaving.signal }), () => leaving.abort());
}

await main({
  plain, streamed: (one) => drained(stream(one)), tool: toolRound, structured, image, abort,
});
