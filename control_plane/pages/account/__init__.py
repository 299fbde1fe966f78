"""The pages of one's own account, behind sign-in: each a file, all in one frame."""
