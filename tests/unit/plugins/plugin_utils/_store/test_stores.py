# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A line's stores together: the newest counts, the file is written here, and the tasks are told what to write."""

from __future__ import annotations

import pytest
from ansible.parsing.vault import VaultSecret

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.store_tasks import KEPT
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.stores import Stores

SECRETS = (("office", VaultSecret(b"office password")),)


class Text(str):
    """What a template came to."""


@pytest.fixture
def stores(tmp_path):
    """stores(file, folder, read=…): those of a line; ``read``: what the folder's read.yml has set."""

    def made(file=False, folder=False, read=None, secrets=SECRETS):
        given = {"service_name": "xdsl-ab12345-1"}
        if file:
            given["store_vault_file"] = str(tmp_path / "x.yml")
        if folder:
            (tmp_path / "mine").mkdir(exist_ok=True)
            given["store"] = str(tmp_path / "mine")
        return Stores(Options(given), secrets, lambda name: read if name == KEPT else None)

    return made


def test_none(stores):
    one = stores(secrets=())
    assert one.kept() is None and one.to_write(Kept("l", "p")) is None
    assert not one.keep(Kept("l", "p"), False) and not one.keep(None, False)


def test_the_file(stores, tmp_path):
    assert stores(file=True).keep(Kept(Text("l"), Text("p")), True) and not (tmp_path / "x.yml").exists()
    assert stores(file=True).keep(Kept(Text("l"), Text("p")), False)
    found = stores(file=True).kept()
    assert (found.login, found.password) == ("l", "p")
    assert not stores(file=True).keep(Kept("l", "p"), False)
    assert stores(file=True).to_write(Kept("l", "q")) is None


def test_a_file_that_cannot_be_gone_by_is_told_when_it_is_asked(stores):
    """And not before: the preflight tells it with all else."""
    one = Stores(Options({"service_name": "x", "store_vault_file": "x.yml"}), SECRETS, lambda _name: None)
    for act in (one.kept, lambda: one.keep(None, True)):
        with pytest.raises(Failure, match="not an absolute path"):
            act()


def test_the_folder(stores):
    assert stores(folder=True, read={}).kept() is None
    assert stores(folder=True, read={}).to_write(Kept("l", "p")) == Kept("l", "p")
    assert stores(folder=True, read={"login": "l", "password": "p"}).to_write(Kept("l", "p")) is None
    assert not stores(folder=True, read={}).keep(Kept("l", "p"), False)


def test_the_newest_counts(stores):
    stores(file=True).keep(Kept("l", "old"), False)
    read = {"login": "l", "password": "new", "mail_date": "2999-01-01T00:00:00Z"}
    assert stores(file=True, folder=True, read=read).kept().password == "new"
