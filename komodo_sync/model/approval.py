"""What somebody who approves a change agrees to, in digests: nothing of a secret can be read or guessed from them."""

from __future__ import annotations

from komodo_sync.model.data import Data


class KeyedSides(Data, frozen=True):
    """Both sides of one field as they really are, secrets included: an HMAC of each with the plan key. Empty where a
    side was not known when the plan was made: then it may be anything."""

    pointer: str
    before: str
    after: str


class Approval(Data, frozen=True):
    """Of one change.

    before, after   SHA-256 of each side as it may be shown: of the fields that change; of the live resource for what
                    deletes it. Of what executes something: the execution, without and with the commit that it deploys.
                    Empty: that side is nothing
    declared        SHA-256 of all that the manifest declares of the resource, as it may be shown
    keyed           with a plan key, both sides of every field that changes; of the whole live resource for what deletes
                    it, without a pointer
    """

    before: str
    after: str
    declared: str = ""
    keyed: tuple[KeyedSides, ...] = ()
