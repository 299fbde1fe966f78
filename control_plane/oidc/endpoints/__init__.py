"""The provider's endpoints."""
