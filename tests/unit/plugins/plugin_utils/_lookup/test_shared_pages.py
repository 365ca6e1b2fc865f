# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One list of mails for all processes of a run, and nothing of a mail's text in it."""

from __future__ import annotations

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ovh_api.client import connect
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._lookup import shared_pages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._lookup.shared_pages import sharing

PATH = "/v2/notification/history"
KEY = {"application_key": "test-ak", "application_secret": "test-as", "consumer_key": "test-ck"}


@pytest.fixture
def use(api, tmp_path):
    """Makes the client of another process."""

    def made(folder=tmp_path, **key):
        params = {"endpoint": api.endpoint, "requests_per_minute": 0, "client_id": None, "client_secret": None}
        return connect({**params, "config_file": None, **KEY, **key}, sharing(str(folder)))

    return made


def page(client, after=None, size=50):
    query = {"sortCreatedAt": "DESC", **({"createdAfter": after} if after else {})}
    return client.get_page(PATH, query, size, None)


def test_one_process_asks(api, use, tmp_path):
    """Thirty at once, for thirty lines: one list and one look at the clock."""
    with ThreadPoolExecutor(30) as pool:
        pages = list(pool.map(lambda day: page(use(), f"2026-01-{day:02}T00:00:00Z"), range(1, 31)))
    assert len(pages) == 30 and len({json.dumps(items) for items, _next in pages}) == 1
    assert [call["path"] for call in api.calls()] == ["/1.0/auth/time", PATH]
    (file,) = tmp_path.glob("*.pages.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    texts = [mail["text"] for mail in api.world.state["mails"] if mail.get("text")]
    assert texts and not any(text[:40] in file.read_text(encoding="utf-8") for text in texts)
    assert {name for item in pages[0][0] for name in item} == {"id", "createdAt", "title"}


def test_another_key_is_another_list(api, use):
    page(use())
    with pytest.raises(Failure):
        page(use(application_key="another"))
    page(use())
    assert len(api.calls("GET", PATH)) == 2


def test_anew_and_too_old(api, use, monkeypatch):
    page(use())
    again = use()
    page(again)
    assert again.took_shared
    again.anew()
    page(again)
    assert not again.took_shared and len(api.calls("GET", PATH)) == 2
    monkeypatch.setattr(shared_pages, "FRESH", 0.0)
    page(use())
    assert len(api.calls("GET", PATH)) == 3


def test_what_cannot_be_shared(api, use, tmp_path):
    """No folder, one that cannot be written, a file that is no JSON, or none of ours: each asks, and goes on."""
    for folder in ("/proc/none", "/dev/null", ""):
        page(use(folder))
    page(use())
    (file,) = tmp_path.glob("*.pages.json")
    for content in ("", "{", "[]", '{"answers": 3}'):
        file.write_text(content, encoding="utf-8")
        page(use())
    file.unlink()
    os.symlink("/etc/passwd", file)
    page(use())
    assert len(api.calls("GET", PATH)) == 9


def test_the_list_ends_where_a_line_needs_no_more(api, use):
    """A page that reaches back beyond what is asked for is the last one."""
    with api.world.change() as state:
        for number in range(60):
            state["mails"].append({**state["mails"][0], "uuid": f"u{number}", "id": 900 + number})
    items, following = page(use(), size=20)
    assert following
    oldest = items[-1]["createdAt"]
    assert page(use(), "2000-01-01T00:00:00Z", 20)[1] == following
    assert page(use(), "2100-01-01T00:00:00Z", 20)[1] is None and oldest


def test_a_clock_that_steps(api, use, tmp_path):
    """A difference of the clocks that is not right any more is asked for anew, and holds up nobody."""
    page(use())
    (file,) = tmp_path.glob("*.clock.json")
    noted = json.loads(file.read_text(encoding="utf-8"))
    noted["answers"]["skew"]["value"][0] += 86400
    file.write_text(json.dumps(noted), encoding="utf-8")
    for pages in tmp_path.glob("*.pages.json"):
        pages.unlink()
    assert page(use())[0]


def test_what_is_remembered(api, use):
    asked = []
    for _use in range(3):
        assert use().remembered("line", lambda: asked.append(1) or "a login") == "a login"
    assert asked == [1]
