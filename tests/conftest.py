"""Profiles of the property tests: `make test` tries the same few examples each time, so that a commit is red or green
wherever it runs; `make test-long` looks for many new ones."""

import os
import signal

from hypothesis import HealthCheck, settings

_SLOW = [HealthCheck.too_slow]
settings.register_profile("default", max_examples=100, deadline=None, suppress_health_check=_SLOW, derandomize=True)
# what is not said here is as in the default, and that tries the same ones
_NEW = {"derandomize": False, "print_blob": True}
settings.register_profile("long", max_examples=1000, deadline=None, suppress_health_check=_SLOW, **_NEW)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure() -> None:
    """What a shell has its background jobs ignore, as nohup does, would be ignored by every command that a test starts
    and stops."""
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)
