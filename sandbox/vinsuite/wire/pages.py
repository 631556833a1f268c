"""The pages for people: plain HTML, everything escaped, nothing to press."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from sandbox.vinsuite.state.book import Book
from sandbox.vinsuite.state.wineries import Winery

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True
)


def overview(wineries: dict[str, Winery], faults: dict[str, Any], traffic: dict[str, Any]) -> str:
    """Show every winery in a line, and the switches and counts."""
    return _TEMPLATES.get_template("overview.html").render(wineries=wineries, faults=faults, traffic=traffic)


def winery(name: str, username: str, book: Book) -> str:
    """Show one winery's book, the newest orders and members first."""
    clubs = {club.club_level_id: club.title for club in book.clubs}
    types = {each.member_type_id: each.member_type_description for each in book.member_types}
    return _TEMPLATES.get_template("winery.html").render(
        name=name, username=username, book=book, clubs=clubs, types=types
    )
