"""Kinds without a config object: tags, variables and accounts. Their fields stand beside their name."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.shapes import EnumShape, TextShape
from komodo_sync.kinds.spec import FieldWrite, KindSpec, NameRule
from komodo_sync.kinds.struct import KEPT, SECRET, Doc, Flag, SecretWhen, Struct, Text

_HUES = ("Slate", "Red", "Orange", "Amber", "Yellow", "Lime", "Green", "Emerald", "Teal", "Cyan", "Sky", "Blue")
_MORE_HUES = ("Indigo", "Violet", "Purple", "Fuchsia", "Pink", "Rose")
TAG_COLORS = tuple(f"{shade}{hue}" for hue in (*_HUES, *_MORE_HUES) for shade in ("Light", "", "Dark"))


class TagFields(Struct):
    """A tag's fields."""

    color: Annotated[str, EnumShape(TAG_COLORS), Doc("The colour in which Komodo shows it.")] = "Slate"


TAG = KindSpec(
    name="tag",
    plural="tags",
    doc="A word that resources carry, with a colour.",
    core="Tag",
    config=TagFields,
    names=NameRule.EXACT,
    lists="ListTags",
    create="CreateTag",
    delete="DeleteTag",
    rename="RenameTag",
    field_writes=(FieldWrite("color", "UpdateTagColor", "color"),),
    addressed_by="tag",
    by_id_only=True,
    meta=(),
    flat=True,
    body="",
    owned=False,
    keeps_books=True,
    toml=(),
    order=0,
)


_Line = Annotated[str, TextShape(longest=10_000)]


LOCK, APPLIED = "KOMODO_SYNC_LOCK_", "KOMODO_SYNC_APPLIED_"
"""How the variables begin that hold the lock of an owner, and the last commit that it applied."""


class VariableFields(Struct):
    """A variable's fields; the value is secret when `is_secret` is on."""

    value: Annotated[_Line, SecretWhen("is_secret"), KEPT, Doc("Where stacks, builds and repos write [[NAME]].")] = ""
    is_secret: Annotated[Flag, Doc("Shown to admins alone.")] = False


VARIABLE = KindSpec(
    name="variable",
    plural="variables",
    doc="A value that stacks, builds, repos and deployments name as [[NAME]].",
    core="Variable",
    config=VariableFields,
    names=NameRule.VARIABLE,
    reserved=(LOCK, APPLIED),
    lists="ListVariables",
    create="CreateVariable",
    delete="DeleteVariable",
    # is_secret first: the value that is replaced is then masked in Core's own log
    field_writes=(
        FieldWrite("is_secret", "UpdateVariableIsSecret", "is_secret"),
        FieldWrite("value", "UpdateVariableValue", "value"),
        FieldWrite("description", "UpdateVariableDescription", "description"),
    ),
    addressed_by="name",
    meta=("description",),
    flat=True,
    body="",
    owned=False,
    toml=("variable", "variables"),
    order=10,
)


_TOKEN = Doc("Its token or password, best as ${env:NAME}. Left out, the Core's is left alone.")


class GitAccountFields(Struct):
    """A git account's fields."""

    token: Annotated[Text, SECRET, KEPT, _TOKEN] = ""
    https: Annotated[Flag, Doc("Clone over https; off is http.")] = True


class RegistryAccountFields(Struct):
    """A registry account's fields."""

    token: Annotated[Text, SECRET, KEPT, _TOKEN] = ""


def _account_kind(name: str, core: str, config: type[Struct], *, doc: str, order: int) -> KindSpec:
    """A kind of account: the host that it is for, and the user whom it makes known there, are its name."""
    return KindSpec(
        name=name,
        plural=f"{name}s",
        doc=doc,
        core=core,
        config=config,
        names=NameRule.ACCOUNT,
        identity=("domain", "username"),
        lists=f"List{core}s",
        admin_only=True,
        create=f"Create{core}",
        update=f"Update{core}",
        delete=f"Delete{core}",
        body="account",
        by_id_only=True,
        meta=(),
        flat=True,
        owned=False,
        toml=(),
        order=order,
    )


GIT_ACCOUNT = _account_kind(
    "git_account",
    "GitProviderAccount",
    GitAccountFields,
    doc="An account of a git provider, with which the Core clones what is not public.",
    order=12,
)
REGISTRY_ACCOUNT = _account_kind(
    "registry_account",
    "ImageRegistryAccount",
    RegistryAccountFields,
    doc="An account of an image registry, with which images are pushed and pulled.",
    order=14,
)
