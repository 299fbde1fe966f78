"""The output of `headrace up`: a line per service as it becomes ready, then how to use the product.

Coloured on a terminal, plain lines elsewhere.
"""

import shlex
import sys
import time

from rich.console import Console
from rich.panel import Panel

from deploy.instance import Instance

_CURL = """\
curl -N {url}/v1/chat/completions \\
  -H "Authorization: Bearer $({headrace} token demo@example.com)" \\
  -H "Content-Type: application/json" \\
  -d '{{"model": "gpt-5", "stream": true, "messages": [{{"role": "user", "content": "Hello"}}]}}'"""


class TerminalView:
    """Prints to standard output."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._console = Console(highlight=False, soft_wrap=True)
        self._began = time.monotonic()
        self._is_stopping = False

    def ready(self, name: str, seconds: float) -> None:
        self._line(f"[green]ready[/]    {name:<10} {seconds:5.1f} s")

    def lost(self, name: str, why: str) -> None:
        if not self._is_stopping:
            self._line(f"[red]lost[/]     {name:<10} {why}; restarting")

    def stopping(self) -> None:
        self._is_stopping = True
        self._line("stopping; streams in flight may finish first")

    def stopped(self, name: str, seconds: float) -> None:
        self._line(f"stopped  {name:<10} {seconds:5.1f} s")

    def all_ready(self) -> None:
        """The line that scripts wait for, then a guide for people."""
        self._line(f"headrace ready {self._instance.public_url}")
        text = "\n".join(self._guide())
        self._console.print(Panel(text, expand=False) if sys.stdout.isatty() else text)
        sys.stdout.flush()

    def _guide(self) -> list[str]:
        url = self._instance.public_url
        lines = [
            f"Ready in {time.monotonic() - self._began:.0f} s.",
            "",
            f"Origin     {url}",
            f"Models     {url}/v1/models",
            f"Logs       {self._instance.state.logs}",
        ]
        if "postgres" in self._instance.embedded:
            lines += [
                "Sign-in    demo@example.com, password headrace-demo-password (also free@, admin@)"
            ]
        if "HEADRACE_MAILBOX" in self._instance.environment:
            lines += [f"Mail       {url}/dev/mailbox"]
        if self._instance.simulated:
            lines += ["", "Answers are [bold]SIMULATED[/]: set OPENAI_API_KEY to reach OpenAI."]
        headrace = shlex.quote(sys.argv[0])
        curl = _CURL.format(url=url, headrace=headrace).replace("[", "\\[")
        return [*lines, "", "Stream a completion:", "", curl, "", "Ctrl-C stops everything."]

    def _line(self, text: str) -> None:
        self._console.print(text)
        # Pipes and files are buffered.
        sys.stdout.flush()
