"""A provider that answers without a model: OpenAI's wire protocol, obeying a `sim:` directive.

It stands in while no provider's key is set, and in tests. Its answers are labelled as simulated.
"""
