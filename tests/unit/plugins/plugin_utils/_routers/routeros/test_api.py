# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API over TLS on loopback, with the real librouteros; community.routeros' connection code is played here.

The real one is in tests/platforms. Every reason for which there is no way in, as Python and OpenSSL tell it.
"""

from __future__ import annotations

import dataclasses
import importlib
import logging
import socketserver
import ssl
import subprocess
import sys
import threading
import time
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import librouteros
import pytest
from routeros.certificates import Kind, make_certificate, make_signed
from routeros.played import API_PASSWORD, GOOD, LOGIN
from routeros.router import Client, Router, User, client_row
from routeros.server import Manner, serving

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import needs
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import api as routeros_api
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import look
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import reasons as routeros_reasons
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.api import (
    Api,
    ApiOptions,
    Endless,
    Lost,
    Refused,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros.driver import RouterOs

#: prctl: 3 is PR_GET_DUMPABLE.
DUMPABLE = """
import ctypes, sys
sys.path[:] = {}
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.routeros import api as routeros_api
before = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
try:
    routeros_api.Api(routeros_api.ApiOptions("127.0.0.1", 9, "renew", "Kanarie7391")).run("/interface/print")
except Exception:
    print(before, ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
#: Since 3.13 Python's default context asks for more of a certificate.
STRICT = bool(ssl.create_default_context().verify_flags & ssl.VERIFY_X509_STRICT)
COMMUNITY = "ansible_collections.community.routeros.plugins.module_utils.api"


class Community(types.ModuleType):
    """What the driver calls of community.routeros, in its words."""

    def check_has_library(self, module: Any) -> None:
        if self.broken:
            module.fail_json(msg="Failed to import the required Python library (librouteros).", exception="...")

    broken = False

    def create_api(self, module: Any) -> Any:
        params = module.params
        names = ("username", "password", "port", "encoding", "timeout")
        try:
            context = ssl.create_default_context(cafile=params["ca_path"])
            context.check_hostname = params["validate_certs"] and params["validate_cert_hostname"]
            if not params["validate_certs"]:
                context.verify_mode = ssl.CERT_NONE
            return librouteros.connect(
                params["hostname"],
                ssl_wrapper=lambda plain: context.wrap_socket(plain, server_hostname=params["hostname"]),
                **{name: params[name] for name in names},
            )
        except Exception as error:
            module.fail_json(msg=f"Error while connecting: {error}", connection={})


@pytest.fixture(autouse=True)
def community(monkeypatch: pytest.MonkeyPatch) -> Community:
    found = Community(COMMUNITY)
    real = importlib.import_module
    monkeypatch.setattr(importlib, "import_module", lambda name: found if name == COMMUNITY else real(name))
    monkeypatch.setattr(needs, "collection_version", lambda _name: "3.22.0")
    return found


@pytest.fixture
def router() -> Router:
    found = Router()
    found.users["renew"] = User(API_PASSWORD, frozenset(["api", "read", "write", "sensitive"]))
    found.add(Client(client_row("pppoe-out1", LOGIN, "old"), None))
    return found


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return make_certificate(tmp_path)


@pytest.fixture
def options(router: Router, certificate: tuple[Path, Path]) -> Iterator[ApiOptions]:
    with serving(router, *certificate) as port:
        yield ApiOptions("127.0.0.1", port, "renew", API_PASSWORD, ca_path=str(certificate[0]), timeout=5)


@pytest.fixture
def api(options: ApiOptions) -> Iterator[Api]:
    found = Api(options)
    yield found
    found.close()


# -- sentences


def test_rows_refusals_and_answers_without_a_row(api: Api, router: Router) -> None:
    print_ = "/interface/pppoe-client/print"
    assert api.run(print_, "=.proplist=name,user") == [{"name": "pppoe-out1", "user": LOGIN}]
    assert api.run(print_, "?name=none") == []  # with "!empty"
    router.release = (7, 17)
    assert api.run(print_, "?name=none") == []
    with pytest.raises(Refused, match="no such command prefix"):
        api.run("/nothing/print")
    assert api.run(print_, "=.proplist=.id") == [{".id": "*1"}]  # over the same connection
    assert [words for _user, words in router.sentences if words[0] == "/login"][1:] == []


@pytest.mark.parametrize(
    "value",
    ["true", "no", "0123", "7", "1_000", "=a=b", 'l\'eau "é" €', b"\xe9\xff".decode("utf-8", "surrogateescape")],
)
def test_every_value_comes_back_as_it_was_sent(api: Api, router: Router, value: str) -> None:
    """Whatever librouteros makes of values, and whatever bytes they are."""
    api.run("/interface/pppoe-client/set", "=.id=*1", f"=password={value}", f"=comment={value}")
    assert router.clients["*1"].row["password"] == value
    rows = api.run("/interface/pppoe-client/print", "=.proplist=password,comment")
    assert rows == [{"password": value, "comment": value}]


@pytest.mark.parametrize("password", [API_PASSWORD, "Zugang é€ 5528"])
def test_a_log_in_with_any_password(options: ApiOptions, router: Router, password: str) -> None:
    router.users["é"] = User(password, frozenset(["api", "read"]))
    assert Api(dataclasses.replace(options, username="é", password=password)).run("/interface/print")


def test_an_answer_that_is_late_is_lost_and_the_next_is_its_own(options: ApiOptions, router: Router) -> None:
    api = Api(dataclasses.replace(options, timeout=0.2))
    router.late = 0.5
    with pytest.raises(Lost, match="timed out"):
        api.run("/interface/pppoe-client/set", "=.id=*1", "=password=x")
    assert api.run("/interface/pppoe-client/print", "=.proplist=password") == [{"password": "x"}]


@pytest.mark.parametrize("command", ["print", "monitor"])
def test_an_answer_without_end_is_left_in_time(
    monkeypatch: pytest.MonkeyPatch, options: ApiOptions, router: Router, command: str
) -> None:
    """Each byte of it is in time; and commands that know no "once" never end (luqasz/librouteros issue 8)."""
    monkeypatch.setattr(routeros_api, "WHOLE", 0.5)
    router.trickles = 0.1
    begun = time.monotonic()
    api = Api(dataclasses.replace(options, timeout=30))
    with pytest.raises(Endless, match="does not end within"):
        api.run(f"/interface/pppoe-client/{command}", "=.id=*1")
    assert 0.4 < time.monotonic() - begun < 20 and api._api is None  # what else comes is not the next answer
    # A look does not ask for it a second time.
    begun = time.monotonic()
    with pytest.raises(Failure, match="does not end within"):
        look.Look(api, options, "pppoe-wan").client()
    assert len(router.sentences) == 4  # two log-ins, and each time one question


def test_a_connection_that_breaks_is_made_anew(api: Api, router: Router) -> None:
    router.breaks = "before the answer"
    with pytest.raises(Lost, match="closed"):
        api.run("/interface/pppoe-client/set", "=.id=*1", "=password=x")
    assert api.run("/interface/pppoe-client/print", "=.proplist=password") == [{"password": "x"}]


def test_an_interrupted_command_is_not_a_refusal(api: Api, router: Router) -> None:
    router.interrupts = True
    with pytest.raises(Lost, match="interrupted"):
        api.run("/interface/pppoe-client/set", "=.id=*1", "=password=x")


def test_a_whole_change_over_the_wire(options: ApiOptions, router: Router) -> None:
    driver = RouterOs(options, "pppoe-out1")
    assert driver.probe(prove=True).writable
    done = driver.apply(Credentials(LOGIN, GOOD), dial=Dial.AUTO, age=None, check=False)
    assert (done.written, router.writes()) == (True, [["/interface/pppoe-client/set", "=.id=*1", f"=password={GOOD}"]])
    driver.close()


def test_no_word_of_a_sentence_is_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api.run("/interface/pppoe-client/set", "=.id=*1", "=password=Kanarie7391")
    assert "Kanarie7391" not in caplog.text
    assert API_PASSWORD not in caplog.text


def test_no_core_dump_while_the_password_of_the_api_is_held() -> None:
    """What holds the password may not be dumped. In a child, for it lasts."""
    child = subprocess.run(
        [sys.executable, "-c", DUMPABLE.format(sys.path)], capture_output=True, text=True, check=False
    )
    assert child.stdout == "1 0\n", child.stderr


# -- no way in


def refused(options: ApiOptions) -> Failure:
    with pytest.raises(Failure) as found:
        RouterOs(options, "pppoe-out1").probe(prove=True)
    assert API_PASSWORD not in str(found.value) + repr(found.value.details)
    assert "\n" not in found.value.message
    return found.value


def told(failure: Failure) -> tuple[str, str]:
    return failure.code, failure.details["reason"]


GOOD_CERTIFICATE = Kind()


@pytest.mark.parametrize(
    ("kind", "manner", "changes", "expected", "says"),
    [
        (GOOD_CERTIFICATE, Manner(anonymous=True), {}, "anonymous_ciphers", "/ip service set api-ssl certificate="),
        (
            GOOD_CERTIFICATE,
            Manner(anonymous=True),
            {"validate_certs": False},
            "anonymous_ciphers",
            "its service api-ssl has no certificate",
        ),
        (GOOD_CERTIFICATE, Manner(old=True), {}, "old_tls", "Update RouterOS."),
        (GOOD_CERTIFICATE, Manner(lets_in="close"), {}, "closed", "/ip service print detail where name=api-ssl"),
        (GOOD_CERTIFICATE, Manner(lets_in="silent"), {"timeout": 0.2}, "silent", "raise O(routeros_timeout)"),
        (Kind(days=-1), Manner(), {}, "expired", "Compare the clocks of both machines"),
        (Kind(alternatives=False), Manner(), {}, "name", "subject-alt-name=IP:"),
        (GOOD_CERTIFICATE, Manner(), {"host": "localhost"}, "name", "set O(routeros_validate_hostname) to false"),
        (GOOD_CERTIFICATE, Manner(), {"ca_path": ""}, "untrusted", "set O(routeros_ca_path) to it"),
        (GOOD_CERTIFICATE, Manner(), {"port": 9}, "refused", "/ip service enable api-ssl"),
        (GOOD_CERTIFICATE, Manner(), {"host": "no-such-host.invalid"}, "address", "Correct the address of the router"),
    ],
)
def test_each_reason_has_its_remedy(
    router: Router,
    tmp_path: Path,
    kind: Kind,
    manner: Manner,
    changes: dict[str, Any],
    expected: str,
    says: str,
) -> None:
    ca, *certificate = make_signed(tmp_path, kind)
    with serving(router, *certificate, manner) as port:
        options = ApiOptions("127.0.0.1", port, "renew", API_PASSWORD, ca_path=str(ca), timeout=5)
        failure = refused(dataclasses.replace(options, **changes))
    assert told(failure) == ("router_unreachable", expected), failure.message
    assert says in failure.message
    assert failure.message.endswith("Nothing was changed on the router.")
    assert router.writes() == []


class Web(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(1000)
        self.request.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")


def test_another_service_of_the_router(tmp_path: Path) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), Web) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        failure = refused(ApiOptions("127.0.0.1", server.server_address[1], "renew", API_PASSWORD, timeout=5))
        thread.join()
    assert told(failure) == ("router_unreachable", "no_tls"), failure.message
    assert "Set O(routeros_port) to the port of the service api-ssl" in failure.message


