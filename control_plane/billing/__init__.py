"""Plans and the subscriptions to them."""
