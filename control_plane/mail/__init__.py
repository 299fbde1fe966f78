"""Mail: written in the transaction of its cause, sent afterwards, or kept for the mailbox page."""
