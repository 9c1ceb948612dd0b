"""Reads values out of JSON that somebody else wrote; what is wrong is said with the place where it stands."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn, TypeGuard, TypeVar

from studio.errors import StudioError

Value = TypeVar("Value", bound=Enum)


class RecipeProblem(StudioError):
    """A recipe, or a draft that was kept, cannot be read."""


def recipe_problem(why: str) -> RecipeProblem:
    """The one message for a recipe that cannot be opened, with its reason."""
    return RecipeProblem(
        "This recipe cannot be opened.",
        why,
        "Download it once more from where it was made, and open the file as it is.",
    )


@dataclass(frozen=True, kw_only=True)
class Node:
    """One value of the JSON and where it stands ("drawing.strokes[3].width").

    Every reader raises RecipeProblem when the value is of another kind or outside its range.
    """

    value: object
    where: str = "manifest"

    def __getitem__(self, name: str) -> "Node":
        """A member that must be there."""
        if name not in self._members():
            raise self._refused(f"has no “{name}”")
        return self._member(name)

    def given(self, name: str) -> "Node | None":
        """A member, or None when it is absent or null."""
        return None if self._members().get(name) is None else self._member(name)

    def items(self, at_most: int) -> Iterator["Node"]:
        """The members of a list."""
        if not isinstance(self.value, list):
            self._is_not("a list")
        if len(self.value) > at_most:
            raise self._refused(f"has more than {at_most} entries")
        return (Node(value=item, where=f"{self.where}[{i}]") for i, item in enumerate(self.value))

    def text(self, at_most: int) -> str:
        """A text of whole characters (half a surrogate pair can be sent nowhere)."""
        if not isinstance(self.value, str):
            self._is_not("a text")
        if len(self.value) > at_most:
            raise self._refused(f"is longer than {at_most} characters")
        if any("\ud800" <= character <= "\udfff" for character in self.value):
            raise self._refused("holds half a character")
        return self.value

    def number(self, least: float, most: float) -> float:
        """A finite number in a range."""
        if not _is_number(self.value, least, most):
            self._is_not(f"a number from {least:g} to {most:g}")
        return float(self.value)

    def whole(self, least: int, most: int) -> int:
        """A whole number in a range."""
        if type(self.value) is not int or not least <= self.value <= most:
            self._is_not(f"a whole number from {least} to {most}")
        return self.value

    def one_of(self, kind: type[Value]) -> Value:
        """A member of an enumeration, by its value."""
        found = next((member for member in kind if _is_same(member.value, self.value)), None)
        if found is None:
            self._is_not("one of " + ", ".join(f"“{member.value}”" for member in kind))
        return found

    def points(self, reach_x: float, reach_y: float) -> tuple[tuple[float, float], ...]:
        """Pairs of numbers, each at most so far from 0."""
        if not isinstance(self.value, list):
            self._is_not("a list of points")
        for pair in self.value:
            if not (isinstance(pair, list) and len(pair) == 2):
                self._is_not("a list of pairs of numbers")
            if not (_is_number(pair[0], -reach_x, reach_x) and _is_number(pair[1], -reach_y, reach_y)):
                self._is_not("a list of points near the picture")
        return tuple((float(x), float(y)) for x, y in self.value)

    def _members(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            self._is_not("an object")
        return self.value

    def _member(self, name: str) -> "Node":
        where = name if self.where == Node.where else f"{self.where}.{name}"
        return Node(value=self._members()[name], where=where)

    def _is_not(self, kind: str) -> NoReturn:
        raise self._refused(f"is not {kind}")

    def _refused(self, what: str) -> RecipeProblem:
        return recipe_problem(f"In it, “{self.where}” {what}.")


def read_json(data: bytes) -> Node:
    """The JSON of a manifest, which knows no NaN and no infinity.

    Raises:
        RecipeProblem: it is no JSON in UTF-8, or nested too deeply.
    """
    try:
        return Node(value=json.loads(data.decode("utf-8"), parse_constant=_no_constant))
    except (ValueError, RecursionError) as broken:
        raise recipe_problem("Its manifest is not readable JSON.") from broken


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _is_number(value: object, least: float, most: float) -> TypeGuard[float]:
    """Whether it is a number in the range; true and false are none, and NaN is in no range."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and least <= value <= most


def _is_same(expected: object, value: object) -> bool:
    return type(value) in (int, str) and expected == value
