import OpenAI from "openai";

export function completions(url, key) {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });
  return async (one) => {
    const asked = { model: one.model, prompt: one.text, max_tokens: 1000 };
    if (!one.streamed && !one.leaves) {
      const answer = await client.completions.create(asked);
      return heard(answer, answer.choices[0].text, answer.choices[0].finish_reason);
    }
    let [last, text, reason] = [null, "", null];
    for await (const chunk of await client.completions.create({ ...asked, stream: true })) {
      if (one.leaves) return {};
      last = chunk;
      for (const choice of chunk.choices) {
        text += choice.text;
        reason = choice.finish_reason ?? reason;
      }
    }
    return heard(last, text, reason);
  };
}

function heard(last, text, reason) {
  return {
    text,
    reason,
    calls: [],
    prompt: last.usage.prompt_tokens,
    output: last.usage.completion_tokens,
    used: last.usage.credits_used,
    deducted: last.credits.deducted,
  };
}
