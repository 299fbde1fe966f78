"""The Python libraries that give each vendor's API a common interface."""

from tests.clients.records import LEFT_OPEN, Client, Program

_LANGCHAIN = Program("libraries", "langchain")
_LLAMAINDEX = Program("llamaindex", "llama_index_llms")
_HAYSTACK = Program("libraries", "haystack_generators")
_LITELLM = Program("libraries", "litellm_calls")
_INSTRUCTOR = Program("instructor", "instructor_models")

_OBJECTS = {
    "plain": "what it returns is always an object: see structured",
    "tool": "it has no tools",
    "abort": "its streams are partial objects, which may come whole",
}
_CLAUDE_ONLY = "accepts only the names of Claude's models: use the OpenAI class"
_FORECAST = {"text": '{"city": "Paris", "days": 2}'}

MODELS: tuple[Client, ...] = (
    Client(
        name="langchain-openai",
        title="LangChain, `langchain-openai`",
        language="python",
        setup="""\
ChatOpenAI(
    model="gpt-5.2",
    base_url="http://localhost:3000/v1",
    api_key=os.environ["HEADRACE_KEY"],
)""",
        program=_LANGCHAIN,
    ),
    Client(
        name="langchain-openai-responses",
        title="LangChain, `langchain-openai`, Responses",
        language="python",
        setup="""\
ChatOpenAI(
    model="gpt-5.2",
    base_url="http://localhost:3000/v1",
    api_key=os.environ["HEADRACE_KEY"],
    use_responses_api=True,
)""",
        program=_LANGCHAIN,
    ),
    Client(
        name="langchain-anthropic",
        title="LangChain, `langchain-anthropic`",
        language="python",
        setup="""\
ChatAnthropic(
    model="claude-sonnet-4-5",
    base_url="http://localhost:3000",
    api_key=os.environ["HEADRACE_KEY"],
)""",
        program=_LANGCHAIN,
    ),
    Client(
        name="langchain-google-genai",
        title="LangChain, `langchain-google-genai`",
        language="python",
        setup="""\
ChatGoogleGenerativeAI(
    model="gemini-3.1-pro-preview",
    base_url="http://localhost:3000",
    google_api_key=os.environ["HEADRACE_KEY"],
)""",
        program=_LANGCHAIN,
    ),
    Client(
        name="llamaindex-openai",
        title="LlamaIndex, `llama-index-llms-openai-like`",
        language="python",
        setup="""\
OpenAILike(
    model="gpt-5.2",
    api_base="http://localhost:3000/v1",
    api_key=os.environ["HEADRACE_KEY"],
    is_chat_model=True,
    is_function_calling_model=True,
)""",
        program=_LLAMAINDEX,
        gaps=LEFT_OPEN,
    ),
    Client(
        name="llamaindex-anthropic",
        title="LlamaIndex, `llama-index-llms-anthropic`",
        language="python",
        setup="""\
Anthropic(
    model="claude-sonnet-4-5",
    base_url="http://localhost:3000",
    api_key=os.environ["HEADRACE_KEY"],
)""",
        notes="Its newest release needs `anthropic<1`.",
        program=_LLAMAINDEX,
        gaps={"gpt": _CLAUDE_ONLY, "gemini": _CLAUDE_ONLY, **LEFT_OPEN},
    ),
    Client(
        name="llamaindex-google",
        title="LlamaIndex, `llama-index-llms-google-genai`",
        language="python",
        setup="""\
GoogleGenAI(
    model="gemini-3.1-pro-preview",
    api_key=os.environ["HEADRACE_KEY"],
    http_options={"base_url": "http://localhost:3000"},
)""",
        program=_LLAMAINDEX,
    ),
    Client(
        name="haystack-openai",
        title="Haystack, OpenAI",
        language="python",
        setup="""\
OpenAIChatGenerator(
    api_key=Secret.from_env_var("HEADRACE_KEY"),
    model="gpt-5.2",
    api_base_url="http://localhost:3000/v1",
)""",
        program=_HAYSTACK,
    ),
    Client(
        name="haystack-anthropic",
        title="Haystack, `anthropic-haystack`",
        language="sh",
        setup="""\
export ANTHROPIC_BASE_URL=http://localhost:3000
export ANTHROPIC_API_KEY=$HEADRACE_KEY""",
        program=_HAYSTACK,
        gaps={"structured": "the component has no parameter for a schema"},
    ),
    Client(
        name="haystack-google",
        title="Haystack, `google-genai-haystack`",
        language="sh",
        setup="""\
export GOOGLE_GEMINI_BASE_URL=http://localhost:3000
export GOOGLE_API_KEY=$HEADRACE_KEY""",
        program=_HAYSTACK,
    ),
    Client(
        name="litellm-openai",
        title="LiteLLM, `openai/`",
        language="python",
        setup="""\
litellm.completion(
    model="openai/gpt-5.2",
    api_base="http://localhost:3000/v1",
    api_key=os.environ["HEADRACE_KEY"],
    messages=messages,
)""",
        program=_LITELLM,
    ),
    Client(
        name="litellm-anthropic",
        title="LiteLLM, `anthropic/`",
        language="python",
        setup="""\
litellm.completion(
    model="anthropic/claude-sonnet-4-5",
    api_base="http://localhost:3000",
    api_key=os.environ["HEADRACE_KEY"],
    messages=messages,
)""",
        program=_LITELLM,
    ),
    Client(
        name="litellm-gemini",
        title="LiteLLM, `gemini/`",
        language="python",
        setup="""\
litellm.completion(
    model="gemini/gemini-3.1-pro-preview",
    api_base="http://localhost:3000/v1beta",
    api_key=os.environ["HEADRACE_KEY"],
    messages=messages,
)""",
        notes="For a model that it does not know, it writes the schema into the question.",
        program=_LITELLM,
        directives={
            "structured": _FORECAST,
            "structured-claude": {
                "tool": {"name": "json", "arguments": {"city": "Paris", "days": 2}}
            },
        },
    ),
    Client(
        name="instructor-openai",
        title="Instructor, OpenAI",
        language="python",
        setup="""\
instructor.from_openai(
    OpenAI(base_url="http://localhost:3000/v1", api_key=os.environ["HEADRACE_KEY"])
)""",
        program=_INSTRUCTOR,
        gaps=_OBJECTS,
        directives={"image": {}, "streamed": {}},
    ),
    Client(
        name="instructor-anthropic",
        title="Instructor, Anthropic",
        language="python",
        setup="""\
instructor.from_anthropic(
    Anthropic(base_url="http://localhost:3000", api_key=os.environ["HEADRACE_KEY"])
)""",
        program=_INSTRUCTOR,
        gaps=_OBJECTS | {"streamed-gemini": "Gemini sends the arguments of a call whole"},
        directives={"image": {}, "streamed": {}},
    ),
    Client(
        name="instructor-genai",
        title="Instructor, Google",
        language="python",
        setup="""\
options = genai.types.HttpOptions(base_url="http://localhost:3000")
instructor.from_genai(genai.Client(api_key=os.environ["HEADRACE_KEY"], http_options=options))""",
        program=_INSTRUCTOR,
        gaps=_OBJECTS | {"streamed": "Google's API sends the arguments of a call whole"},
        directives={"image": {}},
    ),
)
