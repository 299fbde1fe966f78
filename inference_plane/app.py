"""The only place where deployments are bound: what `deploy/ray/serve.yaml` names.

The file's `args` are the pool's size; HEADRACE_REPLICAS_MIN and _MAX override it where they are
set, so one file serves a laptop and a cluster.
"""

from pydantic import BaseModel
from ray import serve
from ray.serve import Application

from inference_plane.deployments.hold_sweeper import HoldSweeper
from inference_plane.deployments.llm_proxy import LLMProxy
from inference_plane.settings import InferenceSettings


class Pool(BaseModel):
    """`ongoing_target` is how many requests in flight make a replica full; times in seconds."""

    replicas_min: int = 1
    replicas_max: int = 2
    ongoing_target: int = 100
    ongoing_max: int = 10_000
    cpus: float = 1
    drain_s: float = 7200
    upscale_delay_s: float = 2
    downscale_delay_s: float = 30


def build(pool: Pool) -> Application:
    """LLMProxy behind HAProxy, scaled by its requests in flight. Drained replicas cut no stream."""
    settings = InferenceSettings()
    low = settings.replicas_min or pool.replicas_min
    high = max(low, settings.replicas_max or pool.replicas_max)
    return (
        serve.deployment(serve.ingress()(LLMProxy))
        .options(
            max_ongoing_requests=pool.ongoing_max,
            graceful_shutdown_timeout_s=pool.drain_s,
            ray_actor_options={"num_cpus": pool.cpus},
            autoscaling_config={
                "min_replicas": low,
                "max_replicas": high,
                "initial_replicas": low,
                "target_ongoing_requests": pool.ongoing_target,
                "upscale_delay_s": pool.upscale_delay_s,
                "downscale_delay_s": pool.downscale_delay_s,
                "metrics_interval_s": 1,
                "look_back_period_s": 4,
            },
        )
        .bind()
    )


def build_hold_sweeper(_arguments: dict[str, str]) -> Application:
    """One replica. Serve passes every builder its arguments; the hold sweeper takes none."""
    return (
        serve.deployment(HoldSweeper)
        .options(num_replicas=1, ray_actor_options={"num_cpus": 0.1})
        .bind()
    )
