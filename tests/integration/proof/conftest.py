"""The control plane's servers and its user, for what is proven across both planes."""

from tests.integration.control_plane.conftest import connections, settings, user

__all__ = ["connections", "settings", "user"]
