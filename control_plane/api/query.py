"""Parses query strings; reports every invalid parameter at once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from shared.errors import ValidationFailed


class Query:
    """Each method records an invalid value; `check` raises them all."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._errors: list[dict[str, str]] = []

    def text(self, name: str) -> str | None:
        """The value; None when absent or empty."""
        return self._values.get(name) or None

    def words(self, name: str) -> list[str]:
        """A comma-separated list."""
        return [word.strip() for word in self._values.get(name, "").split(",") if word.strip()]

    def choice(self, name: str, among: tuple[str, ...]) -> str | None:
        """One of these, or None when absent."""
        value = self.text(name)
        if value is not None and value not in among:
            self.add_error(name, f"must be one of {', '.join(among)}")
            return None
        return value

    def number(self, name: str, default: int, minimum: int, maximum: int) -> int:
        """An integer from `minimum` to `maximum`."""
        value = self.text(name)
        if value is None:
            return default
        if value.isascii() and value.isdecimal() and minimum <= int(value[:12]) <= maximum:
            return int(value[:12])
        self.add_error(name, f"must be a whole number from {minimum} to {maximum}")
        return default

    def moment(self, name: str, *, end: bool = False) -> datetime | None:
        """A date or an RFC 3339 time. With `end`, a date means the end of that day."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return _moment(value, end)
        except (ValueError, OverflowError):
            self.add_error(name, "must be a date (2026-11-05) or a time (2026-11-05T10:30:00Z)")
            return None

    def add_error(self, name: str, message: str) -> None:
        """Record an error of this parameter."""
        self._errors.append({"field": name, "message": message})

    def check(self) -> None:
        """Raises ValidationFailed with all recorded errors."""
        if self._errors:
            raise ValidationFailed(param=self._errors[0]["field"], details={"fields": self._errors})


def _moment(value: str, end: bool) -> datetime:
    if len(value) == len("2026-11-05"):
        day = date.fromisoformat(value) + timedelta(days=1 if end else 0)
        return datetime.combine(day, time.min, UTC)
    moment = datetime.fromisoformat(value.replace(" ", "+"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
