# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fuzz the mail reader and the error mapper for a while: ``python -m leaks.fuzz SECONDS``.

What is promised of them whatever they are given: an answer within seconds, no exception but a Failure, a password
that stands in the mail word by word, and no secret in an error.
"""

# mypy: disable-error-code="untyped-decorator, import-not-found"
# hypothesis is in the environments that run the tests, not in the one that checks types.

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail import reader as mail_reader
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api import clock, connection, failures

SERVICE, LOGIN = "xdsl-ab12345-1", "0320123456_1@adsl.ovh"
KEYS = {"application_key": "test-ak", "application_secret": "As5512Kq9Vt", "consumer_key": "Ck8840Pm3Ru"}
CONNECTION = connection.Connection(
    "x", "https://x/1.0", None, KEYS, {**dict.fromkeys(KEYS, "option"), "endpoint": "option"}
)
#: Words that lead a reader somewhere, beside whatever hypothesis makes up.
WORDS = [
    *(SERVICE, LOGIN, "PPPoE", "PPP", "Identifiant", "Mot de passe", "Login", "Password", "Passwort", "Hasło", "xdsl"),
    *(" : ", ":", "\n", "\r\n", "\n\n", "<br>", "<b>", "</b>", "<td>", "</td>", "<p>", "&nbsp;", "&#x41;", "&amp;lt;"),
    *("{{ lookup('pipe', 'id') }}", "{% raw %}", "********", "xxxxxx", "<!--", "-->", "<style>", "<script>", "\u200b"),
    *(
        "https://www.ovh.com/manager/secret/#?id=2f4b3c1e-9d7a-4c55-8f0e-0d6a6f1b2c3d",
        "Zq7canary9x",
        "modem",
        "@",
        "\0",
    ),
]
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(max_size=12), max_size=40).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
ERRORS = st.fixed_dictionaries({}, optional=dict.fromkeys(("class", "message", "errorCode", "httpCode"), JSON))
QUIET = settings(
    max_examples=400, deadline=5000, database=None, suppress_health_check=list(HealthCheck), print_blob=True
)


@QUIET
@given(TEXTS, st.none() | TEXTS, st.none() | TEXTS, st.sampled_from([LOGIN, None]))
def reader(title: str, text: str | None, html: str | None, login: str | None) -> None:
    """One mail of any kind."""
    reading = mail_reader.read(title, text, html, mail_reader.Line(SERVICE, login))
    assert reading.why or reading.password is not None or reading.secret is not None
    if reading.password is not None:
        assert 0 < len(reading.password) < 200 and reading.password.isprintable()
        assert not any(mark in reading.password for mark in "\n\r\0")
        assert text or html
    assert "Zq7canary9x" not in reading.why


@QUIET
@given(
    st.sampled_from(["GET", "POST"]),
    st.integers(100, 599),
    JSON | ERRORS,
    st.dictionaries(st.sampled_from(["X-OVH-QUERYID", "Retry-After"]), st.text(max_size=20)),
    st.sampled_from(sorted(KEYS.values())),
)
def error_mapper(method: str, status: int, answer: object, headers: dict[str, str], secret: str) -> None:
    """One answer of any kind, which quotes a secret when it has a message."""
    if isinstance(answer, dict):
        answer = {**answer, "message": f"no {secret} here"}
    failure = failures.failure_of(method, "/me", status, answer, headers, CONNECTION)
    assert failure.code and json.dumps(failure.as_result())
    if isinstance(answer, dict):
        assert KEYS["application_secret"] not in failure.message and KEYS["consumer_key"] not in failure.message
    wait = clock.retry_after(headers)
    assert wait is None or wait >= 0


def fuzz(seconds: float) -> dict[str, int]:
    """Run every target in turn until the time is over; how many rounds of 400 examples each had."""
    targets: list[Callable[[], None]] = [reader, error_mapper]
    rounds = {target.__name__: 0 for target in targets}
    end = time.monotonic() + seconds
    while time.monotonic() < end or not all(rounds.values()):
        for target in targets:
            seed(random.getrandbits(64))(target)()
            rounds[target.__name__] += 1
    return rounds


if __name__ == "__main__":
    began = time.monotonic()
    counts = ", ".join(f"{name} {count * 400} examples" for name, count in fuzz(float(sys.argv[1])).items())
    print(f"fuzzed for {time.monotonic() - began:.0f} s: {counts}, nothing broken")
