# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which interface a router answers whoever is logged in there by SSH, and what its interfaces have carried."""

from __future__ import annotations

import re

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Counter
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Told

#: Lines of a step. OpenSSH and dropbear set SSH_CONNECTION (client, its port, server, its port) in each session; sudo
#: takes it away, so it is looked for in the processes above as well. "from" is for routers that route by source
#: address; not every busybox takes it.
STEP = """\
x=$$ y=${SSH_CONNECTION:-}
while [ -z "$y" ] && [ "$x" -gt 1 ]; do
  y=$(tr '\\000' '\\n' 2>/dev/null <"/proc/$x/environ" | sed -n 's/^SSH_CONNECTION=//p')
  read -r x 2>/dev/null <"/proc/$x/stat" || break; x=${x##*) }; x=${x#* }; x=${x%% *}
done
set -- $y
[ $# -ne 4 ] || {
  t client "$1"; r back-from ip route get "${1#::ffff:}" from "${3#::ffff:}"; r back ip route get "${1#::ffff:}"
}
r counters cat /proc/net/dev
"""


def reached_by(told: Told) -> str:
    """The interface; "" when it is not known. `told` is what a step with :data:`STEP` in it told."""
    for header, _content in told.said:
        kind, _blank, client = header.partition(" ")
        if kind == "client" and "%" in client:
            return client.rpartition("%")[2]  # a link-local address with its interface
    for label in ("back-from", "back"):
        ran = told.ran.get(label)
        found = re.search(r"\bdev (\S+)", ran.text) if ran and ran.code == 0 else None
        if found:
            return found[1]
    return ""


def counter(told: Told, interface: str) -> Counter | None:
    """The bytes of the interface in /proc/net/dev (proc(5): the first and the ninth number); None without it."""
    ran = told.ran.get("counters")
    for line in ran.text.splitlines() if ran else ():
        name, colon, numbers = line.partition(":")
        words = numbers.split()
        if colon and name.strip() == interface and len(words) > 8:
            return Counter(interface, int(words[0]), int(words[8]))
    return None
