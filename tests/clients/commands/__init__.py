"""The agents and tools that are run as commands: how each is called, and how its output is read."""

from tests.clients.commands import (
    aider,
    claude_code,
    codex,
    gemini_cli,
    llm,
    opencode,
    qwen_code,
)

MODULES = {
    "claude-code": claude_code,
    "codex": codex,
    "gemini-cli": gemini_cli,
    "opencode": opencode,
    "qwen-code": qwen_code,
    "aider": aider,
    "llm": llm,
}
"""Each has `invocation(request)`, and `outcome(task, finished)`, which raises what its parsing of
an unexpected output raises.
"""
