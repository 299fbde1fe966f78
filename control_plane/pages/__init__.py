"""HTML pages for users. They work without JavaScript, passkeys excepted."""
