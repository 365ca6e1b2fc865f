# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The line's own counter as a voice: is what is sent on a way seen on the line?

Known amounts in random order, the counter of the line's interface before and after each, and a slope with its standard
error: 0 where nothing of a byte crosses the line, a little over 1 where all of it does, whatever carries it. Other
traffic on the line makes the error larger; by chance a slope may come out small, but a counter does not: it grows by
at least what crosses, so a few moments in which it grew by less are the proof. Nothing is written anywhere.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import math
import random
import socket
import ssl
import time
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import UNKNOWN, Counted, Target
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.judge import counted_says
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.port import Counter

KIB = 1024
#: Bytes to the router and as many back: what mostly settles it, and what is tried beside where it does not.
PLANS = ((0, 8 * KIB, 16 * KIB, 24 * KIB) * 3, (0, 32 * KIB, 64 * KIB) * 3)
#: Handshakes with the host of the API, of some 5 KiB each.
SHAKES = ((0, 3, 6) * 4, (0, 5, 10) * 3)
#: The error, and the largest share, of a measurement that was too short.
UNTOLD = (9.0, 9.0)
#: So many moments in which the counter grew by less than what was sent: one may be a counter that lags.
MOMENTS = 3
#: Seconds and bytes that a measurement takes at most.
LONGEST, MOST = 9.8, 1000 * KIB
#: Seconds of a whole handshake; and for the line's counter to show the last bytes.
SHAKE, SETTLE = 3.0, 0.1
#: Ports on which TLS is not what a connection begins with.
NO_TLS = frozenset({80, 143})
Pair = tuple[int, int]


def slope(pairs: t.Sequence[Pair], seconds: float) -> Counted | None:
    """A line through what was sent and what the counter grew by (pure); None where that are too few points."""
    count = len(pairs)
    if count < 5:
        return None
    middle, grown = sum(x for x, _y in pairs) / count, sum(y for _x, y in pairs) / count
    spread = sum((x - middle) ** 2 for x, _y in pairs)
    if not spread:
        return None
    rise = sum((x - middle) * (y - grown) for x, y in pairs) / spread
    rest = sum((y - grown - rise * (x - middle)) ** 2 for x, y in pairs)
    shares = sorted(y / x for x, y in pairs if x > 0)
    most = shares[MOMENTS - 1] if len(shares) >= MOMENTS else math.inf
    return Counted(rise, (rest / (count - 2) / spread) ** 0.5, most, sum(x for x, _y in pairs), seconds)


def from_router(
    counted: t.Callable[[int, int], tuple[Counter, int] | None], clock: t.Callable[[], float] = time.monotonic
) -> Counted | None:
    """Bytes that the router sends here, and as many to it, by the connection that sets it.

    They may take two ways, and either one is enough: of each byte back, two cross a line that carries both. Between two
    readings of the counter lie what comes after the first one, and what goes there before the second.

    :param counted: see :meth:`port.Router.counted`
    :return: None where the router does not do that
    """
    came = 0

    def send(amount: int) -> tuple[int, int] | None:
        nonlocal came
        told = counted(amount, came)
        if told is None:
            return None
        came = told[1]
        return told[0].sent + told[0].received, came

    found = _measure(PLANS, send, clock)
    return dataclasses.replace(found, sent=2 * found.sent) if found else None


def to_host(
    counter: t.Callable[[], Counter | None],
    shake: t.Callable[[], int],
    longest: float = LONGEST,
    clock: t.Callable[[], float] = time.monotonic,
    sleep: t.Callable[[float], None] = time.sleep,
) -> Counted | None:
    """Bytes of TLS handshakes with a host, which are no calls.

    :param shake: makes one, and returns its bytes both ways
    :param longest: seconds
    """
    with concurrent.futures.ThreadPoolExecutor(10) as pool:

        def send(amount: int) -> tuple[int, int] | None:
            told = counter()
            if told is None:
                return None
            said = sum(pool.map(lambda _number: shake(), range(amount)))
            sleep(SETTLE)
            return told.sent + told.received, said

        return _measure(SHAKES, send, clock, longest)


def _measure(
    plans: t.Sequence[t.Sequence[int]],
    send: t.Callable[[int], tuple[int, int] | None],
    clock: t.Callable[[], float],
    longest: float = LONGEST,
) -> Counted | None:
    begun, sent, looks, found = clock(), 0, 0, None
    pairs: list[Pair] = []
    for number, plan in enumerate(plans):
        amounts = list(plan)
        random.shuffle(amounts)
        before: Pair | None = None  # the counter, and what was sent after it was read
        for amount in [*amounts, 0]:
            # A second plan that does not fit any more is left out; the first one may be cut short. Under load, one more
            # takes as long as those so far.
            spent = clock() - begun
            if spent + spent / max(looks, 1) > longest or sent > MOST:
                break
            told = send(amount)
            looks += 1
            if told is None:
                return None
            if before is not None and told[0] >= before[0]:
                pairs.append((before[1], told[0] - before[0]))
            before, sent = told, sent + told[1]
        found = slope(pairs, clock() - begun)
        if found is None or counted_says(found) != UNKNOWN or clock() - begun > longest / (number + 2):
            break
    return found or Counted(0.0, *UNTOLD, sent, clock() - begun)


def shaker_of(target: Target) -> t.Callable[[], int] | None:
    """Makes handshakes with a host; None where that one does not begin with TLS, or has no route."""
    if not target.routes or target.port in NO_TLS:
        return None
    address = target.routes[0].address
    if not target.proxy:
        return shaker(address, target.port, target.name)
    return shaker(address, target.port, target.name, (address, int(target.proxy.rpartition(":")[2])))


def shaker(address: str, port: int, name: str, proxied: tuple[str, int] | None = None) -> t.Callable[[], int]:
    """Makes a TLS handshake with a host, and tells its bytes both ways; 0 where that failed."""
    context = ssl.create_default_context()
    # Nothing is said here, and nothing believed: only the bytes count.
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def shake() -> int:
        said, end = 0, time.monotonic() + SHAKE
        try:
            with socket.create_connection(proxied or (address, port), SHAKE) as connection:
                if proxied:
                    ask = f"CONNECT {name}:{port} HTTP/1.1\r\nHost: {name}:{port}\r\n\r\n".encode()
                    connection.sendall(ask)
                    said += len(ask) + len(connection.recv(4096))
                coming, going = ssl.MemoryBIO(), ssl.MemoryBIO()
                talk = context.wrap_bio(coming, going, server_hostname=name)
                # Not for each piece: a host that drips them would be listened to for ever.
                while (left := end - time.monotonic()) > 0:
                    connection.settimeout(left)
                    try:
                        talk.do_handshake()
                        done = True
                    except ssl.SSLWantReadError:
                        done = False
                    if out := going.read():
                        connection.sendall(out)
                        said += len(out)
                    if done:
                        return said
                    data = connection.recv(1 << 16)
                    if not data:
                        return said
                    said += len(data)
                    coming.write(data)
        except (OSError, ValueError):
            pass
        return said

    return shake
