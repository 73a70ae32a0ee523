"""User groups: who belongs together, and what they may do."""

from __future__ import annotations

from typing import Annotated

from komodo_sync.kinds.shapes import EnumShape, GrantsShape, TargetGrantsShape, TextListShape
from komodo_sync.kinds.spec import Detail, FieldWrite, KindSpec, Lookup, NameRule
from komodo_sync.kinds.struct import REQUIRED, Alias, Doc, Flag, Ref, ShadowedBy, Struct
from komodo_sync.operations import enums

USER = Lookup(name="user", lists="ListUsers", identity="username")


class Grant(Struct):
    """What may be done with a resource."""

    level: Annotated[
        str, EnumShape(enums()["PermissionLevel"]), REQUIRED, Doc("Each level allows what those before it do.")
    ] = ""
    specific: Annotated[
        tuple[str, ...],
        TextListShape(from_text=False, is_set=True, values=enums()["SpecificPermission"]),
        Doc("What it may do beside that."),
    ] = ()


class UserGroupFields(Struct):
    """A user group's fields."""

    everyone: Annotated[Flag, Doc("Every user belongs to it.")] = False
    users: Annotated[
        tuple[str, ...],
        TextListShape(from_text=False, is_set=True),
        Ref("user"),
        ShadowedBy("everyone"),
        Doc("The names of the users that belong to it."),
    ] = ()
    all: Annotated[
        dict[str, object], GrantsShape(Grant), Doc("What it may do with all resources of a kind, as in `Server: Read`.")
    ] = {}  # noqa: RUF012 # a declaration, which nobody changes
    permissions: Annotated[
        tuple[object, ...],
        TargetGrantsShape(Grant),
        Alias("permission"),
        Doc("What it may do with single resources: a name, a wildcard or \\regex\\. The last that fits counts."),
    ] = ()


USER_GROUP = KindSpec(
    name="user_group",
    plural="user_groups",
    doc="Users who may do the same, and what that is.",
    core="UserGroup",
    config=UserGroupFields,
    names=NameRule.EXACT,
    lists="ListUserGroups",
    admin_only=True,
    detail=Detail("permissions", "ListUserTargetPermissions", "user_target"),
    create="CreateUserGroup",
    delete="DeleteUserGroup",
    rename="RenameUserGroup",
    field_writes=(
        FieldWrite("everyone", "SetEveryoneUserGroup", "everyone"),
        FieldWrite("users", "SetUsersInUserGroup", "users"),
        FieldWrite("all", "UpdatePermissionOnResourceType", "permission", each="resource_type", holder="user_target"),
        FieldWrite(
            "permissions", "UpdatePermissionOnTarget", "permission", each="resource_target", holder="user_target"
        ),
    ),
    addressed_by="user_group",
    by_id_only=True,
    body="",
    meta=(),
    flat=True,
    owned=False,
    toml=("user_group", "user_groups"),
    order=110,
)
