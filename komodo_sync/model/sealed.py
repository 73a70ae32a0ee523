"""Values that cannot be shown: secret ones, which are kept shut, and those that are not known on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, final

if TYPE_CHECKING:
    from collections.abc import Mapping

HIDDEN = "(secret)"


@final
class Sealed:
    """A secret value: mostly a text, but a flag or a number may be one. str(), repr(), format(), pickling and JSON of
    it never hold the plaintext.

    It equals its own plaintext (and hashes alike), so that what is declared can be compared with what is live. Beside
    `PlanKey` and `Known`, which give nothing away, only `komodo_sync.wire` calls `reveal_sealed`; a test holds that.
    `pairs`: of a text of `KEY=value` lines, what is public about it: each key with its value, which is Sealed again
    where it is secret. `around`: of a text of which parts alone are secret, what stands before, between and behind
    them, which is public. `told`: of an address that is not taken from outside, what may be shown of it.
    """

    __slots__ = ("_value", "around", "pairs", "told")

    def __init__(
        self,
        value: Any,
        pairs: Mapping[str, Any] | None = None,
        around: tuple[str, ...] = (),
        told: str | None = None,
    ) -> None:
        self._value = value
        self.pairs = pairs
        self.around = around
        self.told = told

    def __eq__(self, other: object) -> bool:
        return bool(self._value == (other._value if isinstance(other, Sealed) else other))

    def __hash__(self) -> int:
        return hash(self._value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return HIDDEN

    def __reduce__(self) -> NoReturn:
        raise TypeError("a sealed value is not to be copied out of the process")

    def __deepcopy__(self, _memo: dict[int, Any]) -> Sealed:
        return self


@final
class Unknown:
    """A value with a part that is not set here, so that nothing can be said about it.

    It equals everything: what is not known is no difference. `pairs`: of a text of `KEY=value` lines, each key with
    its value, which is Unknown again where a part of it is missing; the other keys can be compared, so such a one is
    equal to nothing as a whole. `around`: what stands before, between and behind what is secret or missing in it.
    """

    __slots__ = ("around", "pairs")
    __hash__ = None  # type: ignore[assignment] # what equals everything has no place in a set

    def __init__(self, pairs: Mapping[str, Any] | None = None, around: tuple[str, ...] = ()) -> None:
        self.pairs = pairs
        self.around = around

    def __eq__(self, _other: object) -> bool:
        return self.pairs is None

    def __repr__(self) -> str:
        return "(unknown here)"


def reveal_sealed(value: Any) -> Any:
    """`value` with every Sealed in it (at any depth of dicts, lists and tuples) replaced by its plaintext.

    For the wire alone. Raises TypeError for an Unknown: an apply that lacks a value begins nothing.
    """
    if isinstance(value, Sealed):
        return value._value
    if isinstance(value, Unknown):
        raise TypeError("a value that is not known here cannot be sent")
    if isinstance(value, dict):
        return {key: reveal_sealed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [reveal_sealed(item) for item in value]
    return value
