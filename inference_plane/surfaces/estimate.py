"""`POST /v1/estimate`, our own endpoint: what a chat request would cost, without running it."""

from dataclasses import replace

from inference_plane.surfaces.chat import surface

SURFACE = replace(surface.SURFACE, column="estimate", paths=("/v1/estimate",))
