# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Why the API of a router could not be used: one reason for each error, with its remedy."""

from __future__ import annotations

import socket
import ssl
import typing as t

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import reasons


class TrapError(Exception):
    """As librouteros calls it."""


class FatalError(Exception):
    """As librouteros calls it."""


def tls(words: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {words}] (_ssl.c:1000)")
    error.reason = words
    return error


def certificate(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    return error


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (certificate(10), reasons.DATES),
        (certificate(64), reasons.OTHER_NAME),
        (certificate(18), reasons.NOT_TRUSTED),
        (certificate(85), reasons.STRICTER),
        (certificate(7), reasons.WEAK),
        (tls("SSLV3_ALERT_HANDSHAKE_FAILURE"), reasons.ANONYMOUS),
        (tls("UNSUPPORTED_PROTOCOL"), reasons.OLD_TLS),
        (tls("WRONG_VERSION_NUMBER"), reasons.PLAIN),
        (TrapError("invalid user name or password"), reasons.LOG_IN),
        (FatalError("not logged in"), reasons.CHALLENGE),
        (FatalError("x"), reasons.OTHER),
        (ConnectionResetError(), reasons.CLOSED),
        (ConnectionRefusedError(), reasons.NO_PORT),
        (socket.gaierror(), reasons.UNKNOWN_NAME),
        (TimeoutError(), reasons.SILENT),
        (FileNotFoundError(), reasons.CA_FILE),
        (ValueError("x"), reasons.OTHER),
    ],
    ids=lambda one: getattr(one, "name", type(one).__name__),
)
def test_each_error_has_its_reason(error: BaseException, reason: reasons.Reason) -> None:
    assert reasons.reason_of(error) is reason


def test_it_is_said_with_the_remedy_and_what_was_not_done() -> None:
    failure = reasons.explain(ConnectionRefusedError("refused"), "192.0.2.1", 8729)
    assert failure.message.startswith("The API of the router at 192.0.2.1 port 8729 refuses connections (refused).")
    assert failure.message.endswith("Nothing was changed on the router.")
    assert failure.details == {"reason": "refused", "host": "192.0.2.1", "port": 8729}


def test_a_silent_port_without_tls_is_told_as_such() -> None:
    assert reasons.explain(TimeoutError(), "192.0.2.1", 8728).details["reason"] == reasons.PLAIN.name


def test_each_reason_is_apart_and_has_a_remedy() -> None:
    found: list[t.Any] = [one for one in vars(reasons).values() if isinstance(one, reasons.Reason)]
    assert len({one.name for one in found}) == len(found) > 12
    assert all(one.remedy.endswith(".") and not one.says.endswith(".") for one in found)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("not enough permissions (9).", "The group of the API user renew lacks the policy write."),
        ("not allowed by device-mode", "/system device-mode print"),
        ("no such item (4)", "Somebody removed the PPPoE client meanwhile."),
        ("input does not match", ""),
    ],
)
def test_a_write_that_was_refused(said: str, remedy: str) -> None:
    told = reasons.refused(said, "renew")
    assert told.startswith(f"The router refused the write ({said.rstrip('.')}).") and remedy in told
    assert "lacks" in told or "renew" not in told
