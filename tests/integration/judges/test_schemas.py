"""Answers fit their JSON Schema, from every provider."""

import json
from typing import Any

import jsonschema
import pytest
from google.genai import types

from tests.support.judges.harness import MODELS, Harness
from tests.support.judges.matrix import Cell, cells

SCHEMA = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "array", "items": {"type": "integer"}},
        "unit": {"type": "string", "enum": ["C", "F"]},
    },
    "required": ["city", "days", "unit"],
    "additionalProperties": False,
}


@pytest.mark.parametrize("streamed", [False, True])
@cells("schema")
async def test_an_answer_fits_its_schema(harness: Harness, cell: Cell, streamed: bool) -> None:
    judge = harness.judges[cell.surface]
    received = await judge.send(
        MODELS[cell.provider],
        judge.user("the weather, please"),
        streamed=streamed,
        **judge.schema(SCHEMA),
    )
    jsonschema.validate(json.loads(received.text), SCHEMA)
    assert json.dumps(SCHEMA) in json.dumps(await harness.last_body())


@cells("google-schema")
async def test_googles_own_schema_is_understood(harness: Harness, cell: Cell) -> None:
    """Gemini's older field: types in capitals, `nullable`, the order of properties."""
    kinds = types.Type
    schema = types.Schema(
        type=kinds.OBJECT,
        properties={
            "city": types.Schema(type=kinds.STRING),
            "days": types.Schema(type=kinds.ARRAY, items=types.Schema(type=kinds.INTEGER)),
        },
        required=["city", "days"],
        property_ordering=["city", "days"],
    )
    judge = harness.judges[cell.surface]
    config: dict[str, Any] = {"response_mime_type": "application/json", "response_schema": schema}
    received = await judge.send(MODELS[cell.provider], judge.user("where?"), **config)
    answer = json.loads(received.text)
    assert isinstance(answer["city"], str)
    assert all(isinstance(each, int) for each in answer["days"])
