"""Volumes are called after the project: a rename keeps the project's name, and so does every later plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import replace

if TYPE_CHECKING:
    from komodo_sync.model.desired import DesiredResource
    from komodo_sync.model.observed import ObservedResource


def pinned(item: DesiredResource, live: ObservedResource, *, renamed: bool) -> DesiredResource:
    """`item` with the name under which `live` was deployed, where the manifest does not mention it (`project_name`).

    When it is renamed, or was and nothing keeps the project's name yet (the rename was cut off, or done by hand): the
    project that was deployed or runs, unless the new name is that one. Afterwards: what the Core has, as long
    as that is what was deployed last or the manifest still says that it was called so. To reset it would take the
    project down and start another with empty volumes, so who wants that writes `project_name: ""`.
    """
    spec = KINDS[item.address.kind]
    field = spec.volumes_as
    if not field or field in item.config or f"config.{field}" in item.ignore:
        return item
    held = live.config.get(field, "")
    if held:
        return _with(item, field, held) if held in (live.project, item.renamed_from) else item
    renamed = renamed or (bool(item.renamed_from) and live.project not in ("", live.address.name))
    if renamed and live.project != item.address.name and (live.project or live.state in spec.up):
        return _with(item, field, live.project or live.address.name)
    return item


def _with(item: DesiredResource, field: str, name: str) -> DesiredResource:
    return replace(item, config={**item.config, field: name})