@pytest.mark.parametrize("error", [TimeoutError("timed out"), ConnectionResetError(104, "Connection reset by peer")])
def test_the_port_of_the_api_without_tls_is_known(error: OSError) -> None:
    assert routeros_reasons.explain(error, "192.0.2.1", 8728).details["reason"] == "no_tls"
    assert routeros_reasons.explain(error, "192.0.2.1", 8729).details["reason"] != "no_tls"


def test_a_good_certificate_of_a_ca_is_taken(router: Router, tmp_path: Path) -> None:
    ca, *certificate = make_signed(tmp_path, Kind())
    with serving(router, *certificate) as port:
        assert Api(ApiOptions("127.0.0.1", port, "renew", API_PASSWORD, ca_path=str(ca))).run("/interface/print")


def test_what_python_3_13_asks_for_besides(router: Router, tmp_path: Path) -> None:
    """3.12 and older take such a certificate."""
    ca, *certificate = make_signed(tmp_path, Kind(identifiers=False))
    with serving(router, *certificate) as port:
        options = ApiOptions("127.0.0.1", port, "renew", API_PASSWORD, ca_path=str(ca))
        if STRICT:
            failure = refused(options)
            assert told(failure) == ("router_unreachable", "strict")
            assert "Make a new one as docs/routers/routeros.md says" in failure.message
        else:
            assert sys.version_info < (3, 13)
            assert Api(options).run("/interface/print")


