"""One comment of a pull request that is written once and then kept up to date.

It is found again by the hidden marker of its step, with which it ends. That with which a plan's Markdown begins would
not do: a plan that fails has none, and must not leave the last one standing as if it still held; and the plans of two
folders may have the same. Whoever copies a marker into a comment of theirs has not made it ours.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from github_identity import Identity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECONDS = 30
PAGES = 50


class CommentError(Exception):
    """Why it could not be written. Holds no secret."""


class _NoRedirect(HTTPRedirectHandler):
    """The token goes to the address that the runner names, and to no other."""

    def redirect_request(self, *_: Any) -> None:
        return None


@dataclass(frozen=True)
class Comment:
    """The comment of one step on one pull request; `api` is the address of the API."""

    api: str
    repository: str
    number: int
    token: str
    marker: str
    footer: str

    @classmethod
    def of(cls, environment: Mapping[str, str], number: int, commit: str = "") -> Comment:
        """That of the step that runs, for a plan of `commit`."""
        step = Identity.of(environment, commit)
        parts = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
        server, repository, run = (environment.get(word, "") for word in parts)
        page = f"{server}/{repository}/actions/runs/{run}"
        return cls(
            environment.get("GITHUB_API_URL", "https://api.github.com"),
            f"/repos/{repository}",
            number,
            environment["INPUT_TOKEN"],
            f"<!-- komodo-sync job {step.key} -->",
            f"*{' · '.join(filter(None, (step.label, f'[The run with all of it]({page})')))}*",
        )

    def write(self, text: str) -> None:
        """Makes it, or replaces what it says. Raises CommentError."""
        body = {"body": f"{text.rstrip()}\n\n{self.footer}\n\n{self.marker}"}
        for known in self._find():
            try:
                self._ask("PATCH", f"/issues/comments/{known}", body)
            except CommentError as error:
                # somebody else's, that only looks like it, or gone by now
                if not str(error).startswith(("403", "404")):
                    raise
            else:
                return
        self._ask("POST", f"/issues/{self.number}/comments", body)

    def _find(self) -> Iterator[int]:
        me = self._me()
        for page in range(1, PAGES + 1):
            listed = self._ask("GET", f"/issues/{self.number}/comments?per_page=100&page={page}", kind=list)
            for item in (item for item in listed if isinstance(item, dict)):
                ours = (item.get("body") or "").rstrip().endswith(self.marker)
                if ours and self._wrote(item.get("user") or {}, me):
                    yield int(item["id"])
            if len(listed) < 100:
                break

    def _me(self) -> str:
        """Whose token it is; empty for an app's, which is told nothing of itself: that of the run is one."""
        try:
            return str(self._ask("GET", "/user", of="").get("login") or "")
        except CommentError:
            return ""

    @staticmethod
    def _wrote(author: Mapping[str, Any], me: str) -> bool:
        """Whether it is a comment of ours. An app's may be another app's, but never that of a person."""
        return author.get("login") == me if me else author.get("type") == "Bot"

    def _ask(self, method: str, path: str, body: Any = None, *, of: str | None = None, kind: type = dict) -> Any:
        """The answer, of that kind, to a request about the repository, or about what `of` names."""
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "Content-Type": "application/json",
        }
        data = json.dumps(body).encode() if body is not None else None
        address = f"{self.api}{self.repository if of is None else of}{path}"
        request = Request(address, data, headers, method=method)  # noqa: S310 - the runner's own address
        try:
            with build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
                said = json.load(answer)
                if isinstance(said, kind):
                    return said
                raise CommentError(
                    f"no JSON {'list' if kind is list else 'object'} from {method} {path.partition('?')[0]}"
                )
        except HTTPError as error:
            error.close()
            hint = "; give the job the permission `pull-requests: write`" if error.code == 403 else ""
            raise CommentError(f"{error.code} from {method} {path.partition('?')[0]}{hint}") from None
        except (URLError, OSError, ValueError) as error:
            raise CommentError(f"{type(error).__name__} from {method} {path.partition('?')[0]}") from None
