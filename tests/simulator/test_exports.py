"""Exports and writes into repositories."""

from __future__ import annotations


def test_a_resource_as_toml(ask) -> None:
    ask.write("CreateServer", name="prod")
    ask.write("CreateBuild", name="b", config={"version": "1.2.3", "image_registry": {"domain": "ghcr.io"}})
    ask.write("CreateRepo", name="r", config={"server": "prod", "on_pull": {"command": "make"}, "links": ["a", "b"]})
    ask.write("UpdateResourceMeta", target={"type": "Repo", "id": "r"}, description="d", tags=["t"], template=True)
    targets = [{"type": "Build", "id": "b"}, {"type": "Repo", "id": "r"}]
    assert ask.read("ExportResourcesToToml", targets=targets)["toml"].split("\n\n##\n\n") == [
        (
            # a version that is counted up is left out, and so is what is empty
            '[[build]]\nname = "b"\n[build.config]\n\nimage_registry = [{ domain = "ghcr.io" }]'
        ),
        (
            '[[repo]]\nname = "r"\ndescription = "d"\ntemplate = true\ntags = ["t"]\n[repo.config]\nserver = "prod"\n'
            'on_pull.command = """\nmake\n"""\non_pull.shell_mode = false\nlinks = ["a", "b"]'
        ),
    ]
    everything = ask.read("ExportAllResourcesToToml", include_resources=True, tags=["t"])["toml"]
    assert everything.startswith('[[repo]]\nname = "r"')
    assert "[[build]]" not in everything


def test_a_file_is_written_as_a_commit(ask, core) -> None:
    core.push("acme/app", {"compose.yaml": "services: {}\n"})
    ask.write("CreateStack", name="g", config={"repo": "acme/app"})
    update = ask.write("WriteStackFileContents", stack="g", file_path="compose.yaml", contents="services:\n  a: {}\n")
    assert (update["operation"], update["status"], update["success"]) == ("WriteStackContents", "Complete", True)
    ask.write("RefreshStackCache", stack="g")
    [found] = ask.read("GetStack", stack="g")["info"]["remote_contents"]
    assert found["contents"] == "services:\n  a: {}\n"
