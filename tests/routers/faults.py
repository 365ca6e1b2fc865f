# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a router's files, each one a function on a running host.

By mounts of the host's own: nothing of it is left when the host has ended.
"""

from __future__ import annotations

from collections.abc import Callable

from . import accounts
from .host import Machine
from .openwrt import OpenWrt
from .pppd import PEER, Pppd

#: Puts a file system with the folder's content in its place; MOUNT is what makes it, at $new.
_REPLACED = """\
f={folder} new=/mnt
[ -d $new ] || mkdir $new
{mount}
cp -a $f/. $new/
{then}
mount --bind $new $f
umount $new
"""

#: What somebody adds to a file.
ADDED = "# somebody was here\n"


def nothing(_host: Machine) -> None:
    """As people have it."""


def folder_of(host: Machine) -> str:
    """Where the password is written."""
    return "/etc/ppp" if isinstance(host, Pppd) else "/etc/config"


def _replace(host: Machine, mount: str, then: str = ":") -> None:
    host.sh(_REPLACED.format(folder=folder_of(host), mount=mount, then=then))
    _tell(host, "rw")


def _tell(host: Machine, how: str) -> None:
    """Where /proc is played, say of the mount what a kernel says."""
    if isinstance(host, OpenWrt):
        with host.path("/proc/mounts").open("a", encoding="ascii") as file:
            file.write(f"/dev/ubi0_2 /etc/config ubifs {how},noatime 0 0\n")


def bound_file(host: Machine) -> None:
    """Each secrets file is a mount of its own, as in a container: nothing can be renamed over it (EBUSY)."""
    host.sh("for f in /etc/ppp/chap-secrets /etc/ppp/pap-secrets; do mount --bind $f $f; done")


def full_disk(host: Machine) -> None:
    """Not one block is left."""
    _replace(host, "mount -t tmpfs -o size=64k,mode=755 full $new", "dd if=/dev/zero of=$new/filler 2>/dev/null || :")


def no_inodes(host: Machine) -> None:
    """Room enough, but no file more can be made."""
    then = "i=0; while : 2>/dev/null >$new/filler$i; do i=$((i+1)); done"
    _replace(host, "mount -t tmpfs -o nr_inodes=40,mode=755 full $new", f"( {then} ) 2>/dev/null || :")


def read_only(host: Machine) -> None:
    """The folder is mounted read-only; root may write, says its mode."""
    folder = folder_of(host)
    host.sh(f"mount --bind {folder} {folder}; mount -o remount,ro,bind {folder} {folder}")
    _tell(host, "ro")


def volatile(host: Machine) -> None:
    """An overlay whose upper layer is a tmpfs, as overlayroot makes it: what is written is gone at the next reboot."""
    host.sh(
        "mkdir -p /media/root-rw; mount -t tmpfs -o mode=755 root-rw /media/root-rw\n"
        "mkdir /media/root-rw/upper /media/root-rw/work\n"
        "mount -t overlay -o lowerdir=/etc/ppp,upperdir=/media/root-rw/upper,workdir=/media/root-rw/work root /etc/ppp"
    )


def nowhere_to_write(host: Machine) -> None:
    """/tmp, /var/tmp and the homes are read-only: nothing but the password's own file may be written."""
    host.sh("for f in /tmp /var/tmp /home; do mount --bind $f $f; mount -o remount,ro,bind $f $f; done")


def changed_by_somebody(host: Machine) -> None:
    """Somebody's own change of another interface is not committed."""
    host.sh("uci set network.lan.ipaddr=192.168.7.1")


def another_pppd(host: Machine) -> None:
    """A pppd of the same peer in another network namespace, as a container has it: not ours to signal."""
    assert isinstance(host, Pppd)
    before = len(host.events("started"))
    host.spawn(["unshare", "--net", "/usr/sbin/pppd", "call", PEER, "nodetach"])
    host.wait_for("no answer")
    assert len(host.events("started")) == before + 1


def changed_meanwhile(host: Machine) -> None:
    """Between the look and the write of the run that sets it, somebody adds a line to the file."""
    text = """\
n=$(($(cat /tmp/n 2>/dev/null || echo 0) + 1))
echo $n >/tmp/n
[ $n != 2 ] || printf %s '{added}' >>/etc/ppp/chap-secrets
"""
    host.path(accounts.MEANWHILE).write_text(text.format(added=ADDED), encoding="ascii")


def stopped(host: Machine) -> None:
    """Somebody stopped the interface: netifd does not dial it by itself."""
    host.sh("ubus call network.interface.wan down")


def disabled(host: Machine) -> None:
    """The interface is switched off in the configuration."""
    host.sh("uci set network.wan.disabled=1; uci commit network; ubus call network reload")


FAULTS: dict[str, Callable[[Machine], None]] = {
    "": nothing,
    "bound file": bound_file,
    "full disk": full_disk,
    "no inodes": no_inodes,
    "read-only": read_only,
    "volatile": volatile,
    "nowhere to write": nowhere_to_write,
    "uncommitted": changed_by_somebody,
    "disabled": disabled,
    "stopped": stopped,
    "another pppd": another_pppd,
    "changed meanwhile": nothing,
}
#: What happens behind the looks, before login and password are written.
LATER: dict[str, Callable[[Machine], None]] = {"changed meanwhile": changed_meanwhile}
