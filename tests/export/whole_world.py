"""One Core that holds every kind, and every field of each with a value that is not its default: alone, and with all
others. Made from the kinds' declarations, so that a new field is in it by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from generated import RESOURCES, variants
from round_trip import USERS

from komodo_sync.errors import RejectedError
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    GrantsShape,
    IntShape,
    JsonShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TargetGrantsShape,
    TargetsShape,
    TextListShape,
    TextShape,
    VersionShape,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field, Struct
    from komodo_sync.session import Session

Names = dict[str, list[str]]


def populate(session: Session, *, secrets: bool = False) -> Names:
    """Fills a Core, and gives the names of what it holds then, by kind. Without `secrets` no secret field is set."""
    names: Names = {"user": list(USERS)}
    for spec in KINDS.values():
        for number, config in enumerate(list(configs(spec, names, secrets=secrets))):
            name = name_of(spec, number)
            try:
                create(session, spec, name, config)
            except RejectedError:
                continue  # a variable's value is one line
            names.setdefault(spec.name, []).append(name)
    _run_everything(session, names)
    return names


def _run_everything(session: Session, names: Names) -> None:
    """A procedure that runs what there is of every kind, also of those that are created after procedures."""
    spec = KINDS["procedure"]
    name = name_of(spec, len(names[spec.name]))
    create(session, spec, name, {"stages": next(others(spec.fields()["stages"], names))})
    names[spec.name].append(name)


def name_of(spec: KindSpec, number: int) -> str:
    """A name for one of a kind."""
    return "/".join([f"{spec.name}_{number}"] * len(spec.identity))


def create(session: Session, spec: KindSpec, name: str, config: Mapping[str, Any]) -> None:
    """Creates one resource as a person would, with tags and a description where its kind has them."""
    config = {key: with_ids(session, value) if key.endswith("resources") else value for key, value in config.items()}
    if not spec.body and spec.detail:
        create_group(session, name, config)
        return
    if spec.flat:
        beside = {"description": f"what {name} is for"} if "description" in spec.meta else {}
        fields = {**spec.identity_of(name), **config, **beside}
        session.writer.write(spec.create, {spec.body: fields} if spec.body else fields)
        return
    session.writer.write(spec.create, {"name": name, "config": config})
    number = int(name.rsplit("_", 1)[1]) if name.rsplit("_", 1)[1].isdigit() else 0
    meta: dict[str, Any] = {"description": f"what {name} is for", "template": number % 3 == 1}
    if number % 2:
        meta["tags"] = ["tag_1", "tag_0"]
    session.writer.write("UpdateResourceMeta", {"target": {"type": spec.core, "id": name}, **meta})


def create_group(session: Session, name: str, config: Mapping[str, Any]) -> None:
    """A user group, field by field."""
    session.writer.write("CreateUserGroup", {"name": name})
    for field, operation in (("everyone", "SetEveryoneUserGroup"), ("users", "SetUsersInUserGroup")):
        if field in config:
            session.writer.write(operation, {"user_group": name, field: config[field]})
    target = {"user_target": {"type": "UserGroup", "id": name}}
    for core, grant in config.get("all", {}).items():
        session.writer.write("UpdatePermissionOnResourceType", {**target, "resource_type": core, "permission": grant})
    for each in config.get("permissions", ()):
        subject = {"type": each["target"]["type"], "id": each["target"]["id"]}
        grant = {"level": each["level"], "specific": each.get("specific", [])}
        session.writer.write("UpdatePermissionOnTarget", {**target, "resource_target": subject, "permission": grant})


def with_ids(session: Session, value: Any) -> Any:
    """Targets by id: a Core keeps what it is given."""
    if not isinstance(value, list):
        return value
    ids = {}
    for kind in {item["type"] for item in value}:
        listed: Any = session.reader.read(f"ListFull{kind}s", {"query": {}, "page": 0, "limit": 0})
        ids |= {(kind, item["name"]): item["_id"]["$oid"] for item in listed}
    return [{"type": item["type"], "id": ids[item["type"], item["id"]]} for item in value]


def configs(spec: KindSpec, names: Names, *, secrets: bool) -> Iterator[dict[str, Any]]:
    """No field, each field alone, all of them; for a kind with types, all that for each of them."""
    if isinstance(spec.config, Tagged):
        for word, variant in spec.config.all_variants().items():
            yield from ({"type": word, "params": each} for each in _structs(variant, names, secrets=secrets))
    else:
        yield from _structs(spec.config, names, secrets=secrets)


def _structs(struct: type[Struct], names: Names, *, secrets: bool) -> Iterator[dict[str, Any]]:
    fields = {
        name: item for name, item in struct.fields().items() if secrets or not (item.secret or name == "is_secret")
    }
    yield {}
    for name, item in fields.items():
        for value in others(item, names, secrets=secrets):
            yield {name: value}
    yield {name: next(others(item, names, secrets=secrets)) for name, item in fields.items()}


def others(item: Field, names: Names, *, secrets: bool = False) -> Iterator[Any]:
    """Some values that are not the default of `item`; at least one."""
    if item.ref:
        known = names.get(item.ref, [])
        yield known[:1] + known[-1:] if isinstance(item.shape, TextListShape) else known[0] if known else ""
        return
    yield from _of_shape(item.shape, item, names, secrets=secrets)


def _of_shape(shape: Any, item: Field, names: Names, *, secrets: bool) -> Iterator[Any]:
    match shape:
        case TextShape(multiline=multiline):
            yield "1.10"
            yield f"first of {item.name}\nsecond: {{}}\n" if multiline else f"a {item.name}"
        case PairsShape(key="signal"):
            yield "SIGTERM: stop it\n"
        case PairsShape(written=written):
            yield f"LEVEL{written}1\nPORT{written}'8080'\n"
            yield "# by hand\n  LEVEL = 1\n"
        case FlagShape():
            yield not item.default
        case IntShape(minimum=minimum, maximum=maximum):
            yield from {minimum, maximum if maximum < 2**40 else 7} - {item.default}
        case FloatShape():
            yield 12.5
            yield 40
        case EnumShape(values=values):
            yield from (value for value in values if value != item.default)
        case TextListShape(values=values):
            yield list(values[:2]) or ["one", "two, three", "no"]
        case VersionShape():
            yield "1.10.0"
        case StructShape(struct=nested) | ListShape(struct=nested):
            found = [whole(nested, names, secrets=secrets), bare(nested, names), *_of_each_type(nested, names)]
            yield from found[:1] if isinstance(shape, StructShape) else [found]
        case Tagged():
            for word, variant in variants(shape, names):
                yield {"type": word, "params": whole(variant, names, secrets=secrets)}
        case TargetsShape():
            yield [{"type": KINDS[kind].core, "id": names[kind][-1]} for kind in names if kind in RESOURCES]
        case GrantsShape():
            yield {
                "Server": {"level": "Read", "specific": []},
                "Stack": {"level": "Write", "specific": ["Logs", "Attach"]},
            }
            yield {"Build": {"level": "None", "specific": ["Terminal"]}}
        case TargetGrantsShape():
            found = [{"type": KINDS[kind].core, "id": names[kind][-1]} for kind in names if kind in RESOURCES]
            yield [{"target": target, "level": "Execute", "specific": ["Logs"]} for target in found]
        case JsonShape(texts=True):
            yield {"word": "x", "1": "1", "a.b": "null", "": "first\nsecond"}
        case JsonShape():
            yield {"word": "x", "1": [1, 2.5, True, None, "1", "null"], "deep": {"a": "b: c"}}
        case _:
            raise AssertionError(shape)


def _of_each_type(struct: type[Struct], names: Names) -> Iterator[dict[str, Any]]:
    """What is required, with every type that one of its fields can have."""
    for name, item in struct.fields().items():
        if isinstance(item.shape, Tagged):
            yield from ({**bare(struct, names), name: value} for value in others(item, names))


def whole(struct: type[Struct], names: Names, *, secrets: bool = False) -> dict[str, Any]:
    """Every field at another value than its default."""
    fields = struct.fields().items()
    return {name: next(others(item, names)) for name, item in fields if secrets or item.required or not item.secret}


def bare(struct: type[Struct], names: Names) -> dict[str, Any]:
    """What is required, and nothing else."""
    return {name: next(others(item, names)) for name, item in struct.fields().items() if item.required}
