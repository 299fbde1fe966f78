"""Who may sign in: one row each, e-mail addresses normalised, passwords as argon2id."""
