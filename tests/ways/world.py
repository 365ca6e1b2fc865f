# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The world of one row: the Internet, a router on its line, a LAN, and machines outside, each in a namespace."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from role.site import LOGIN, SANDBOX, SERVICE, LabError, Run, Site

from . import certificate

TESTS = Path(__file__).resolve().parents[1]
WAN, WAN_PEER = "203.0.113.10", "203.0.113.1"
API, API6 = "198.51.100.1", "2001:db8:ffff::1"
ADMIN, SIDE = "169.254.78.1", "169.254.77.1"
#: A mail server of the Internet; and where the one that it is runs, beside the test.
MAIL, MAILS = "198.51.100.3", "169.254.78.2"
VPS, JUMP, GATE, PHONE = "192.0.2.10", "192.0.2.20", "192.0.2.60", "198.51.100.200"
#: Each machine's own interfaces: (namespace, interface, its addresses, the other end's namespace, interface, addresses)
WIRES = (
    (
        "router",
        "ppp0",
        (f"{WAN} peer {WAN_PEER}", "2001:db8:0:1::2/64"),
        "inet",
        "line",
        (f"{WAN_PEER} peer {WAN}", "2001:db8:0:1::1/64"),
    ),
    ("router", "side", ("169.254.77.2/30",), "inet", "side", ("169.254.77.1/30",)),
    ("router", "wwan0", ("10.64.0.2/30",), "inet", "lte", ("10.64.0.1/30",)),
    (
        "router",
        "br-lan",
        ("192.168.1.1/24", "2001:db8:1:100::1/64"),
        "node",
        "eth0",
        ("192.168.1.2/24", "2001:db8:1:100::2/64"),
    ),
    ("router", "lan-nas", ("192.168.50.1/24",), "nas", "eth0", ("192.168.50.10/24",)),
    ("router", "lan-box", ("192.168.60.1/24",), "box", "eth0", ("192.168.60.10/24",)),
    ("node", "usb0", ("172.20.10.2/28",), "inet", "phone", ("172.20.10.1/28",)),
    ("node", "lan2", ("192.168.70.2/24",), "box", "eth1", ("192.168.70.1/24",)),
    ("nas", "usb0", ("172.20.30.2/28",), "inet", "phone2", ("172.20.30.1/28",)),
    ("vps", "eth0", (f"{VPS}/30",), "inet", "out-vps", ("192.0.2.9/30",)),
    ("jump", "eth0", (f"{JUMP}/30",), "inet", "out-jump", ("192.0.2.21/30",)),
    ("gate", "eth0", (f"{GATE}/30",), "inet", "out-gate", ("192.0.2.61/30",)),
    ("gate", "eth1", ("10.77.0.1/30",), "vps", "eth1", ("10.77.0.2/30",)),
)
SPACES = ("inet", "router", "node", "nas", "box", "vps", "jump", "gate")
ROUTES = (
    ("inet", "route add 2001:db8:1:100::/56 via 2001:db8:0:1::2"),
    *(
        ("inet", f"route add {network} via {WAN} dev line onlink")
        for network in ("192.168.1.0/24", "192.168.50.0/24", "192.168.60.0/24", "192.168.70.0/24")
    ),
    ("inet", f"route add 10.8.0.0/24 via {VPS}"),
    ("nas", "route add default via 192.168.50.1"),
    ("box", "route add default via 192.168.60.1"),
    ("vps", "route add default via 192.0.2.9"),
    ("jump", "route add default via 192.0.2.21"),
    ("gate", "route add default via 192.0.2.61"),
    ("router", "route add 192.168.70.0/24 via 192.168.60.10"),
)
#: As NAT would show them.
EXITS = {
    "192.168.0.0/16": WAN,
    "172.20.10.0/28": PHONE,
    "172.20.30.0/28": "198.51.100.201",
    "10.8.0.0/24": VPS,
}
SSHD = """\
ListenAddress 0.0.0.0:22
ListenAddress [::]:22
HostKey {top}/host_key
AuthorizedKeysFile {top}/user_key.pub
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PidFile none
SetEnv REQUESTS_CA_BUNDLE={top}/api.test.crt
"""
INNER = 'mount --bind "$0/hosts" /etc/hosts; mount --bind "$0/resolv.conf" /etc/resolv.conf; exec "$@"'
BUSYBOX = 'mount --bind "$(command -v busybox)" "$(readlink -f "$(command -v ip)")"; exec "$@"'


