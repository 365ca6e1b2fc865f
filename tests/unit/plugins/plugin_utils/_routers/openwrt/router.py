# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The played OpenWrt router with its driver, for the test modules of that driver."""

from __future__ import annotations

import contextlib
import os
import subprocess
import typing as t
from pathlib import Path

import pytest
from openwrt.played import LOGIN, PASSWORD, Played

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.openwrt.driver import OpenWrt
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Applied, Credentials, Dial
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.shell import Shell, Unreachable


class Router(Played):
    """The played router, with its driver."""

    def driver(self, interface: str = "wan") -> OpenWrt:
        def execute(command: str, given: bytes) -> tuple[int, bytes, str]:
            try:
                return self.execute(command, given)
            except ConnectionError as error:
                raise Unreachable(str(error)) from None

        return OpenWrt(Shell(execute), interface)

    def apply(self, password: str, login: str = LOGIN, interface: str = "wan", **options: t.Any) -> Applied:
        settings = {"dial": Dial.AUTO, "age": None, "check": False, **options}
        return self.driver(interface).apply(Credentials(login, password), **settings)

    @contextlib.contextmanager
    def faulty(self, fault: str) -> t.Iterator[None]:
        """A flash that is "full" or "read-only": a real one for root."""
        if os.geteuid() != 0:
            name = {"full": "flash_full", "read-only": "read_only"}[fault]
            setattr(self.box.uci, name, True)
            yield
            return
        content = self.box.network.read_bytes()
        with small_flash(self.box.network.parent, "size=4k") as remount:
            self.box.network.write_bytes(content)
            if fault == "read-only":
                remount("ro")
            yield

    def refused(self, call: t.Callable[[], t.Any]) -> Failure:
        with pytest.raises(Failure) as caught:
            call()
        assert PASSWORD not in caught.value.message + repr(caught.value.details)
        return caught.value


@contextlib.contextmanager
def small_flash(folder: Path, options: str) -> t.Iterator[t.Callable[[str], None]]:
    """A file system of its own over the folder; gives a function that mounts it with other options."""

    def mount(*words: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", *words, "tmpfs", str(folder)], check=True)

    mount(options)
    try:
        yield lambda more: mount(f"remount,{more}")
    finally:
        subprocess.run(["umount", str(folder)], check=True)
