# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What stands in the state folder in place of our files: a sentence for each, never a hang, never a followed link."""

from __future__ import annotations

import json
import os
import re
import socket
import stat
import subprocess

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _own_file
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Journal

LINE = "xdsl-ab12345-1"
NOTED = {"version": 1, "requested_at": "2026-03-01T12:00:00Z", "outcome": "confirmed"}


def text(content):
    return lambda path: path.write_text(content, encoding="utf-8")


def link(to):
    return lambda path: path.symlink_to(to)


def bound(path):
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(path.name)
    os.chdir(here)


def device(path):
    try:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero
    except PermissionError:
        pytest.skip("this user may not make a device")


def other(path):
    path.write_text(json.dumps(NOTED), encoding="utf-8")
    try:
        os.chown(path, 12345, -1)
    except PermissionError:
        pytest.skip("this user may not give a file away")


KINDS = {
    "pipe": (os.mkfifo, "is a pipe"),
    "socket": (bound, "is a socket"),
    "device": (device, "is a device"),
    "folder": (os.mkdir, "is a folder"),
    "link": (link("/dev/zero"), "is a link, which is not followed"),
    "link to nothing": (link("/nowhere/at/all"), "is a link, which is not followed"),
    "link to a journal": (link("good.json"), "is a link, which is not followed"),
    "another's": (other, "belongs to another user (uid 12345)"),
}
TEXTS = {
    "deep": (text("[" * 12_000), "holds no JSON"),
    "deep and whole": (text("[" * 8_000 + "]" * 8_000), ""),  # one parser stumbles, another makes a list of it
    "huge": (text(" " * 20_000_000), "is longer than 16 KiB"),
    "huge number": (text("9" * 9_000), "holds no JSON"),
    "no text": (lambda path: path.write_bytes(b"\xff\xfe\x00"), "holds no JSON"),
    "empty": (text(""), "holds no JSON"),
    "early": (text(json.dumps({**NOTED, "requested_at": "0001-01-01T00:00:00+10:00"})), "is damaged"),
    "late": (text(json.dumps({**NOTED, "requested_at": "9999-12-31T23:59:59-10:00"})), "is damaged"),
    "far": (
        text(json.dumps({**NOTED, "requested_at": "2099-01-01T00:00:00Z"})),
        "has a request of 2099-01-01T00:00:00Z",
    ),
    "since": (text(json.dumps({**NOTED, "since": "2099-01-01T00:00:00Z"})), "has a request of 2099-01-01T00:00:00Z"),
    "many": (text(json.dumps({**NOTED, "requests": 10**30})), "is damaged"),
}


def removal(message):
    """The command that a message gives, to be given to a shell as it is."""
    found = re.search(r"remove what stands there \((rm .*)\)\.$", message)
    assert found, message
    return found[1]


@pytest.mark.parametrize("name", [*KINDS, *TEXTS])
def test_a_journal(api, renew, state_dir, tmp_path, name):
    """The module: no request, one sentence with the path and the command that removes it."""
    make, why = {**KINDS, **TEXTS}[name]
    os.mkdir(state_dir)
    path = tmp_path / "state" / f"{LINE}.json"
    (path.parent / "good.json").write_text(json.dumps(NOTED), encoding="utf-8")
    make(path)
    result = renew(renew=True)
    assert result.code == "journal" and f"{path} {why}" in result["msg"], result
    assert [call for call in api.calls() if call["method"] == "POST"] == []
    subprocess.run(["sh", "-c", removal(result["msg"])], check=True)
    assert not os.path.lexists(path)
    # A link is removed, and not what it leads to.
    assert json.loads((path.parent / "good.json").read_text(encoding="utf-8")) == NOTED


@pytest.mark.parametrize("name", KINDS)
def test_a_lock(api, renew, state_dir, tmp_path, name):
    make, why = KINDS[name]
    os.mkdir(state_dir)
    make(tmp_path / "state" / f"{LINE}.lock")
    result = renew(renew=True)
    assert result.code == "journal" and f"cannot be locked: {tmp_path / 'state' / LINE}.lock {why}" in result["msg"]
    subprocess.run(["sh", "-c", removal(result["msg"])], check=True)
    assert os.listdir(state_dir) == []
    assert [call for call in api.calls() if call["method"] == "POST"] == []


@pytest.mark.parametrize("name", [*KINDS, "deep", "huge", "empty"])
def test_the_file_of_a_budget(ak, run, tmp_path, monkeypatch, name):
    """Calls are not held back, and what a link leads to is not written."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("OVH_REQUESTS_PER_MINUTE", "6000")
    assert not run("xdsl_info", **ak).failed
    (path,) = (tmp_path / "ownrouter.ovhcloud").glob("pace-*")
    path.unlink()
    (path.parent / "good.json").write_text("{}", encoding="utf-8")
    {**KINDS, **TEXTS}[name][0](path)
    assert not run("xdsl_info", **ak).failed
    assert (path.parent / "good.json").read_text(encoding="utf-8") == "{}"


def test_root_s_is_taken(tmp_path, monkeypatch):
    """A run by sudo may have left it; containers and NFS show nobody in place of a user that they do not know."""
    journal = Journal(str(tmp_path), LINE)
    (tmp_path / f"{LINE}.json").write_text(json.dumps(NOTED), encoding="utf-8")
    real = os.fstat
    for owner in (0, _own_file.NOBODY, os.geteuid()):
        monkeypatch.setattr(os, "fstat", lambda handle, owner=owner: _owned(real(handle), owner))
        assert journal.last() is not None


def _owned(found, owner):
    return os.stat_result((*found[:4], owner, *found[5:]))


def test_a_file_is_replaced_as_a_whole(tmp_path, monkeypatch):
    """What a killed run left is taken over; what cannot be written leaves what stood there."""
    path = tmp_path / "one.json"
    (tmp_path / "one.json.new").write_text("half", encoding="utf-8")
    _own_file.replace_json(str(path), {"one": 1})
    assert _own_file.read_json(str(path)) == {"one": 1} and path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(TypeError):
        _own_file.replace_json(str(path), {"one": object()})
    assert _own_file.read_json(str(path)) == {"one": 1}
    _own_file.replace_json(str(path), {"one": 2})
    assert _own_file.read_json(str(path)) == {"one": 2} and list(tmp_path.glob("one*")) == [path]


def test_a_link_in_the_place_of_a_new_file_leads_nowhere(tmp_path):
    (tmp_path / "other").write_text("theirs", encoding="utf-8")
    (tmp_path / "one.json.new").symlink_to(tmp_path / "other")
    _own_file.replace_json(str(tmp_path / "one.json"), {})
    assert (tmp_path / "other").read_text(encoding="utf-8") == "theirs"
