"""`Fn::ForEach` expanded as CloudFormation's language extensions do, which SAM's transform leaves to AWS.

The name of a loop's item is filled in where AWS does it: in the keys of what is repeated, in `Fn::Sub` and in
`Ref`, and nowhere else.
"""

from collections.abc import Iterator, Mapping
from typing import Any

LOOP = "Fn::ForEach::"
type Items = Mapping[str, str]
"""The item of each loop that a part of the template stands in, by the name that the loop gives it."""


def expanded(template: Mapping[str, Any]) -> dict[str, Any]:
    """The same template without loops."""
    return _Expansion(template.get("Mappings", {})).of(template, {})


class _Expansion:
    def __init__(self, mappings: Mapping[str, Any]) -> None:
        self._mappings = mappings

    def of(self, node: Any, items: Items) -> Any:
        match node:
            case {"Ref": str(name)} if name in items:
                return items[name]
            case {"Ref": {"Fn::Sub": str(text)}}:
                return {"Ref": _filled(text, items)}
            case {"Fn::GetAtt": [{"Fn::Sub": str(text)}, attribute]}:
                return {"Fn::GetAtt": [_filled(text, items), attribute]}
            case {"Fn::FindInMap": [mapping, first, second]}:
                return self._mappings[mapping][self.of(first, items)][second]
            case {"Fn::Sub": str(text)}:
                return {"Fn::Sub": _filled(text, items)}
            case {"Fn::Sub": [text, values]}:
                return {"Fn::Sub": _filled(text, {**items, **self.of(values, items)})}
            case dict():
                return {key: value for pair in node.items() for key, value in self._pairs(*pair, items)}
            case list():
                return [self.of(each, items) for each in node]
            case _:
                return node

    def _pairs(self, key: str, value: Any, items: Items) -> Iterator[tuple[str, Any]]:
        if not key.startswith(LOOP):
            yield key, self.of(value, items)
            return
        name, collection, repeated = value
        for item in collection:
            inside = {**items, name: item}
            for made, part in repeated.items():
                yield _filled(made, inside), self.of(part, inside)


def _filled(text: str, items: Items) -> str:
    for name, item in items.items():
        text = text.replace(f"${{{name}}}", item)
    return text
