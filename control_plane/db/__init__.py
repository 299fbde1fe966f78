"""The database schema: migrations, and the tools that apply and document them."""