@pytest.mark.parametrize("name", ["missing", "folder", "no certificate", "broken"])
def test_a_file_of_certificates_that_cannot_be_used(options: ApiOptions, tmp_path: Path, name: str) -> None:
    path = tmp_path / "ca.pem"
    if name == "folder":
        path.mkdir()
    elif name != "missing":
        broken = "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n" if name == "broken" else "hello\n"
        path.write_text(broken, encoding="utf-8")
    failure = refused(dataclasses.replace(options, ca_path=str(path)))
    assert told(failure) == ("router_option", "ca_path"), failure.message
    assert "Correct O(routeros_ca_path)" in failure.message


@pytest.mark.parametrize("why", ["password", "user", "policy", "address"])
def test_a_refused_log_in(options: ApiOptions, router: Router, why: str) -> None:
    changes = {"password": {"password": "wrong"}, "user": {"username": "nobody"}}.get(why, {})
    if why == "policy":
        router.users["renew"] = User(API_PASSWORD, frozenset(["read", "write"]))
    elif why == "address":
        router.users["renew"].addresses = ("192.0.2.7",)
    failure = refused(dataclasses.replace(options, **changes))
    assert told(failure) == ("router_refused", "log_in")
    assert "Correct O(routeros_username) and O(routeros_password)" in failure.message
    assert "address list" in failure.message


