"""What a form of several words or lines gives away, whatever the text is: XML, a password's scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.masking.schemes import scheme_places
from komodo_sync.masking.xml_texts import xml_places

if TYPE_CHECKING:
    from komodo_sync.masking.structured import Place


def form_places(text: str) -> list[Place]:
    """Where secrets of such forms stand in a text."""
    return [*xml_places(text), *scheme_places(text)]
