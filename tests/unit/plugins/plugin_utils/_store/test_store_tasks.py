# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A store in task files of the user's own: what they read, whether they are to write, and why a folder is none."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks.task_files import Unfit
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.store_tasks import StoreOfTasks, trouble


class Files:
    """Looks at nothing."""

    def __init__(self, unfit=""):
        self.unfit, self.seen = unfit, []

    def check(self, path, *, reads):
        self.seen.append((path.name, reads))
        if self.unfit:
            raise Unfit(self.unfit)


def store(fact, folder="/store"):
    return StoreOfTasks(folder, lambda: fact)


def test_what_was_read():
    found = store({"login": "me@isp", "password": "x"}).kept()
    assert (found.login, found.password) == ("me@isp", "x")
    assert store({}).kept() is None
    assert store(None, folder="").kept() is None, "there is no store"


@pytest.mark.parametrize("fact", [None, [], "text", {"login": 7}, {"login": "me"}])
def test_a_fact_that_is_none(fact):
    with pytest.raises(Failure) as caught:
        store(fact).kept()
    assert caught.value.code == "store" and "/store/read.yml" in caught.value.message


def test_it_writes_only_what_differs():
    has = {"login": "me@isp", "password": "x"}
    assert store(has).to_write(Kept("me@isp", "x")) is None and not store(has).differs(Kept("me@isp", "x"))
    assert store(has).differs(Kept("me@isp", "y")) and store(has).to_write(Kept("me@isp", "y")).password == "y"
    assert store({}).differs(Kept("me@isp", "y"))
    assert not store({}, folder="").differs(Kept("me@isp", "y"))


def test_why_a_folder_is_none(tmp_path):
    assert "absolute path" in trouble(type(tmp_path)("here"), Files())
    assert "no such folder" in trouble(tmp_path / "gone", Files())
    assert "read.yml does not exist" in trouble(tmp_path, Files())
    (tmp_path / "read.yml").touch()
    assert "write.yml does not exist" in trouble(tmp_path, Files())
    (tmp_path / "write.yml").touch()
    files = Files()
    assert trouble(tmp_path, files) == "" and files.seen == [("read.yml", True), ("write.yml", False)]
    assert trouble(tmp_path, Files("it shows the password.")) == "it shows the password."
