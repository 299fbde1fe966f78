"""Gemini's `embedContent` and `batchEmbedContents` as Google documents them."""

NAME = "embed"
