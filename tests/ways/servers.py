# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs in the namespaces: ``python -m ways.servers api|relay|proxy|tunnel|dns|forward ...``."""

from __future__ import annotations

import fcntl
import ipaddress
import json
import os
import select
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

Environ = dict[str, Any]
# Numbers of include/uapi/linux/if_tun.h.
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x1, 0x1000


def api(state: str, certificate: str, key: str, exits: str, *addresses: str) -> None:
    """The local API with TLS on each address, and without on the last one, which is for the test alone.

    :param exits: JSON, the addresses that networks of a site are seen at: there is no NAT here
    """
    from ovh_api.app import create_app
    from ovh_api.running import Handler
    from ovh_api.world import World
    from werkzeug.serving import make_server

    world = World(Path(state))
    inner = create_app(world)
    networks = [(ipaddress.ip_network(network), at) for network, at in json.loads(exits).items()]

    def app(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        came = ipaddress.ip_address(environ["REMOTE_ADDR"].removeprefix("::ffff:"))
        for network, at in networks:
            if came.version == network.version and came in network:
                environ["REMOTE_ADDR"] = at
        return inner(environ, start)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    servers = [make_server(one, 443, app, threaded=True, request_handler=Handler) for one in addresses[:-1]]
    for server in servers:
        # A handshake that the cut of the line breaks off must keep nobody else waiting: it is the own thread's.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        server.ssl_context = context
    servers.append(make_server(addresses[-1], 8080, inner, threaded=True, request_handler=Handler))
    for server in servers[:-1]:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    servers[-1].serve_forever()


def _carry(one: socket.socket, other: socket.socket) -> None:
    ends = {one: other, other: one}
    try:
        while True:
            for ready in select.select(list(ends), [], [])[0]:
                data = ready.recv(1 << 16)
                if not data:
                    return
                ends[ready].sendall(data)
    except OSError:
        return
    finally:
        one.close()
        other.close()


def relay(listen: str, listen_port: str, to: str, to_port: str) -> None:
    """A port forward."""
    with socket.create_server((listen, int(listen_port))) as server:
        print("ready", flush=True)
        while True:
            came, _address = server.accept()
            try:
                threading.Thread(
                    target=_carry, args=(came, socket.create_connection((to, int(to_port)), 5)), daemon=True
                ).start()
            except OSError:
                came.close()


def proxy(listen: str, port: str) -> None:
    """An HTTP proxy, for CONNECT alone."""

    def serve(came: socket.socket) -> None:
        try:
            asked = b""
            while b"\r\n\r\n" not in asked:
                data = came.recv(4096)
                if not data:
                    return
                asked += data
            host, _colon, to = asked.split()[1].decode().rpartition(":")
            other = socket.create_connection((host.strip("[]"), int(to)), 5)
            other.settimeout(None)
            came.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        except (OSError, ValueError, IndexError):
            came.close()
            return
        _carry(came, other)

    with socket.create_server((listen, int(port))) as server:
        print("ready", flush=True)
        while True:
            came, _address = server.accept()
            threading.Thread(target=serve, args=(came,), daemon=True).start()


def tunnel(name: str, local: str, port: str, remote: str, remote_port: str) -> None:
    """A tunnel of a VPN without its secrets: packets of a tun in UDP, from a socket that is connected."""
    device = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(device, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN | _IFF_NO_PI))
    carrier = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    carrier.bind((local, int(port)))
    carrier.connect((remote, int(remote_port)))
    print("ready", flush=True)
    while True:
        for ready in select.select([device, carrier.fileno()], [], [])[0]:
            try:
                if ready != device:
                    os.write(device, carrier.recv(1 << 16))
                else:
                    carrier.send(os.read(device, 1 << 16))
            except OSError:
                continue


def dns(listen: str, interface: str, *known: str) -> None:
    """A site's name server: it knows "name=address", as long as the line is up."""
    names = {name.encode(): socket.inet_aton(address) for name, address in (one.split("=") for one in known)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((listen, 53))
        print("ready", flush=True)
        while True:
            asked, client = server.recvfrom(512)
            labels, at = [], 12
            while asked[at]:
                labels.append(asked[at + 1 : at + 1 + asked[at]])
                at += 1 + asked[at]
            question, kind = asked[12 : at + 5], asked[at + 1 : at + 3]
            flags = int(Path(f"/sys/class/net/{interface}/flags").read_text(encoding="ascii"), 16)
            found = names.get(b".".join(labels)) if flags & 1 else None
            answer = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + found if found and kind == b"\0\1" else b""
            code = b"\x81\x80" if found else b"\x81\x82"
            count = b"\0\1\0" + (b"\1" if answer else b"\0") + b"\0\0\0\0"
            server.sendto(asked[:2] + code + count + question + answer, client)


def forward(top: str, what: str, through: str) -> None:
    """A forward of ssh(1), as people make one."""
    words = ["ssh", "-F", f"{top}/ssh_config", "-N", "-o", "ExitOnForwardFailure=yes", "-L", what, through]
    with subprocess.Popen(words) as ssh:
        end = time.monotonic() + 20
        while time.monotonic() < end and ssh.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", int(what.partition(":")[0])), 1).close()
                print("ready", flush=True)
                break
            except OSError:
                time.sleep(0.1)


SERVERS: dict[str, Callable[..., None]] = {
    "api": api,
    "relay": relay,
    "proxy": proxy,
    "tunnel": tunnel,
    "dns": dns,
    "forward": forward,
}

if __name__ == "__main__":
    SERVERS[sys.argv[1]](*sys.argv[2:])
