# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""PID 1 of a host of the tests: makes this machine's files a machine of its own. Started by host.py alone.

Runs as ``keeper.py KIND FOLDER`` in new mount and PID namespaces. "overlay": FOLDER/upper is what differs from this
machine, and each folder of FOLDER/mounts is one of the disk at the place that its name says, as etc-ppp at /etc/ppp.
"bare": the folder FOLDER/upper alone is the machine. Whatever ends it ends every process of the host, and with the
last of them its mounts are gone. It ends when its standard input is closed, so also when the test was killed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
import threading
from pathlib import Path

MNT_DETACH = 2


def sh(script: str) -> None:
    subprocess.run(["/bin/sh", "-euc", script], check=True, stdin=subprocess.DEVNULL, timeout=20)


def files(folder: Path) -> None:
    """This machine's files below the host's own; its own /proc, /run and /tmp; then nothing else of this machine."""
    merged = folder / "merged"
    upper = folder / "upper"
    with contextlib.suppress(subprocess.CalledProcessError):
        overlay(folder, merged)
    if not os.path.ismount(merged):
        # Where / is an overlay itself (in a container), no folder of it can be the upper layer of another.
        sh(
            f"mkdir {folder}/memory; mount -t tmpfs -o mode=755 host {folder}/memory\n"
            f"mkdir {folder}/memory/work; cp -a {upper} {folder}/memory/upper"
        )
        folder /= "memory"
        overlay(folder, merged)
    sh(
        f"cd {merged}\n"
        "mount -t proc proc proc; mount --rbind /dev dev; mount --rbind /sys sys\n"
        "mount -t tmpfs -o mode=755 tmpfs run; mkdir run/sshd; mount -t tmpfs -o mode=1777 tmpfs tmp\n"
        # For the test, which looks through all that was written.
        f"mount --bind {folder}/upper srv\n"
        f"for f in {merged.parent}/mounts/*; do\n"
        '  [ -d "$f" ] || continue\n'
        '  n=$(basename "$f" | tr - /); mkdir -p "$n"; mount --bind "$f" "$n"\n'
        "done\n"
    )
    into(merged)


def bare(folder: Path) -> None:
    """The folder, and nothing of this machine."""
    upper = folder / "upper"
    sh(f"mount --bind {upper} {upper}")
    into(upper)


def into(root: Path) -> None:
    """Take that mount for /, and let go of the old one (pivot_root(2) has the way with "." twice)."""
    os.chdir(root)
    sh(f"cd {root}; pivot_root . .")
    # By the C library that is loaded already: there may be no program any more that could do it.
    if ctypes.CDLL(None, use_errno=True).umount2(b".", MNT_DETACH):
        raise OSError(ctypes.get_errno(), "umount2")
    os.chdir("/")


def overlay(folder: Path, merged: Path) -> None:
    layers = f"lowerdir=/,upperdir={folder}/upper,workdir={folder}/work"
    sh(f"mount -t overlay -o {layers} host {merged} 2>{folder}/overlay.said")


def end_with_the_test() -> None:
    while os.read(0, 64):
        pass
    os._exit(0)


def main() -> None:
    {"overlay": files, "bare": bare}[sys.argv[1]](Path(sys.argv[2]))
    threading.Thread(target=end_with_the_test, daemon=True).start()
    os.write(1, b"ready\n")
    while True:
        # Those that lost their parent, as a pppd that went to the background, are this process' children now.
        try:
            os.wait()
        except ChildProcessError:
            threading.Event().wait(0.05)


if __name__ == "__main__":
    main()
