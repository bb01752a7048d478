"""Which rows a caller sees: the only place that knows bank, province, branch and own."""

from vesal_server.scope.caller import Caller
from vesal_server.scope.visible import Reach, reach

__all__ = ["Caller", "Reach", "reach"]
