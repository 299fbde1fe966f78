// The Vercel AI SDK, over each vendor's provider package.
import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, Output, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

import { drained, left, main } from "../cases.mjs";

const MODELS = {
  "ai-sdk-openai": ({ url, key: apiKey, model }) =>
    createOpenAI({ baseURL: `${url}/v1`, apiKey })(model),
  "ai-sdk-openai-chat": ({ url, key: apiKey, model }) =>
    createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat(model),
  "ai-sdk-openai-compatible": ({ url, key: apiKey, model }) =>
    createOpenAICompatible({
      name: "headrace", baseURL: `${url}/v1`, apiKey, supportsStructuredOutputs: true,
    })(model),
  "ai-sdk-anthropic": ({ url, key: authToken, model }) =>
    createAnthropic({ baseURL: `${url}/v1`, authToken })(model),
  "ai-sdk-google": ({ url, key: apiKey, model }) =>
    createGoogleGenerativeAI({ baseURL: `${url}/v1beta`, apiKey })(model),
};

// Only OpenAI stores responses: with any other model, a second step cannot refer to the first.
const OPTIONS = { "ai-sdk-openai": { openai: { store: false } } };

function call(one, fields) {
  const providerOptions = OPTIONS[one.client] ?? {};
  return { model: MODELS[one.client](one), maxRetries: 0, providerOptions, ...fields };
}

async function plain(one) {
  return { text: (await generateText(call(one, { prompt: one.text }))).text };
}

function streamed(one) {
  return drained(streamText(call(one, { prompt: one.text })).textStream);
}

async function toolRound(one) {
  const called = [];
  const weather = tool({
    description: "The weather in a city.",
    inputSchema: z.object({ city: z.string() }),
    execute: async (input) => {
      called.push(input);
      return "sunny";
    },
  });
  const fields = { prompt: one.text, tools: { weather }, stopWhen: stepCountIs(3) };
  return { text: (await generateText(call(one, fields))).text, called };
}

async function structured(one) {
  const schema = z.object({ city: z.string(), days: z.number().int() });
  const fields = { prompt: one.text, output: Output.object({ schema }) };
  return { parsed: (await generateText(call(one, fields))).output };
}

async function image(one) {
  const content = [
    { type: "text", text: one.text },
    { type: "image", image: Buffer.from(one.image, "base64"), mediaType: "image/png" },
  ];
  return { text: (await generateText(call(one, { messages: [{ role: "user", content }] }))).text };
}

function abort(one) {
  const leaving = new AbortController();
  const fields = { prompt: one.text, abortSignal: leaving.signal };
  return left(streamText(call(one, fields)).textStream, () => leaving.abort());
}

await main({ plain, streamed, tool: toolRound, structured, image, abort });