def available() -> str:
    """Why no world can be made here; "" when it can."""
    lacking = [
        name
        for name in ("ip", "sshd", "dropbear", "dropbearkey", "ssh", "busybox")
        if shutil.which(name, path=PATH) is None
    ]
    if lacking:
        return f"{', '.join(lacking)} missing: apt-get install -y iproute2 openssh-server dropbear-bin busybox"
    if os.geteuid() != 0:
        return "namespaces with routers in them need root"
    return "" if Path("/dev/net/tun").exists() else "/dev/net/tun is missing: modprobe tun"


PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


class World(Site):
    """One line with all that may stand around it; in a network namespace and a mount namespace of the test's own.

    :param at: the namespace that Ansible runs in
    :param server: of the router: "openssh", or "dropbear" beside busybox in place of iproute2
    """

    def __init__(self, collections: Path, at: str, server: str = "openssh") -> None:
        super().__init__(collections)
        self.at, self.server = at, server
        self.etc, self.run_dir = self.top / "etc-ppp", self.top / "run"
        self.events = self.top / "pppd.events"
        self._running: list[subprocess.Popen[str]] = []
        self._line_up = True
        self._ended = threading.Event()
        self.cut_at: float | None = None
        #: What the last run printed, and when.
        self.printed: list[tuple[float, str]] = []

    # -- building

    def ip(self, space: str, *commands: str) -> None:
        """Commands of ip(8) in a namespace; one that fails ends the test."""
        done = subprocess.run(
            ["ip", "-n", space, "-batch", "-"], input="\n".join(commands), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise LabError(f"{space}: {commands}: {done.stderr}")

    def inside(self, space: str, *words: str) -> list[str]:
        """What runs a command in a namespace, with names and name servers of its own."""
        return ["ip", "netns", "exec", space, "sh", "-c", INNER, str(self.top), *words]

    def start(self, space: str, *words: str, ready: bool = True, **more: str) -> subprocess.Popen[str]:
        """Start something that lasts."""
        process = subprocess.Popen(
            self.inside(space, *words),
            env={**os.environ, "PYTHONPATH": f"{TESTS}:{SANDBOX}", "PATH": PATH, **more},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if ready else subprocess.DEVNULL,
            stderr=None if ready else subprocess.DEVNULL,
            text=True,
        )
        self._running.append(process)
        if ready and process.stdout is not None and not process.stdout.readline():
            raise LabError(f"{words} did not start in {space}")
        return process

    def serve(self, space: str, *words: str) -> None:
        """Start one of :mod:`servers`."""
        self.start(space, sys.executable, "-B", "-m", "ways.servers", *words)

    def _start(self) -> None:
        (self.top / "hosts").write_text(f"127.0.0.1 localhost\n{API} api.test\n", encoding="utf-8")
        (self.top / "resolv.conf").write_text("", encoding="utf-8")
        for space in SPACES:
            subprocess.run(["ip", "netns", "add", space], check=True)
            (Path("/run/netns") / space).exists()
        for space, name, own, other, other_name, others in WIRES:
            subprocess.run(
                [
                    "ip",
                    "link",
                    "add",
                    "name",
                    name,
                    "netns",
                    space,
                    "type",
                    "veth",
                    "peer",
                    "name",
                    other_name,
                    "netns",
                    other,
                ],
                check=True,
            )
            for at, interface, addresses in ((space, name, own), (other, other_name, others)):
                nodad = [f"addr add {one}{' nodad' if ':' in one else ''} dev {interface}" for one in addresses]
                self.ip(at, *nodad, f"link set {interface} up")
        subprocess.run(
            ["ip", "link", "add", "name", "admin", "type", "veth", "peer", "name", "admin", "netns", "inet"], check=True
        )
        subprocess.run(["ip", "addr", "add", "169.254.78.2/30", "dev", "admin"], check=True)
        for name in ("admin", "lo"):
            subprocess.run(["ip", "link", "set", name, "up"], check=True)
        self.ip(
            "inet",
            f"addr add {API}/32 dev lo",
            f"addr add {API6}/128 dev lo nodad",
            f"addr add {MAIL}/32 dev lo",
            f"addr add {ADMIN}/30 dev admin",
            "link set admin up",
        )
        for space in SPACES:
            self.ip(space, "link set lo up")
            forwards = "echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding"
            subprocess.run(["ip", "netns", "exec", space, "sh", "-c", forwards], check=True)
        for space, route in ROUTES:
            self.ip(space, route)
        self._uplink()
        self._keys()
        self.start_api()
        self._router()
        threading.Thread(target=self._cut, daemon=True).start()

    def _uplink(self) -> None:
        self.ip(
            "router",
            f"route replace default via {WAN_PEER} dev ppp0 onlink",
            "route replace default via 2001:db8:0:1::1 dev ppp0",
        )

    def _keys(self) -> None:
        for name in ("host_key", "user_key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.top / name)], check=True)
        (self.top / "sshd_config").write_text(SSHD.format(top=self.top), encoding="utf-8")
        (self.top / "ssh_config").write_text(
            f"Host *\n  IdentityFile {self.top}/user_key\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n"
            "  LogLevel ERROR\n  ConnectTimeout 5\n  User root\n",
            encoding="utf-8",
        )
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)

    def start_api(self) -> None:
        """The API, where the Internet is."""
        crt, key = certificate.make(self.top, "api.test", API, API6)
        state = str(self.top / "ovh.json")
        self.serve("inet", "api", state, str(crt), str(key), json.dumps(EXITS), API, API6, "0.0.0.0")
        self.url = f"http://{ADMIN}:8080"

    def stop_api(self) -> None:
        """It ends with the others."""

    def sshd(self, space: str) -> None:
        self.start(
            space, shutil.which("sshd", path=PATH) or "sshd", "-D", "-f", str(self.top / "sshd_config"), ready=False
        )

    def _router(self) -> None:
        if self.server == "openssh":
            self.sshd("router")
        else:
            key = str(self.top / "dropbear_key")
            subprocess.run(["dropbearkey", "-t", "ed25519", "-f", key], check=True, capture_output=True)
            folder = Path("/root/.ssh")
            folder.mkdir(mode=0o700, exist_ok=True)
            subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=700", "none", str(folder)], check=True)
            shutil.copy(self.top / "user_key.pub", folder / "authorized_keys")
            (folder / "authorized_keys").chmod(0o600)
            words = ["sh", "-c", BUSYBOX, "x", "dropbear", "-F", "-s", "-r", key, "-P", str(self.top / "dropbear.pid")]
            self.start("router", *words, ready=False)
        (self.etc / "peers").mkdir(parents=True)
        self.run_dir.mkdir()
        peer = f'plugin rp-pppoe.so\nnic-eth0.835\nuser "{LOGIN}"\npersist\nmaxfail 0\nholdoff 1\n'
        (self.etc / "peers" / "dsl").write_text(peer, encoding="utf-8")
        for name in ("chap-secrets", "pap-secrets"):
            path = self.etc / name
            path.write_text(f'"{LOGIN}" * "{self.line()["password"]}" *\n', encoding="utf-8")
            path.chmod(0o600)
        standin = {
            "STANDIN_PPP_DIR": str(self.etc),
            "STANDIN_RUN_DIR": str(self.run_dir),
            "STANDIN_API": f"http://{SIDE}:8080",
            "STANDIN_SERVICE": SERVICE,
            "STANDIN_LOG": str(self.events),
            "STANDIN_HOLDOFF_AFTER_REFUSAL": "600",
        }
        pppd = SANDBOX / "pppd" / "pppd"
        bin_ = Path(sys.executable).parent
        self.start("router", str(pppd), "call", "dsl", "nodetach", ready=False, **{**standin, "PATH": f"{bin_}:{PATH}"})
        self._until((self.run_dir / "ppp0.pid").exists, "no session")

    @staticmethod
    def _until(true: Any, what: str, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise LabError(what)
            time.sleep(0.05)

    def close(self) -> None:
        self._ended.set()
        for process in self._running:
            process.kill()
            process.wait()
            if process.stdout:
                process.stdout.close()
        super().close()

    # -- the line

    def _cut(self) -> None:
        """The POST takes the line down, and a session takes it up again."""
        while not self._ended.wait(0.1):
            with contextlib.suppress(OSError, LabError, KeyError, ValueError):
                up = bool(self.line()["session"]["up"])
                if up != self._line_up:
                    self._line_up = up
                    self.ip("router", f"link set ppp0 {'up' if up else 'down'}")
                    if up:
                        self.ip("router", "addr replace 2001:db8:0:1::2/64 dev ppp0 nodad")
                        self._uplink()
                        self.ip("inet", "route replace 2001:db8:1:100::/56 via 2001:db8:0:1::2")
                        for network in ("192.168.1.0/24", "192.168.50.0/24", "192.168.60.0/24", "192.168.70.0/24"):
                            self.ip("inet", f"route replace {network} via {WAN} dev line onlink")
                    elif self.cut_at is None:
                        self.cut_at = time.monotonic()

    # -- the control node

    def environment(self, **more: str) -> dict[str, str]:
        settings = super().environment(**more)
        return {
            **settings,
            "OVH_ENDPOINT": "https://api.test/1.0",
            "REQUESTS_CA_BUNDLE": str(self.top / "api.test.crt"),
            "ANSIBLE_SSH_CONTROL_PATH_DIR": str(self.top / "cp"),
            "ANSIBLE_HOST_KEY_CHECKING": "false",
            "ANSIBLE_TIMEOUT": "5",
            **more,
        }

    def command(self, *words: str, playbook: str = "ownrouter.ovhcloud.renew") -> list[str]:
        return self.inside(self.at, *super().command(*words, playbook=playbook))

    def _run(self, command: list[str], environment: dict[str, str]) -> Run:
        """As before, and each line with its moment."""
        began, self.printed = time.time(), []
        process = subprocess.Popen(
            command,
            env=self.environment(**environment),
            cwd=self.top,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.printed.append((time.monotonic(), line.rstrip("\n")))
        return Run(process.wait(), "".join(f"{line}\n" for _at, line in self.printed), began, time.time())

    def variables(self, address: str, **more: Any) -> dict[str, Any]:
        """A router in the inventory, reached by ssh at that address."""
        return {
            "ansible_host": address,
            "ansible_user": "root",
            "ansible_ssh_common_args": f"-F {self.top}/ssh_config",
            "router_pppoe_interface": "dsl",
            "router_pppoe_ppp_dir": str(self.etc),
            "router_pppoe_run_dir": str(self.run_dir),
            **more,
        }


@contextlib.contextmanager
def mounts() -> Iterator[None]:
    """Names of namespaces in a folder of this mount namespace's own."""
    Path("/run/netns").mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run/netns"], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", "/run/netns"], check=False)


def alone(words: Sequence[str]) -> list[str]:
    """What runs a command where no namespace, mount or process of it is left, or seen by others."""
    return ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", *words]
