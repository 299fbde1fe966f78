"""The JavaScript libraries."""

from tests.clients.records import Client, Program

_VERCEL = Program("vercel")
_LANGCHAIN = Program("langchain")
_NO_IMAGES = "takes images only for names that it knows"

JAVASCRIPT: tuple[Client, ...] = (
    Client(
        name="ai-sdk-openai",
        title="Vercel AI SDK, `@ai-sdk/openai`",
        language="js",
        setup="""\
const openai = createOpenAI({
  baseURL: "http://localhost:3000/v1", apiKey: process.env.HEADRACE_KEY,
});
const providerOptions = { openai: { store: false } };
generateText({ model: openai("gpt-5.2"), providerOptions, prompt });""",
        notes="Without `store: false` its next step refers to items that OpenAI stores, and for "
        "models of other vendors nothing is stored.",
        program=_VERCEL,
    ),
    Client(
        name="ai-sdk-openai-chat",
        title="Vercel AI SDK, `@ai-sdk/openai`, Chat Completions",
        language="js",
        setup="""\
const openai = createOpenAI({
  baseURL: "http://localhost:3000/v1", apiKey: process.env.HEADRACE_KEY,
});
generateText({ model: openai.chat("gpt-5.2"), prompt });""",
        program=_VERCEL,
    ),
    Client(
        name="ai-sdk-openai-compatible",
        title="Vercel AI SDK, `@ai-sdk/openai-compatible`",
        language="js",
        setup="""\
const headrace = createOpenAICompatible({
  name: "headrace",
  baseURL: "http://localhost:3000/v1",
  apiKey: process.env.HEADRACE_KEY,
  supportsStructuredOutputs: true,
});
generateText({ model: headrace("gpt-5.2"), prompt });""",
        program=_VERCEL,
    ),
    Client(
        name="ai-sdk-anthropic",
        title="Vercel AI SDK, `@ai-sdk/anthropic`",
        language="js",
        setup="""\
const anthropic = createAnthropic({
  baseURL: "http://localhost:3000/v1", authToken: process.env.HEADRACE_KEY,
});
generateText({ model: anthropic("claude-sonnet-4-5"), prompt });""",
        program=_VERCEL,
    ),
    Client(
        name="ai-sdk-google",
        title="Vercel AI SDK, `@ai-sdk/google`",
        language="js",
        setup="""\
const google = createGoogleGenerativeAI({
  baseURL: "http://localhost:3000/v1beta", apiKey: process.env.HEADRACE_KEY,
});
generateText({ model: google("gemini-3.1-pro-preview"), prompt });""",
        program=_VERCEL,
    ),
    Client(
        name="langchain-js-openai",
        title="LangChain.js, `@langchain/openai`",
        language="js",
        setup="""\
new ChatOpenAI({
  model: "gpt-5.2",
  apiKey: process.env.HEADRACE_KEY,
  configuration: { baseURL: "http://localhost:3000/v1" },
});""",
        program=_LANGCHAIN,
    ),
    Client(
        name="langchain-js-anthropic",
        title="LangChain.js, `@langchain/anthropic`",
        language="js",
        setup="""\
new ChatAnthropic({
  model: "claude-sonnet-4-5",
  apiKey: process.env.HEADRACE_KEY,
  anthropicApiUrl: "http://localhost:3000",
});""",
        program=_LANGCHAIN,
    ),
    Client(
        name="langchain-js-google-genai",
        title="LangChain.js, `@langchain/google-genai`",
        language="js",
        setup="""\
new ChatGoogleGenerativeAI({
  model: "gemini-3.1-pro-preview",
  apiKey: process.env.HEADRACE_KEY,
  baseUrl: "http://localhost:3000",
});""",
        program=_LANGCHAIN,
        gaps={"image-gpt": _NO_IMAGES, "image-claude": _NO_IMAGES},
    ),
    Client(
        name="mastra",
        title="Mastra",
        language="js",
        setup="""\
new Agent({
  id: "assistant",
  name: "Assistant",
  instructions: "Be brief.",
  model: {
    id: "headrace/gpt-5.2",
    url: "http://localhost:3000/v1",
    apiKey: process.env.HEADRACE_KEY,
  },
});""",
        program=Program("mastra"),
    ),
)
