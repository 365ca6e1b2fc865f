# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""By which interface a router answers whoever is logged in there by SSH, and what its interfaces have carried."""

from __future__ import annotations

import base64
import ipaddress
import os
import re
import typing as t
from shlex import quote

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import kernel
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Back
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Counter
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell, Told

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

#: What the interfaces are made of. A busybox has no "ip -d": what the kernel's own files tell, goes for it.
LINKS = """\
r addresses ip addr
r defaults ip route show default
r links ip -o -d link
for x in /sys/class/net/*; do
  t net "${x##*/}"
  cat "$x/type" "$x/uevent" 2>/dev/null
  [ ! -e "$x/tun_flags" ] || echo KIND=tun
  for y in "$x"/lower_*; do [ ! -e "$y" ] || echo "PART=${y##*/lower_}"; done
done
"""
#: The outer ends of the tunnel $i, as far as somebody tells: WireGuard, and the process that keeps a tun.
ENDS = """\
r wg wg show "$i" endpoints
for f in $(grep -l "^iff:[[:space:]]*$i\\$" /proc/[0-9]*/fdinfo/* 2>/dev/null); do
  q=${f#/proc/}; q=${q%%/*}
  t keeper "$q"; ls -l "/proc/$q/fd" 2>/dev/null
done
r sockets cat /proc/net/udp /proc/net/tcp /proc/net/udp6 /proc/net/tcp6
"""
#: Types of the kernel's file uevent that are no more than hardware.
HARDWARE = frozenset({"wlan", "gadget"})


def look(shell: Shell, begin: str = "") -> Back:
    """How the router answers the session that this goes through.

    :param begin: the lines that the driver's steps begin with
    """
    told = shell(begin + STEP + LINKS, name="look")
    interface = reached_by(told)
    made = links(told)
    number = next((one.number for one in made.values() if one.name == interface), 0)
    tunnel = kernel.tunnel(made, number) if number else None
    outer: tuple[str, ...] = ()
    if tunnel and re.fullmatch(r"[\w.@-]+", interface):
        found = ends(shell(f"{begin}i={quote(interface)}\n{ENDS}", name="look"), told, interface)
        if found:
            asks = "".join(f"r 'out {end}' ip route get {end}\n" for end in found)
            ran = shell(begin + asks, name="look").ran
            outer = tuple(sorted({name for end in found if (name := device(ran[f"out {end}"].text))}))
    return Back(interface, on_link(told), tunnel, outer, "", addresses(told), defaults(told))


def defaults(told: Told) -> tuple[str, ...]:
    """The interfaces of the default routes in the main table."""
    ran = told.ran.get("defaults")
    lines = ran.text.splitlines() if ran and ran.code == 0 else []
    return tuple(dict.fromkeys(name for line in lines if line.startswith("default") and (name := device(line))))


