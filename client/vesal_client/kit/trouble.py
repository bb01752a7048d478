"""What failed, in words, and whether it will pass by itself."""

from vesal_client.wire.refusals import Unreachable
from vesal_shared import problems
from vesal_shared.problems import Refusal

_TOO_MANY = 429
_SERVERS_FAULT = 500


def explained(problem: Exception) -> str:
    """Say what happened: a refusal in its own words; a bug as one, without its insides."""
    return problem.sentence if isinstance(problem, Refusal) else problems.UNEXPECTED.title


def passes(problem: Exception) -> bool:
    """Whether the same may succeed in a while: the server is out of reach, busy, or in trouble."""
    if isinstance(problem, Unreachable):
        return True
    if isinstance(problem, Refusal):
        return problem.problem.status == _TOO_MANY or problem.problem.status >= _SERVERS_FAULT
    return False
