"""Other gateways, measured as Headrace is."""
