"""A Secret of Kubernetes: every value of its `data` is hidden, whatever its name is. Each is called hunter2."""

from __future__ import annotations

import json

import pytest

from komodo_sync.masking.lines import judged
from komodo_sync.masking.mask import shown_text

HIDES = [
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: public\ntype: x\nstringData:\n  mail: hunter2\n  b: 'hunter2 x'",
    "data:\n  host: aHVudGVyMghunter2\nkind: Secret\nmetadata: {name: public}",
    "kind: ConfigMap\ndata:\n  a: public\n---\nkind: Secret\ndata:\n  a: hunter2\n---\nkind: X\nspec: {data: public}",
    "kind: Secret\nstringData:\n  app.conf: |\n    host = hunter2\n    hunter2\n  b: hunter2\nmeta: {name: public}",
    'kind: "Secret" # public\nstringData: {a: hunter2, "b": "hunter2"}\nmetadata: {name: public}',
    '{"kind": "Secret", "metadata": {"name": "public"}, "data": {"a": "hunter2"}}',
    "kind: List\nitems:\n- kind: Secret\n  data:\n    a: hunter2\n- kind: ConfigMap\n  data:\n    a: public",
    "kind: Secret\nmetadata:\n  name: {{ public }}\nstringData:\n  a: hunter2\n  b: |\n    hunter2\ntype: public",
]
SHOWS = """
kind: ConfigMap
data:
  a: b
  kind: Secret
---
kind: Secret
metadata: {name: x, namespace: y}
data:
  a: ${A}
type: Opaque
---
valuesFrom:
- kind: Secret
  name: x
data:
  a: b
---
kind: ExternalSecret
data:
- remoteRef: {property: x}
---
sort: Secret
data: {a: b}
---
data:
  a: b
""".strip()


def around(text: str) -> list[str]:
    """The text, and the same in another one."""
    held = "".join(f"      {line}\n" for line in text.split("\n"))
    return [text, f"configs:\n  c:\n    content: |\n{held}x: public", f"a = '''\n{text}\n'''", f"cat <<E\n{text}\nE"]


@pytest.mark.parametrize("text", HIDES)
def test_every_value_is_hidden_and_the_rest_is_told(text: str) -> None:
    for each in around(text):
        seen = shown_text(each)
        assert "hunter2" not in seen
        assert seen.count("public") == each.count("public")
        assert len(seen.split("\n")) == len(each.split("\n"))
        assert shown_text(seen) == seen


def test_in_a_text_in_quotes_too() -> None:
    assert "hunter2" not in shown_text("content: " + json.dumps(HIDES[0]))


@pytest.mark.parametrize("text", [*SHOWS.split("\n---\n"), SHOWS])
def test_what_is_none_is_shown(text: str) -> None:
    assert shown_text(text) == text


def test_what_it_holds_is_known() -> None:
    assert judged("kind: Secret\ndata:\n  a: hunter2x") == {"hunter2x"}
