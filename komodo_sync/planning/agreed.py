"""What an approved execution covers: what it was approved for, and of which files. What came since is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.approval import Approval
from komodo_sync.model.data import Data
from komodo_sync.planning.approval import doings, with_removals
from komodo_sync.planning.deploys.reasons import CALLED, COMMIT, CREATED, FAILED, FILE, STATE, same_commit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.address import Address
    from komodo_sync.model.approval import Grounds, Topic
    from komodo_sync.model.execution import Brings, Reason
    from komodo_sync.model.plan import Change, Payload, Plan

CALM = frozenset(("idle", "keeps", "starts", "protects"))
"""Effects that take nothing away; they may come and go with the state of things."""

_RUNS_ANEW = CALM | {"restarts", "redoes"}
"""Effects of an execution that go without saying: it was approved that it runs, so what runs by now is started anew."""

_BRING_NOTHING = frozenset((FAILED, STATE))
"""What reasons are about that bring nothing to what runs: what was approved is tried again, or brought back."""

_VARIABLE = "variable/"
_NOTHING = Approval("", "")
_AGAIN = "plan again, and have it approved"


class LeftOut(Data, frozen=True):
    """Why an execution is left out, in words, and what can be done."""

    why: str = "it is not in the approved plan"
    hint: str = _AGAIN

    def told(self, change: Change) -> str:
        """The same, with what nobody approved at all is done for."""
        return f"{self.why}: {change.reason}" if self == LeftOut() else self.why


class _Unseen(Data, frozen=True):
    """Why a plan could not see something, and what to do so that the next one does."""

    why: str
    hint: str


_NOT_REFRESHED = _Unseen("it was not refreshed", f"{_AGAIN}: the Core has fetched its files by now, for any key")
_NO_ADMIN = _Unseen("its key is not an admin's", "plan again with an admin's key, and have it approved")


def not_agreed(address: Address, change: Change, given: Change | None, payload: Payload, plan: Plan) -> LeftOut | None:
    """Why `change`, an execution, is not covered by `given`, the one that was approved with `plan`; None: it is."""
    if given is None:
        return LeftOut()
    now, then = change.approval or _NOTHING, given.approval or _NOTHING
    more = doings(change) - with_removals(doings(given))
    if now.before != then.before or any(each[0] not in _RUNS_ANEW for each in more):
        return LeftOut()
    done = payload.execution
    if done is None or done.brings is None:
        return None
    if then.grounds is None:
        return LeftOut("the approved plan does not say what for: another version of komodo-sync made it")
    keyed = {sides.pointer: sides.after for sides in then.keyed}
    other = [sides.pointer for sides in now.keyed if keyed.get(sides.pointer, sides.after) != sides.after]
    came = [
        *_reasons(done.reasons, then.grounds),
        *_commit(done.brings, then.grounds),
        *([] if then.grounds.open else _files(other, done.reasons, then.grounds)),
    ]
    return _left_out(address, came, plan) if came else None


def _left_out(address: Address, came: list[tuple[str, str]], plan: Plan) -> LeftOut:
    seen: list[str] = []
    unseen: dict[_Unseen, list[str]] = {}
    for topic, text in came:
        why = _why_unseen(address, topic, plan)
        (unseen.setdefault(why, []) if why else seen).append(text)
    told = [*seen]
    for why, texts in unseen.items():
        told.append(f"{' and '.join(texts)}, which the plan could not see, because {why.why}")
    hint = _NO_ADMIN.hint if _NO_ADMIN in unseen else _NOT_REFRESHED.hint if unseen else _AGAIN
    return LeftOut(f"nobody approved what it brings: {'; '.join(told)}", hint)


def _why_unseen(address: Address, topic: str, plan: Plan) -> _Unseen | None:
    if topic.startswith(_VARIABLE):
        return None if plan.visibility.admin else _NO_ADMIN
    of_files = topic == COMMIT or topic.startswith(FILE)
    stale = any(item.code == "not-refreshed" and address in item.addresses for item in plan.findings)
    return _NOT_REFRESHED if of_files and stale else None


def _reasons(reasons: tuple[Reason, ...], then: Grounds) -> Iterator[tuple[str, str]]:
    """Reasons that arose since, each with what it is about. What the plan itself writes or does is approved with it."""
    for reason in reasons:
        new = [] if reason.own else [topic for topic in reason.topics if not _is_covered(topic, then)]
        if new:
            again = ", again since the plan" if any(topic.name == new[0].name for topic in then.topics) else ""
            yield new[0].name, f"{reason.text}{again}"


def _is_covered(topic: Topic, then: Grounds) -> bool:
    known = [each.at for each in then.topics if each.name == topic.name]
    names = {each.name for each in then.topics}
    if topic.name in _BRING_NOTHING or 0 in known or any(at >= topic.at for at in known):
        return True
    if known:
        return False
    if CREATED in names:
        return not topic.name.startswith(_VARIABLE)
    of_files = topic.name in (COMMIT, CALLED) or topic.name.startswith(FILE)
    # once what they are made from is built or pulled, their files tell it: of which commit is looked at beside this
    return of_files and (then.open or any(name.startswith(("build/", "repo/")) for name in names))


def _commit(now: Brings, then: Grounds) -> Iterator[tuple[str, str]]:
    if not now.commit or now.is_there or (then.open and not then.commit):
        return
    if not then.commit:
        yield COMMIT, f"commit {now.commit}"
    elif not same_commit(now.commit, then.commit):
        yield COMMIT, f"commit {now.commit}, where that of the plan was {then.commit}"


def _files(pointers: list[str], reasons: tuple[Reason, ...], then: Grounds) -> Iterator[tuple[str, str]]:
    told = {topic.name for reason in reasons for topic in reason.topics if not _is_covered(topic, then)}
    for pointer in pointers:
        if pointer not in told:
            yield pointer, f"{pointer.removeprefix(FILE)} is another one than when the plan was made"
