"""Whatever changes in a Core: exporting again over commented files says it, and keeps every comment in its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generated import config
from hypothesis import assume, given
from hypothesis import strategies as st
from round_trip import Bench, everything, exported, loaded, put
from test_edited import again
from whole_world import create, with_ids

from komodo_sync.cli.export_folder import Folder
from komodo_sync.errors import ApiError
from komodo_sync.kinds import KINDS

if TYPE_CHECKING:
    from komodo_sync.session import Session

CHANGED = [spec for spec in KINDS.values() if not spec.flat]


def commented(text: str) -> str:
    """A comment above each resource, and one behind its name."""
    return re.sub(r"(?m)^  - name: ([a-z]+_\d)$", r"  # about \1\n  - name: \1   # \1 is kept", text)


def comments(text: str) -> list[str]:
    return re.findall(r"(?m)^  # about [a-z]+_\d$|   # [a-z]+_\d is kept$", text)


def update(session: Session, core: str, name: str, sent: dict[str, Any]) -> None:
    changed = {key: with_ids(session, value) if key.endswith("resources") else value for key, value in sent.items()}
    session.writer.write(f"Update{core}", {"id": name, "config": changed})


@given(st.data())
def test_generated_changes(data: st.DataObject) -> None:
    with Bench() as bench:
        core, folder = bench.core(), bench.folder()
        names: dict[str, list[str]] = {}
        kinds = data.draw(
            st.sets(st.sampled_from([spec.name for spec in CHANGED]), min_size=1, max_size=3), label="kinds"
        )
        for spec in (spec for spec in CHANGED if spec.name in kinds):
            for number in range(2):
                try:
                    create(core, spec, f"{spec.name}_{number}", data.draw(config(spec, names)))
                except ApiError:
                    continue
                names.setdefault(spec.name, []).append(f"{spec.name}_{number}")
        put(folder, {path: commented(text) for path, text in exported(core).files.items()})
        before = {path.name: comments(path.read_bytes().decode()) for path in folder.glob("*.yaml")}
        changes = 0
        for kind, found in names.items():
            for name in found:
                try:
                    spec = KINDS[kind]
                    earlier = {each: found for each, found in names.items() if KINDS[each].order < spec.order}
                    update(core, spec.core, name, data.draw(config(spec, earlier), label=f"then {name}"))
                except ApiError:
                    continue
                changes += 1
        assume(changes)
        made = again(core, folder)
        put(folder, made.files)
        Folder(folder).put_aside(made.unnamed)
        assert not Folder(folder).differing(loaded(folder), everything(core))
        assert {path.name: comments(path.read_bytes().decode()) for path in folder.glob("*.yaml")} == before
        assert again(core, folder).files == {}
