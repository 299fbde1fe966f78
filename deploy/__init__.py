"""How it starts: the only code that knows both planes. Nothing else imports it."""
