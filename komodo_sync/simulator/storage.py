"""The embedded Core's state in SQLite: JSON documents in the form in which they are answered.

One connection behind one lock; every request is one transaction, so a process that is killed leaves whole requests
behind. Several processes may use one file.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import contextmanager, suppress
from threading import RLock
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import StorageError
from komodo_sync.simulator.jsontext import JsonText, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# a database of somebody else is not written to: ours carries this mark
APPLICATION = 0x4B6F6D53
LAYOUT = 1
_TABLES = """
CREATE TABLE facts(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents(collection TEXT, id TEXT, name TEXT, body TEXT NOT NULL,
    PRIMARY KEY(collection, id), UNIQUE(collection, name));
CREATE TABLE updates(number INTEGER PRIMARY KEY, id TEXT UNIQUE, target_type TEXT, target_id TEXT, operation TEXT,
    complete INTEGER NOT NULL, success INTEGER NOT NULL, body TEXT NOT NULL);
CREATE INDEX updates_by_target ON updates(target_id, number);
CREATE TABLE tasks(number INTEGER PRIMARY KEY, due INTEGER NOT NULL, target_type TEXT, target_id TEXT, action TEXT,
    body TEXT NOT NULL);
CREATE INDEX tasks_by_time ON tasks(due);
"""
_BY = {
    "id": "SELECT body FROM documents WHERE collection=? AND id=?",
    "name": "SELECT body FROM documents WHERE collection=? AND name=?",
}


class TakenError(Exception):
    """Another document of the collection has the name."""


class Storage:
    """Documents by collection: by id, and by a unique name where they have one."""

    def __init__(self, path: Path | None) -> None:
        """Opens or creates the file; in memory without one. Raises StorageError when it cannot be our database."""
        self.path = path
        self.lock = RLock()
        self._remembered: dict[Any, Any] = {}
        self._seen = 0
        try:
            if path is not None:
                is_new(path)
                # it holds secrets: nobody else may read it
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._connection = sqlite3.connect(
                ":memory:" if path is None else path, timeout=10, isolation_level=None, check_same_thread=False
            )
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise storage_error(path, error) from error

    def close(self) -> None:
        """Closes the file; the last process that does so leaves no journal beside it."""
        with self.lock, suppress(sqlite3.Error):
            self._connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is stored, or nothing when it ends with an error. Nests."""
        with self.lock:
            if self._connection.in_transaction:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._remembered.clear()
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def look(self) -> None:
        """Forgets what is remembered when another process has written; to be called at the start of a request."""
        seen = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if seen != self._seen:
            self._seen = seen
            self._remembered.clear()

    def remember(self, key: Any, read: Callable[[], Any]) -> Any:
        """What `read` answers, until the next write. It is shared: nobody may change it."""
        if key not in self._remembered:
            self._remembered[key] = read()
        return self._remembered[key]

    def fact(self, key: str) -> str | None:
        """A single value that belongs to the whole state."""
        row = self._connection.execute("SELECT value FROM facts WHERE key=?", (key,)).fetchone()
        return row[0] if row else None

    def set_fact(self, key: str, value: str) -> None:
        """Stores a single value."""
        self._remembered.clear()
        self._connection.execute("INSERT OR REPLACE INTO facts VALUES(?,?)", (key, value))

    def put(self, collection: str, key: str, name: str | None, document: Any) -> None:
        """Stores a document, new or changed. Raises TakenError when the name is another one's."""
        self._remembered.clear()
        try:
            self._connection.execute(
                "INSERT INTO documents VALUES(?,?,?,?) "
                "ON CONFLICT(collection,id) DO UPDATE SET name=excluded.name, body=excluded.body",
                (collection, key, name, write(document)),
            )
        except sqlite3.IntegrityError as error:
            raise TakenError(name) from error

    def remove(self, collection: str, key: str) -> None:
        """Removes a document if it is there."""
        self._remembered.clear()
        self._connection.execute("DELETE FROM documents WHERE collection=? AND id=?", (collection, key))

    def text(self, collection: str, key: str, *, by: str = "id") -> JsonText | None:
        """A document as JSON, by its id or (`by="name"`) its name."""
        row = self._connection.execute(_BY[by], (collection, key)).fetchone()
        return JsonText(row[0]) if row else None

    def get(self, collection: str, key: str, *, by: str = "id") -> Any:
        """A document, or None."""
        text = self.text(collection, key, by=by)
        return None if text is None else json.loads(text)

    def texts(self, collection: str) -> list[str]:
        """All documents of a collection as JSON, by name, bytewise."""
        rows = self._connection.execute("SELECT body FROM documents WHERE collection=? ORDER BY name", (collection,))
        return [row[0] for row in rows]

    def all(self, collection: str) -> list[Any]:
        """All documents of a collection, by name."""
        return json.loads(f"[{','.join(self.texts(collection))}]")  # type: ignore[no-any-return]

    def names(self, collection: str) -> dict[str, str]:
        """Names by id."""
        rows = self._connection.execute("SELECT id, name FROM documents WHERE collection=?", (collection,))
        return dict(rows.fetchall())

    def query(self, statement: str, *values: Any) -> list[Any]:
        """The rows of any statement."""
        if not statement.startswith("SELECT"):
            self._remembered.clear()
        return self._connection.execute(statement, values).fetchall()

    def rows(self, statement: str, *values: Any) -> Iterator[Any]:
        """The same one by one, for what may be long and is not read to the end."""
        return iter(self._connection.execute(statement, values))

    def _prepare(self) -> None:
        connection = self._connection
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application not in (0, APPLICATION) or (tables and application != APPLICATION):
            raise sqlite3.DatabaseError("it is a database of another program")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        if tables:
            layout = connection.execute("PRAGMA user_version").fetchone()[0]
            if layout != LAYOUT:
                raise sqlite3.DatabaseError(f"its layout is {layout}, this version writes layout {LAYOUT}")
            return
        with self.transaction():
            # another process may have been faster
            if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                for statement in _TABLES.split(";"):
                    connection.execute(statement)
                connection.execute(f"PRAGMA application_id={APPLICATION}")
                connection.execute(f"PRAGMA user_version={LAYOUT}")


def is_new(path: Path) -> bool:
    """Whether there is nothing in `path` yet. Raises StorageError where there is no folder to make it in."""
    try:
        if not path.parent.is_dir():
            raise StorageError(
                f"the embedded Core cannot keep its state in {path}",
                detail=f"there is no folder {path.parent}",
                hint="make the folder, or correct the path",
            )
        return not path.exists()
    except OSError as error:
        raise storage_error(path, error) from error


def storage_error(path: Path | None, error: Exception) -> StorageError:
    """What went wrong with the file, and what to do about it."""
    reason = str(error)
    if "not a database" in reason or "malformed" in reason:
        hint = "name another file, or remove this one if it was meant for the embedded Core"
    elif "full" in reason or "No space" in reason:
        hint = "make room on the disk, or name a file on another one"
    elif "I/O" in reason:
        hint = "see that the disk works and has room, or name a file on another one"
    else:
        hint = "name a file in a folder that you may write to"
    where = "in memory" if path is None else f"in {path}"
    return StorageError(f"the embedded Core cannot keep its state {where}", detail=reason, hint=hint)
