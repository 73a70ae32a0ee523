"""What somebody who approves a change agrees to, in digests: nothing of a secret can be read or guessed from them."""

from __future__ import annotations

from komodo_sync.model.data import Data


class KeyedSides(Data, frozen=True):
    """Both sides of one field as they really are, secrets included: an HMAC of each with the plan key. Empty where a
    side was not known when the plan was made: then it may be anything."""

    pointer: str
    before: str
    after: str


class Topic(Data, frozen=True):
    """What a reason is about: `config/environment`, `file/compose.yaml`, `variable/REGION`, `build/app`, or a word for
    what has no name. `at`: when that came about last, in milliseconds, where it may come about again; 0: whenever."""

    name: str
    at: int = 0


class Grounds(Data, frozen=True):
    """Why something is deployed, and what with, as far as that was known when the plan was made.

    topics  what its reasons are about
    commit  the newest commit of its files that was known; empty: none was, or its config says it all
    open    whether its files may be any, because the same plan says where they come from
    """

    topics: tuple[Topic, ...]
    commit: str = ""
    open: bool = False


class Approval(Data, frozen=True):
    """Of one change.

    before, after   SHA-256 of each side as it may be shown: of the fields that change; of the live resource for what
                    deletes it. Of what executes something: the execution, without and with the commit that it deploys.
                    Empty: that side is nothing
    declared        SHA-256 of all that the manifest declares of the resource, as it may be shown
    keyed           with a plan key, both sides of every field that changes; of the whole live resource for what deletes
                    it, without a pointer; of what is deployed, each of its files as it is
    grounds         of what is deployed, why, and what with
    """

    before: str
    after: str
    declared: str = ""
    keyed: tuple[KeyedSides, ...] = ()
    grounds: Grounds | None = None
