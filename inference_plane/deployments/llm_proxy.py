"""LLMProxy: the deployment that serves streams. A replica is one process with one event loop."""

import logging

from ray import serve

from inference_plane.deployments.asgi import InferenceApp
from inference_plane.settings import InferenceSettings
from shared import logs


class LLMProxy:
    """Holds the ASGI application; Serve runs its lifespan, and HAProxy sends it connections."""

    def __init__(self) -> None:
        settings = InferenceSettings()
        logs.configure(settings.log_level, settings.log_format)
        logging.getLogger("ray.serve").setLevel(logging.WARNING)
        context = serve.get_replica_context()
        self._app = InferenceApp(settings, context.replica_id.unique_id)

    def __serve_build_asgi_app__(self) -> InferenceApp:
        return self._app
