"""The provider: signing keys, the tokens signed with them, and their check."""
