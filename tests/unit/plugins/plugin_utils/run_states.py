# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""States of a run: one that goes well, to vary by hand, and thousands of any."""

from __future__ import annotations

import dataclasses
import datetime
import random

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Way
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Standing, command_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import Words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    PHASES,
    Hand,
    Intent,
    Latest,
    Line,
    Mail,
    Proof,
    Renewal,
    Router,
    Seen,
    Session,
    Write,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.timezone.utc)
LINE, HOST, LOGIN = "xdsl-ab12345-1", "router1", "0320123456_1@adsl.ovh"
REASONS = ("flag_unset", "already_renewed", "age_unknown", "pending", "requested")


def ago(seconds):
    return NOW - datetime.timedelta(seconds=seconds)


OLD_MAIL = Mail("1", ago(90 * 86400), "Your xDSL credentials")
NEW_MAIL = Mail("2", ago(60), "Your xDSL credentials")
UP = Session(True, "203.0.113.7", 86400.0)
DOWN = Session(False, error="LCP timeout")
INTENT = Intent(LINE, HOST, renew=True, by_hand=False, check=False)
TYPED = ["ansible-playbook", "-i", "hosts.yml", "-e", "router_pppoe_renew=true", "ownrouter.ovhcloud.renew"]
COMMAND = command_of(TYPED, {}, Standing(HOST, (HOST, "router2"), (HOST, "router2")))
WORDS = Words(LINE, COMMAND, renew=True, by_hand=False)
WAYS = tuple(Way(name, "lives", "It is so.") for name in ("router", "api_host", "api"))
PROOF = Proof(LINE, HOST, True, ago(30), Line(True, LOGIN), Latest(True, LOGIN, OLD_MAIL), Router(LOGIN, UP), WAYS)
ASKED = Renewal("requested", "confirmed", ago(120), 1, ago(120))
FRESH = State(INTENT, PROOF)
#: Of a rehearsal that may dial: the session is younger than the mail.
REHEARSAL = State(dataclasses.replace(INTENT, renew=False, rehearse=True), dataclasses.replace(PROOF, same=True))
IN_HAND = State(INTENT, PROOF, ASKED, Hand(True, LOGIN, NEW_MAIL))
SET = dataclasses.replace(IN_HAND, write=Write(True, True, ago(20)))
CONVERGED = State(dataclasses.replace(INTENT, renew=False), PROOF, hand=Hand(True, LOGIN, NEW_MAIL))


def varied(state, **parts):
    """That state with another intent, proof, ...: a mapping changes the fields of the one that is there."""
    changed = {
        name: dataclasses.replace(getattr(state, name), **part) if isinstance(part, dict) else part
        for name, part in parts.items()
    }
    return dataclasses.replace(state, **changed)


#: Seconds before NOW, on either side of every limit.
TIMES = [ago(seconds) for seconds in (-600, -5, 0, 5, 60, 125, 3599, 3601, 7200, 86400, 90 * 86400)]
LOGINS = [LOGIN] * 6 + ["0320123456_2@adsl.ovh", ""]


class Anything:
    """Records at random: most of them fit each other, so that runs get far, and every field may be anything."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self.pick = self._random.choice

    def chance(self, of_ten=5):
        return self._random.randrange(10) < of_ten

    def maybe(self, make, of_ten=8):
        return make() if self.chance(of_ten) else None

    def time(self):
        return self.pick(TIMES)

    def mail(self):
        return Mail(self.pick("123"), self.time(), "Your xDSL credentials")

    def session(self):
        uptime = self.pick([None, 0.0, 2.0, 60.0, 4000.0, 86400.0, 1e9])
        return Session(self.chance(), "203.0.113.7", uptime, self.pick(["", "LCP timeout"]))

    def intent(self):
        left = PHASES if self.chance(7) else tuple(phase for phase in PHASES if self.chance(6))
        flags = [self.chance() for _flag in "123"]
        return Intent(LINE, HOST, flags[0], self.chance(2), flags[1], left, self.chance(8), flags[2])

    def line(self):
        return Line(self.chance(), self.pick(LOGINS), self.maybe(self.time), self.pick([None, 0, -40, 40]))

    def way(self, name):
        verdict, word = self.pick(["lives"] * 18 + ["crosses", "unknown"]), self.pick([""] * 8 + ["out_of_band"])
        return Way(name, verdict, "why", word)

    def ways(self):
        return tuple(map(self.way, ("router", "api_host", "api")[: self.pick([3] * 19 + [2])]))

    def latest(self):
        return Latest(self.chance(), self.pick(LOGINS), self.maybe(self.mail), self.chance(), "2024")

    def router(self):
        return Router(self.pick(LOGINS), self.session(), self.chance(2), self.chance(2))

    def proof(self):
        line, host = self.pick([LINE] * 9 + ["xdsl-other-1"]), self.pick([HOST] * 9 + ["router2"])
        at = ago(30) if self.chance() else self.time()
        return Proof(
            line,
            host,
            self.chance(8),
            at,
            self.line(),
            self.maybe(self.latest, 9),
            self.maybe(self.router, 9),
            self.ways(),
        )

    def renewal(self):
        since, outcome = self.maybe(self.time, 3), self.pick(["none", "confirmed", "unknown"])
        return Renewal(self.pick(REASONS), outcome, self.maybe(self.time), 1, since, "Why that is so.")

    def hand(self):
        return Hand(
            self.chance(7), self.pick(LOGINS), self.maybe(self.mail), self.chance(2), self.pick([""] * 9 + ["Lost."])
        )

    def write(self):
        return Write(self.chance(), self.chance(), self.time(), self.chance(2))

    def seen(self):
        return Seen(self.session(), self.pick([None, True, False]), "", self.maybe(self.time, 2))

    def rehearsal(self):
        """One that rehearses, whatever its flag says; most of what it needs is there."""
        intent = dataclasses.replace(self.intent(), rehearse=True, router=True)
        intent = dataclasses.replace(intent, phases=PHASES) if self.chance(8) else intent
        proof = self.maybe(self.proof, 9)
        proof = dataclasses.replace(proof, same=self.pick([True] * 6 + [False, None])) if proof else None
        hand = self.maybe(lambda: self.hand_of(proof), 5)
        parts = (self.maybe(self.renewal, 1), hand, self.chance(2))
        return State(intent, proof, *parts, self.maybe(self.write, 2), self.maybe(self.seen, 1))

    def hand_of(self, proof):
        """Mostly what preflight saw."""
        if proof and proof.latest and proof.router and self.chance(8):
            return Hand(True, proof.router.login, proof.latest.mail)
        return self.hand()

    def state(self):
        parts = (self.maybe(self.renewal, 6), self.maybe(self.hand, 6), self.chance())
        return State(
            self.intent(), self.maybe(self.proof, 9), *parts, self.maybe(self.write, 3), self.maybe(self.seen, 3)
        )


def thousands(seed, count=5000):
    """So many states."""
    anything = Anything(seed)
    for _number in range(count):
        yield anything.state()
