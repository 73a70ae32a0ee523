"""The one exception tree; nothing else ends a command.

KomodoSyncError            exit 1   summary, detail, hint
|- InputError              exit 1   manifests or settings are wrong; carries every Diagnostic
|  `- SettingsError                 the settings are; carries what could be read all the same
|- UsageError              exit 64  the command line is wrong
|- RefusedError            exit 4   unsafe, stale, or would ask and has no terminal; nothing was written
|- CoreConnectionError     exit 1   the Core cannot be spoken to
|  |- UnreachableError              no such host, refused, timed out, TLS
|  |  |- UntrustedError             TLS: no certificate that is trusted
|  |  |- ThrottledError             a proxy takes no more requests for now, and passed this one on to nobody
|  |  `- AnswerLostError            the request was sent, its answer did not come: it may have been done
|  |- CredentialsError              none given, or unknown
|  |  `- LockedOutError             too many wrong ones: nothing is answered for a while
|  |- NotKomodoError                the answer is not a Core's (a login page, a proxy)
|  `- TooOldError                   a Core older than 2.0
|- ApiError                exit 1   the Core answered with an error
|  |- NotFoundError
|  |- DeniedError
|  |- BusyError                     another action runs on the resource; worth another try
|  |- ExistsError                   the name is taken
|  `- RejectedError                 the Core will not have this value
|- LockError               exit 1   the Core would not give the lock, so nothing was begun
|- ExecutionError          exit 1   the Core did it, and it failed: `stages` are what failed, `update` its record
|- UnfinishedError         exit 1   the Core may be doing it still; `update` is the id of its record of that
|- StaleError              exit 1   the resource is not as the plan saw it; nothing of the step was done
|- StorageError            exit 1   the embedded Core cannot keep its state (full disk, not a database)
`- StoppedError       exit 130 Ctrl-C
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.diagnostic import Diagnostic
    from komodo_sync.model.outcome import FailedStage
    from komodo_sync.model.plan import Finding


class KomodoSyncError(Exception):
    """What happened (`summary`, one line), why (`detail`, may be long, secrets already masked), what next (`hint`)."""

    exit_code = 1

    def __init__(self, summary: str, *, detail: str = "", hint: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.hint = hint


class InputError(KomodoSyncError):
    """The manifests or the settings are wrong. `diagnostics` has every finding, warnings too, in order."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        errors = sum(1 for item in diagnostics if item.severity == "error")
        super().__init__(f"{errors} error{'' if errors == 1 else 's'} in the input")
        self.diagnostics = tuple(diagnostics)


class SettingsError(InputError):
    """The settings are wrong. `settings` (Settings) is what they say beside that; None where no manifest can be read
    with it."""

    def __init__(self, diagnostics: Sequence[Diagnostic], settings: object) -> None:
        super().__init__(diagnostics)
        self.settings = settings


class UsageError(KomodoSyncError):
    """The command line is wrong."""

    exit_code = 64


class RefusedError(KomodoSyncError):
    """We will not do this as asked; nothing was written. `findings`: the reasons one by one, where a plan has them."""

    exit_code = 4

    def __init__(self, summary: str, *, detail: str = "", hint: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(summary, detail=detail, hint=hint)
        self.findings = tuple(findings)


class CoreConnectionError(KomodoSyncError):
    """The Core cannot be spoken to."""


class UnreachableError(CoreConnectionError):
    """No such host, connection refused, timed out, or TLS failed."""


class UntrustedError(UnreachableError):
    """No trusted connection came about: the certificate, or the other side speaks no TLS."""


class ThrottledError(UnreachableError):
    """Whoever is in front of the Core takes no more requests for a while. The Core did not get this one."""


class AnswerLostError(UnreachableError):
    """The request was sent and its answer did not come: it may have been done, or be done later. `timed_out`: nobody
    answered in time; else the connection broke, or a gateway gave up."""

    def __init__(self, summary: str, *, detail: str = "", hint: str = "", timed_out: bool = False) -> None:
        super().__init__(summary, detail=detail, hint=hint)
        self.timed_out = timed_out


class CredentialsError(CoreConnectionError):
    """No credentials, or wrong ones."""


class LockedOutError(CredentialsError):
    """This address is answered no more for a while, after too many wrong credentials."""


class NotKomodoError(CoreConnectionError):
    """The answer is not JSON of a Komodo Core."""


class TooOldError(CoreConnectionError):
    """The Core is older than what we speak to."""


class ApiError(KomodoSyncError):
    """The Core answered with an error. `status` is HTTP's, which does not classify errors: the text does."""

    def __init__(self, summary: str, *, status: int = 0, detail: str = "", hint: str = "") -> None:
        super().__init__(summary, detail=detail, hint=hint)
        self.status = status


class NotFoundError(ApiError):
    """There is no such resource, or the key cannot see it."""


class DeniedError(ApiError):
    """The key may not do this."""


class BusyError(ApiError):
    """Another action runs on the resource; nothing happened, and another try is worth it."""


class ExistsError(ApiError):
    """The name is taken, perhaps by something that the key cannot see."""


class RejectedError(ApiError):
    """The Core will not have this value."""


class LockError(KomodoSyncError):
    """The lock could be neither taken nor seen in somebody's hands; nothing was begun."""


class ExecutionError(KomodoSyncError):
    """An execution that came to its end and is no success, or brought about something else than it should have.
    `update` is the id under which the Core tells of it; `stages` are what failed, already without secrets."""

    def __init__(
        self, summary: str, *, detail: str = "", hint: str = "", update: str = "", stages: tuple[FailedStage, ...] = ()
    ) -> None:
        super().__init__(summary, detail=detail, hint=hint)
        self.update = update
        self.stages = stages


class UnfinishedError(KomodoSyncError):
    """An execution that began and is no longer waited for: `update` is the id under which the Core tells how it
    ends."""

    def __init__(self, summary: str, *, detail: str = "", hint: str = "", update: str = "") -> None:
        super().__init__(summary, detail=detail, hint=hint)
        self.update = update


class StaleError(KomodoSyncError):
    """The resource is not as the plan saw it, and the step would undo what somebody did meanwhile: it is not done."""


class StorageError(KomodoSyncError):
    """The embedded Core cannot keep its state."""


class StoppedError(KomodoSyncError):
    """Ctrl-C."""

    exit_code = 130
