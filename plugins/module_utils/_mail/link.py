# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one-time link that OVHcloud may send in place of a password: found on a page, never followed: pure.

Seen in OVHcloud's mails about servers: ``https://www.ovh.com/manager/secret/#?id=<uuid>``. The other control panels
are the ones that www.ovh.com, ca.ovh.com and us.ovhcloud.com lead to.
"""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.page import Page

#: Hosts of OVHcloud's control panel, with the folder that it has there. Nothing but these, and https, is taken.
PANELS = {
    "www.ovh.com": "/manager",
    "ca.ovh.com": "/manager",
    "us.ovhcloud.com": "/manager",
    "manager.eu.ovhcloud.com": "",
    "manager.ca.ovhcloud.com": "",
    "manager.us.ovhcloud.com": "",
}
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PLACES = "|".join(re.escape(host + folder) for host, folder in PANELS.items())
_SECRET_RE = re.compile(rf"https://(?:{_PLACES})/secret/?(?:#/?)?\?id=(?P<id>{_UUID})", re.I)
_ADDRESS_RE = re.compile(r"[a-z]{2,10}://[^\s\"'<>]{0,300}", re.I)
_LOOKS_SECRET_RE = re.compile(r"(?:/|%2f)secret(?![\w-])", re.I)


def secret_ids(page: Page) -> set[str] | None:
    """The ids of the one-time links on a page; None when one of them is not certainly OVHcloud's."""
    found: set[str] = set()
    for text in (*(chunk.text for chunk in page.chunks), *page.hrefs):
        if not _LOOKS_SECRET_RE.search(text):
            continue
        for address in _ADDRESS_RE.findall(text):
            match = _SECRET_RE.fullmatch(address.rstrip(".,;:!?)]}"))
            if match:
                found.add(match["id"].lower())
            elif _LOOKS_SECRET_RE.search(address):
                return None
        if _LOOKS_SECRET_RE.search(_ADDRESS_RE.sub("", text)):
            return None
    return found
