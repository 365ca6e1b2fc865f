# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One encrypted file: which secret opens it and encrypts it, and that it is replaced as a whole."""

from __future__ import annotations

import errno
import os
import stat

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.vault_file import VaultFile

OFFICE, OTHER = ("office", VaultSecret(b"office password")), ("other", VaultSecret(b"other password"))
LINE = "xdsl-ab12345-1"
KEPT = Kept("me@isp", "Kanarie'7391")


def file(tmp_path, *secrets, vault_id=None):
    return VaultFile(str(tmp_path / "x.yml"), secrets, vault_id)


def test_it_is_kept_and_read_again(tmp_path):
    made = file(tmp_path, OFFICE).keep(LINE, KEPT, False)
    assert (made["changed"], made["vault_id"]) == (True, "office")
    raw = (tmp_path / "x.yml").read_bytes()
    assert raw.startswith(b"$ANSIBLE_VAULT;1.2;AES256;office") and b"Kanarie" not in raw
    assert stat.S_IMODE((tmp_path / "x.yml").stat().st_mode) == 0o600
    found = file(tmp_path, OTHER, OFFICE).kept(LINE)
    assert (found.login, found.password) == ("me@isp", "Kanarie'7391")
    assert file(tmp_path, OFFICE).kept("xdsl-other-1") is None
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".x.yml")] == []


def test_the_same_is_not_written_and_check_mode_writes_nothing(tmp_path):
    assert file(tmp_path, OFFICE).keep(LINE, KEPT, True)["changed"] and not (tmp_path / "x.yml").exists()
    file(tmp_path, OFFICE).keep(LINE, KEPT, False)
    before = (tmp_path / "x.yml").read_bytes()
    assert not file(tmp_path, OFFICE).keep(LINE, KEPT, False)["changed"]
    assert not file(tmp_path, OFFICE).keep(LINE, None, False)["changed"]
    assert (tmp_path / "x.yml").read_bytes() == before


def test_the_file_keeps_its_secret_and_mode(tmp_path):
    file(tmp_path, OTHER).keep(LINE, KEPT, False)
    os.chmod(tmp_path / "x.yml", 0o640)
    made = file(tmp_path, OFFICE, OTHER).keep(LINE, Kept("me@isp", "new"), False)
    assert made["vault_id"] == "other" and stat.S_IMODE((tmp_path / "x.yml").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    ("secrets", "vault_id", "content", "code", "said"),
    [
        ((), None, None, "vault_secret", "has no vault password"),
        ((OFFICE, OTHER), None, None, "vault_secret", "several vault ids (office, other)"),
        ((OFFICE,), "third", None, "vault_secret", "'third'"),
        ((OFFICE,), None, "plain: text", "vault_file", "it is not encrypted"),
        ((OFFICE,), None, "\ufeff$ANSIBLE_VAULT;1.1;AES256\n30", "vault_file", "it is damaged: something else than"),
        ((OFFICE,), None, "\0" * 80, "vault_file", "it is damaged"),
    ],
)
def test_what_cannot_be(tmp_path, secrets, vault_id, content, code, said):
    if content:
        (tmp_path / "x.yml").write_text(content, encoding="utf-8")
    with pytest.raises(Failure) as caught:
        file(tmp_path, *secrets, vault_id=vault_id).keep(LINE, KEPT, False)
    assert caught.value.code == code and said in caught.value.message
    assert "Kanarie" not in caught.value.message


def test_another_secret_does_not_open_it(tmp_path):
    file(tmp_path, OFFICE).keep(LINE, KEPT, False)
    with pytest.raises(Failure, match=r"None of this run's vault passwords .other. opens") as caught:
        file(tmp_path, OTHER).kept(LINE)
    assert caught.value.details["add"] == ["--ask-vault-pass"]


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(Failure, match="mkdir -p"):
        VaultFile(str(tmp_path / "gone" / "x.yml"), [OFFICE], None).keep(LINE, KEPT, False)


def test_what_was_written_in_part_is_no_question_of_the_password(tmp_path):
    file(tmp_path, OFFICE).keep(LINE, KEPT, False)
    whole = (tmp_path / "x.yml").read_bytes()
    assert file(tmp_path, OFFICE).kept(LINE) and b"\r" not in whole
    for part in (whole[:32], whole[: len(whole) // 2], whole[:-2], whole + whole):
        (tmp_path / "x.yml").write_bytes(part)
        with pytest.raises(Failure, match="it is damaged: not all of it is there") as caught:
            file(tmp_path, OFFICE).kept(LINE)
        assert caught.value.code == "vault_file"
    (tmp_path / "x.yml").write_bytes(whole.replace(b"\n", b"\r\n"))
    assert file(tmp_path, OFFICE).kept(LINE) == KEPT


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.yml")
    with pytest.raises(Failure, match="it is not a regular file"):
        file(tmp_path, OFFICE).kept(LINE)


def test_what_could_not_be_put_into_it_is_found_before_there_is_anything_to_put(tmp_path):
    text = "x: &x {login: a, password: b}\nrouter_pppoe_stored:\n  xdsl-z-1: *x\n"
    one = file(tmp_path, OFFICE)
    one.write(text, OFFICE)
    with pytest.raises(Failure, match=r"x\.yml cannot be used: its variable router_pppoe_stored has a part elsewhere"):
        one.keep(LINE, None, False)


def test_room_is_proven_by_writing_as_much(tmp_path, monkeypatch):
    one = file(tmp_path, OFFICE)
    one.prove_room()
    one.write("a: 1\n" * 3000, OFFICE)
    before = (tmp_path / "x.yml").read_bytes()
    asked = []
    monkeypatch.setattr(os, "fsync", lambda handle: asked.append(os.fstat(handle).st_size))
    one.prove_room()
    assert asked[0] > len(before) and (tmp_path / "x.yml").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "x.yml" in path.name] == ["x.yml"]

    def full(_handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Failure, match="No space left on device"):
        one.prove_room()
    assert [path.name for path in tmp_path.iterdir() if "x.yml" in path.name] == ["x.yml"]