def counted(shell: Shell, interface: str, down: int, up: int = 0) -> tuple[Counter, int] | None:
    """So many random bytes to the router, then the counter of the interface, and then so many back.

    They can hardly be compressed on the way. What is sent along with a step arrives before it is through with reading.
    """
    blocks = down // 1024
    taken = "cat >/dev/null\n" if up else ""
    send = f"t bytes\ndd if=/dev/urandom bs=1024 count={blocks} 2>/dev/null\n" if blocks else ""
    given = (base64.b64encode(os.urandom(up * 3 // 4)).decode("ascii"),) if up else ()
    told = shell(f"{taken}r counters cat /proc/net/dev\n{send}", *given, name="look")
    found = counter(told, interface)
    came = sum(len(content) for header, content in told.said if header == "bytes")
    return (found, came) if found and (came or not blocks) else None


def device(said: str) -> str:
    """The interface in what "ip route get" printed."""
    found = re.search(r"\bdev (\S+)", said)
    return found[1] if found else ""


def on_link(told: Told) -> bool | None:
    """Is who asks on the network of the interface? None where no route is told."""
    for label in ("back-from", "back"):
        ran = told.ran.get(label)
        if ran and ran.code == 0 and device(ran.text):
            return not re.search(r"\bvia \S+", ran.text)
    return None


def addresses(told: Told) -> tuple[str, ...]:
    """The router's own addresses, without those of its loopback; link-local ones with their interface."""
    ran = told.ran.get("addresses")
    found: list[str] = []
    interface = ""
    for line in ran.text.splitlines() if ran else ():
        head = re.match(r"\d+: ([^:@\s]+)", line)
        interface = head[1] if head else interface
        address = re.match(r"\s+inet6? ([0-9a-fA-F.:]+)", line) if interface != "lo" else None
        if address:
            # Their interface tells link-local ones apart: each network has its own.
            found.append(f"{address[1]}%{interface}" if address[1].lower().startswith("fe80:") else address[1])
    return tuple(dict.fromkeys(found))


def links(told: Told) -> dict[int, kernel.Link]:
    """The interfaces, with numbers of this function's own: one is a part of another by its name alone."""
    kinds = dict(_kinds(told.ran["links"].text)) if told.ran.get("links") and told.ran["links"].code == 0 else {}
    made: dict[str, kernel.Link] = {}
    parts: dict[str, list[str]] = {}
    for header, content in told.said:
        what, _blank, name = header.partition(" ")
        if what != "net":
            continue
        words = content.decode("utf-8", "replace").split()
        kind = kinds.get(name, "")
        for word in words:
            if word.startswith("DEVTYPE=") and not kind:
                kind = word.removeprefix("DEVTYPE=")
            elif word == "KIND=tun":
                kind = "tun"
            elif word.startswith("PART="):
                parts.setdefault(name, []).append(word.removeprefix("PART="))
        hardware = int(words[0]) if words and words[0].isdecimal() else 1
        kind = "" if kind in HARDWARE or kind == "ppp" else kind
        made[name] = kernel.Link(len(made) + 1, name, kind, hardware)
    found = {link.number: link for link in made.values()}
    for name, below in parts.items():
        for part in below:
            if part in made:
                # As if it were below a bridge of that name: of one interface there may be several parts.
                one = made[part]
                number = made[name].number
                found[len(found) + 1] = kernel.Link(len(found) + 1, part, one.kind, one.type, one.number, number)
    return found


def _kinds(said: str) -> t.Iterator[tuple[str, str]]:
    """Name and kind of each interface in what "ip -o -d link" printed: one line each, its parts apart by backslashes,
    the kind first in the third one (iproute2, ip/ipaddress.c)."""
    for line in said.splitlines():
        head = re.match(r"\d+: ([^:@\s]+)", line)
        for part in line.split("\\")[2:] if head else ():
            word = part.split()[0] if part.split() else ""
            if head and re.fullmatch(r"[a-z][a-z0-9-]*", word) and not re.match(r"(?:alias|altname|vf)$", word):
                yield head[1], word
                break


def ends(told: Told, before: Told, interface: str) -> tuple[str, ...]:
    """The addresses of the outer ends of a tunnel; none where nobody tells.

    :param told: by :data:`ENDS`
    :param before: by :data:`LINKS`
    """
    found: list[str] = []
    ran = told.ran.get("wg")
    for line in ran.text.splitlines() if ran and ran.code == 0 else ():
        end = line.split()[-1] if line.split() else ""
        found.append(end.rpartition(":")[0].strip("[]"))
    shown = before.ran.get("links")
    for line in shown.text.splitlines() if shown and shown.code == 0 else ():
        if re.match(rf"\d+: {re.escape(interface)}[:@]", line):
            found += re.findall(r"\b(?:remote|peer) ([0-9a-f.:]+)", line)
    sockets = set()
    for header, content in told.said:
        if header.startswith("keeper "):
            sockets |= set(re.findall(rb"socket:\[(\d+)\]", content))
    table = told.ran.get("sockets")
    for line in table.text.splitlines() if table else ():
        fields = line.split()
        if len(fields) > 9 and fields[9].encode() in sockets:
            found.append(_unhex(fields[2].partition(":")[0]))
    return tuple(sorted({one for one in found if _is_address(one)}))


def _unhex(text: str) -> str:
    """An address in /proc/net: words of four bytes in the order of the machine, which is little-endian mostly."""
    try:
        words = [bytes.fromhex(text[start : start + 8])[::-1] for start in range(0, len(text), 8)]
        found = ipaddress.ip_address(b"".join(words))
    except ValueError:
        return ""
    mapped = getattr(found, "ipv4_mapped", None)
    return str(mapped or found)


def _is_address(text: str) -> bool:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    return not found.is_unspecified and not found.is_loopback


def reached_by(told: Told) -> str:
    """The interface; "" when it is not known. `told` is what a step with :data:`STEP` in it told."""
    for header, _content in told.said:
        kind, _blank, client = header.partition(" ")
        if kind == "client" and "%" in client:
            return client.rpartition("%")[2]  # a link-local address with its interface
    for label in ("back-from", "back"):
        ran = told.ran.get(label)
        if ran and ran.code == 0 and (found := device(ran.text)):
            return found
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
