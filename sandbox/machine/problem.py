"""What goes wrong on the machine, said in one line to the person who can put it right."""


class Problem(Exception):  # noqa: N818 - it is shown to people as it is, and they meet problems
    """One line: what is wrong and what to do. Commands print it and end with status 1."""
