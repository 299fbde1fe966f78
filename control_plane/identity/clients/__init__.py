"""OAuth clients: registered applications."""
