"""A simulated provider: the wire protocols of OpenAI, Anthropic and Google, without a model.

It is used in tests, and while no provider key is set. Its answers are labelled as simulated. It is
as strict as the vendors: a request that one of them would reject is rejected here with the same
status, body and wording. A `sim:` line in the request controls the answer: see `directive`.

One folder per vendor: `requests` (accepted fields), `turns` (rules between messages), `frames`
(responses and events), `errors` (rejections). `answers` decides the content for all of them.
"""
