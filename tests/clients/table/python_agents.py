"""The Python libraries that run agents."""

from tests.clients.records import LEFT_OPEN, Client, Program

_OPENAI_AGENTS = Program("core", "openai_agents")
_PYDANTIC = Program("core", "pydantic_agents")
_SMOLAGENTS = Program("libraries", "smol_agents")
_CLIENT = """\
client = AsyncOpenAI(base_url="http://localhost:3000/v1", api_key=os.environ["HEADRACE_KEY"])
"""
_PROVIDER = """\
provider = OpenAIProvider(base_url="http://localhost:3000/v1", api_key=os.environ["HEADRACE_KEY"])
"""

AGENTS: tuple[Client, ...] = (
    Client(
        name="openai-agents",
        title="OpenAI Agents SDK",
        language="python",
        setup=f"""\
{_CLIENT}set_tracing_disabled(True)
agent = Agent(name="Assistant", model=OpenAIResponsesModel("gpt-5.2", client))""",
        notes="Its traces go to OpenAI itself, with OpenAI's key, unless they are disabled.",
        program=_OPENAI_AGENTS,
    ),
    Client(
        name="openai-agents-chat",
        title="OpenAI Agents SDK, Chat Completions",
        language="python",
        setup=f"""\
{_CLIENT}set_tracing_disabled(True)
agent = Agent(name="Assistant", model=OpenAIChatCompletionsModel("gpt-5.2", client))""",
        program=_OPENAI_AGENTS,
    ),
    Client(
        name="pydantic-ai-chat",
        title="Pydantic AI, OpenAI's Chat Completions",
        language="python",
        setup=f'{_PROVIDER}agent = Agent(OpenAIChatModel("gpt-5.2", provider=provider))',
        program=_PYDANTIC,
    ),
    Client(
        name="pydantic-ai-responses",
        title="Pydantic AI, OpenAI's Responses",
        language="python",
        setup=f'{_PROVIDER}agent = Agent(OpenAIResponsesModel("gpt-5.2", provider=provider))',
        program=_PYDANTIC,
    ),
    Client(
        name="pydantic-ai-anthropic",
        title="Pydantic AI, Anthropic",
        language="python",
        setup="""\
provider = AnthropicProvider(base_url="http://localhost:3000", api_key=os.environ["HEADRACE_KEY"])
agent = Agent(AnthropicModel("claude-sonnet-4-5", provider=provider))""",
        program=_PYDANTIC,
    ),
    Client(
        name="pydantic-ai-google",
        title="Pydantic AI, Google",
        language="python",
        setup="""\
provider = GoogleProvider(base_url="http://localhost:3000", api_key=os.environ["HEADRACE_KEY"])
agent = Agent(GoogleModel("gemini-3.1-pro-preview", provider=provider))""",
        program=_PYDANTIC,
        gaps=LEFT_OPEN,
    ),
    Client(
        name="smolagents",
        title="smolagents",
        language="python",
        setup="""\
model = OpenAIModel(
    model_id="gpt-5.2",
    api_base="http://localhost:3000/v1",
    api_key=os.environ["HEADRACE_KEY"],
)
agent = CodeAgent(tools=[], model=model)""",
        program=_SMOLAGENTS,
        gaps=LEFT_OPEN,
        directives={"tool": {"text": "<code>\nfinal_answer(weather('Paris'))\n</code>"}},
    ),
)
