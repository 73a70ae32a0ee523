"""How a request of the embedded Core can end other than well. Each is answered as JSON `{error, trace}`."""

from __future__ import annotations


class RefusalError(Exception):
    """The request is refused: an HTTP status, the message, and its causes. 500 is Core's status for most refusals."""

    def __init__(self, error: str, *trace: str, status: int = 500) -> None:
        super().__init__(error)
        self.error = error
        self.trace = trace
        self.status = status

    def under(self, context: str) -> RefusalError:
        """The same failure as the cause of `context`."""
        return RefusalError(context, self.error, *self.trace, status=self.status)


class MalformedError(Exception):
    """A value does not fit its type. The route decides the status: 422 with the type in the body, 500 in the path."""


class UnreadableError(Exception):
    """The body is not JSON, or breaks off a type in the way that Core's parser reports as bad syntax: 400."""


class NotServedError(Exception):
    """The operation exists in a Core, but not in this one: 501."""


class DroppedError(ConnectionError):
    """The connection ends without an answer (a fault). It leaves the application, which has no connection to end."""
