"""Models with their prices and routes, and the tiers that may use them."""
