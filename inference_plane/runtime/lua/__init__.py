"""The Lua scripts of circuits and replays. Each file's header is its contract."""
