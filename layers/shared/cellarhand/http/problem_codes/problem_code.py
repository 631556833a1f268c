"""One problem code with its explanation."""

from typing import NamedTuple


class ProblemCode(NamedTuple):
    """`meaning`: what has happened. `remedy`: what to do, for whom `who_acts` names."""

    code: str
    status: int
    who_acts: str
    meaning: str
    remedy: str
