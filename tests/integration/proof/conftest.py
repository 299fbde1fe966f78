"""The control plane's user, for what is proven across both planes."""

from tests.integration.control_plane.conftest import user

__all__ = ["user"]
