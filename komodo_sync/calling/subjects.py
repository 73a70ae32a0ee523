"""What an operation is about: the parameter that names it, and which kind that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.operations import Operation


class Subject(Data, frozen=True):
    """`param` names it. `kind` is None where it names nothing that lives (a new resource, an Update, a pattern).
    `by_id`: the Core takes its id alone. `many`: the operation can be done to several, one after the other."""

    param: str
    kind: KindSpec | None = None
    by_id: bool = False
    many: bool = True


def subject_of(operation: Operation) -> Subject | None:
    """What bare words name; None where an operation is about nothing that could be named so."""
    params = operation.params.values()
    required = [param for param in params if param.required]
    for param in required:
        if param.refers_to:
            spec = KINDS[param.refers_to]
            # a second name (of a copy, after a rename) can be given to one only
            alone = any(other.name == "name" for other in required if other is not param)
            return Subject(param.name, spec, _by_id(spec, operation), many=not alone)
    for spec in KINDS.values():
        writes = {
            spec.delete,
            spec.rename,
            spec.update,
            f"Get{spec.core}",
            *(each.operation for each in spec.field_writes),
        }
        if operation.name in writes - {""}:
            names = [each.name for each in required if each.name in (spec.addressed_by, "id", "name")]
            if names:
                return Subject(names[0], spec, _by_id(spec, operation), many=operation.name != spec.rename)
    first = next((param.name for param in required if param.type == "str"), "")
    return Subject(first, many=False) if first else None


def _by_id(spec: KindSpec, operation: Operation) -> bool:
    return spec.by_id_only and operation.name in (spec.rename, spec.delete, spec.update)
