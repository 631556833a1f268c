"""What a benchmark has reached, and what it has to reach."""

from typing import NamedTuple


class Goal(NamedTuple):
    """One figure: `reached` must be at least, or at most, what is `wanted`."""

    what: str
    reached: float
    wanted: float
    at_least: bool = False

    @property
    def missed(self) -> bool:
        """Whether it falls short."""
        return self.reached < self.wanted if self.at_least else self.reached > self.wanted

    @property
    def row(self) -> str:
        """One line of a Markdown table."""
        sign, mark = ("≥" if self.at_least else "≤"), (" missed" if self.missed else "")
        return f"| {self.what} | {sign} {self.wanted:g} | {self.reached:g}{mark} |"


HEAD = "\n| goal | wanted | reached |\n| --- | --: | --: |"
