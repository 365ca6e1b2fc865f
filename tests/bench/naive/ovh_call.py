# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One signed call to the OVHcloud API, as the documentation of its signature tells: ovh_call.py METHOD PATH."""

from __future__ import annotations

import hashlib
import os
import sys
import urllib.request

base = os.environ["OVH_ENDPOINT"].removesuffix("/1.0")
method, path = sys.argv[1:3]
url = f"{base}{path}"
with urllib.request.urlopen(f"{base}/1.0/auth/time", timeout=30) as answer:
    now = answer.read().decode()
text = "+".join(
    [os.environ["OVH_APPLICATION_SECRET"], os.environ["OVH_CONSUMER_KEY"], method, url, "", now],
)
headers = {
    "X-Ovh-Application": os.environ["OVH_APPLICATION_KEY"],
    "X-Ovh-Consumer": os.environ["OVH_CONSUMER_KEY"],
    "X-Ovh-Timestamp": now,
    "X-Ovh-Signature": "$1$" + hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
}
request = urllib.request.Request(url, method=method, headers=headers)
with urllib.request.urlopen(request, timeout=30) as answer:
    print(answer.read().decode())
