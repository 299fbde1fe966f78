"""The house rules, as tests: style that is not checked does not last."""