def test_a_router_that_is_too_old_for_the_log_in(options: ApiOptions, router: Router) -> None:
    router.release = (6, 42)
    failure = refused(options)
    assert told(failure) == ("router_refused", "challenge")
    assert "RouterOS before 6.43" in failure.message


@pytest.mark.parametrize("option", ["username", "password"])
def test_without_a_name_or_password_nothing_is_asked(options: ApiOptions, router: Router, option: str) -> None:
    failure = refused(dataclasses.replace(options, **{option: ""}))
    assert (failure.code, failure.details) == ("router_option", {"option": f"routeros_{option}"})
    assert f"Set O(routeros_{option})." in failure.message
    assert router.sentences == []


@pytest.mark.parametrize(
    ("collection", "package", "said"),
    [
        (None, "4.0", "community.routeros 3.7.0 or newer (not installed): ansible-galaxy collection install '"),
        ("3.6.0", "4.0", "(3.6.0 is installed): ansible-galaxy collection install --upgrade 'community.routeros:>="),
        ("3.7.0", None, f"librouteros 3.2.1 or newer (not installed): {sys.executable} -m pip install 'librouteros>=3"),
        ("3.7.0", "3.1.0", "librouteros 3.2.1 or newer (3.1.0 is installed)"),
        (None, None, "; and the Python package librouteros"),
    ],
)
def test_what_is_missing_here_is_named_with_its_command(
    options: ApiOptions, monkeypatch: pytest.MonkeyPatch, collection: Any, package: Any, said: str
) -> None:
    monkeypatch.setattr(needs, "collection_version", lambda _name: collection)
    monkeypatch.setattr(needs, "package_version", lambda _name: package)
    failure = refused(options)
    assert failure.code == "router_option"
    assert said in failure.message


def test_a_library_that_cannot_be_imported(options: ApiOptions, community: Community) -> None:
    community.broken = True
    failure = refused(options)
    assert failure.code == "router_option"
    assert f"{sys.executable} -m pip install 'librouteros>=3.2.1'" in failure.message


@pytest.mark.parametrize("code", range(2, 100))
def test_every_reason_of_openssl_has_a_remedy(code: int) -> None:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    reason = routeros_reasons.reason_of(error)
    assert reason.remedy
    assert (reason is routeros_reasons.STRICTER) == (79 <= code <= 94)


def test_what_nobody_foresaw_is_told_as_it_is() -> None:
    failure = routeros_reasons.explain(RuntimeError("odd\nthing"), "192.0.2.1", 8729)
    assert failure.message.startswith("The API of the router at 192.0.2.1 port 8729 cannot be used (odd; thing).")
    assert routeros_api.PACKAGES == ("librouteros>=3.2.1",)
