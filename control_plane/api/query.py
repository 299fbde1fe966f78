"""Reads a query string field by field and refuses it once, naming every field that is wrong."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from shared.errors import ValidationFailed


class Query:
    """Each reading notes what is wrong; `check` raises it all."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self._wrong: list[dict[str, str]] = []

    def text(self, name: str) -> str | None:
        """As it is; None when absent or empty."""
        return self._values.get(name) or None

    def words(self, name: str) -> list[str]:
        """A list by commas."""
        return [word.strip() for word in self._values.get(name, "").split(",") if word.strip()]

    def choice(self, name: str, among: tuple[str, ...]) -> str | None:
        """One of these, or None when absent."""
        value = self.text(name)
        if value is not None and value not in among:
            self.refuse(name, f"must be one of {', '.join(among)}")
            return None
        return value

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        value = self.text(name)
        if value is None:
            return default
        if value.isascii() and value.isdecimal() and least <= int(value[:12]) <= most:
            return int(value[:12])
        self.refuse(name, f"must be a whole number from {least} to {most}")
        return default

    def moment(self, name: str, *, end: bool = False) -> datetime | None:
        """A date or an RFC 3339 time. With `end`, a date stands for the end of that day."""
        value = self.text(name)
        if value is None:
            return None
        try:
            return _moment(value, end)
        except (ValueError, OverflowError):
            self.refuse(name, "must be a date (2026-11-05) or a time (2026-11-05T10:30:00Z)")
            return None

    def refuse(self, name: str, message: str) -> None:
        """Note that this field is wrong."""
        self._wrong.append({"field": name, "message": message})

    def check(self) -> None:
        """Raises ValidationFailed with all that was noted."""
        if self._wrong:
            raise ValidationFailed(param=self._wrong[0]["field"], details={"fields": self._wrong})


def _moment(value: str, end: bool) -> datetime:
    if len(value) == len("2026-11-05"):
        day = date.fromisoformat(value) + timedelta(days=1 if end else 0)
        return datetime.combine(day, time.min, UTC)
    moment = datetime.fromisoformat(value.replace(" ", "+"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
