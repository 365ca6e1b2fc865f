# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two looks of preflight: at the line, and at its router. The second one's result is the proof of a request."""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import here
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import CROSSES, Back, Here, Way
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks import own_files, task_files
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import preflight, verdict
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight import rehearsed as last_rehearsed
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import Place
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers.vyos.network_cli import socket_too_long
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import compare, standby, standby_words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.brief import Brief
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.flow import Run, session_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.provisioning import Provisioning
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import (
    ACTING,
    UNKNOWN,
    Latest,
    Line,
    Router,
    Session,
    same_login,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import Unreadable, as_data, from_data
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.state import State, unsafe
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store import store_tasks
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import three
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways.by_router import by_router

Data = t.Mapping[str, t.Any]
MTU = 1492
NOT_REHEARSED = (
    "a rehearsal asks OVHcloud, compares the mail's password with the router's and dials in one process, and {}. Have "
    "the router dial by hand to see that it comes back."
)
#: What comes after the look at the line, by entry point.
FOLLOWS = {
    "preflight": "preflight_router.yml",
    "audit": "preflight_router.yml",
    "rehearse": "dial.yml",
    "credentials": "hand.yml",
}
ONCE_OFFLINE = (
    "when this machine has lost its Internet access, give it another one, or read the mail on a smartphone and finish "
    "by hand; the run gives the command."
)
NO_LOGIN = (
    "neither the RADIUS log nor a mail nor a store tells the login of this line, so its interface cannot be made. Set "
    "router_pppoe_line_login, or request a new password (router_pppoe_renew): the login comes with its mail."
)
NO_PASSWORD_YET = Session(False, error="the interface has no password yet")


class Looks(Brief):
    """Preflight of one line; each look returns the task's result.

    :param load: reads a YAML file
    """

    def __init__(self, run: Run, place: Place, load: t.Callable[[str], t.Any], entry: str) -> None:
        super().__init__(run, place, entry)
        self._load = load
        self._facts: three.Facts | None = None
        self._found: Data = {}

    def line(self, router_address: str, store_read: bool = True) -> dict[str, t.Any]:
        """The line, the key, the mailbox, the store, and the place that this runs from.

        :param store_read: the tasks of a store of the user's own were run
        :raises Stopped: when a run could not finish
        """
        tasks = FOLLOWS.get(self._entry) or ("steps.yml" if self.place.as_tasks else "whole.yml")
        result: dict[str, t.Any] = {"entry": self._entry, "tasks": tasks, "look": []}
        files = task_files.TaskFiles(self._load)
        if folder := self.options.store_folder:
            self._stop_at([why] if (why := store_tasks.trouble(Path(folder), files)) else [])
            result["store"], result["forget"] = folder, files.kept
            if not store_read:
                return {**result, "tasks": "stored.yml"}
        if "preflight" not in self.intent.phases:
            return result
        self._stop_at(preflight.of_options(self.options, self.place))
        if self._entry == "rehearse" and self.place.apart:
            self._stop_at([NOT_REHEARSED.format(self.place.apart)])
        try:
            self._note(own_files.notes(self.options, files, self._entry))
        except task_files.Unfit as unfit:
            self._stop_at([str(unfit)])
        result["forget"] = files.kept
        after = self.options.text("after")
        result["after"] = [after] if after and self._entry == "main" and not self.intent.check else []
        if self.options.text("platform") == "vyos" and (why := socket_too_long()):
            self._stop_at([why])
        if self._brief:
            one = tasks == "whole.yml" and bool(ACTING & set(self.intent.phases))
            return {**result, **({"tasks": "converge.yml"} if one else {}), **self._in_brief()}
        told = self._told(router_address)
        latest = None if self._later else self._mail(told)
        line = preflight.line_of(told, latest or {}, self.options.text("line_login"), self._kept_login)
        self._see(line=line, latest=preflight.latest_of(latest) if latest else None)
        stops = [*preflight.of_line(self.options, told, latest), *self._of_key(told, line)]
        self._stop_at(stops, failure=(latest or told).get("failure"))
        ground = verdict.ground_of(told, self._folder())
        self._see(ground=ground)
        self._prove_store()
        looked = self._looked(told) if self._ways_wanted else None
        if looked:
            result["ways"] = as_data(looked)
        self._note([*preflight.notes(self.options, told), *preflight.notes_of_mail(self.options, latest or {})])
        self._note(preflight.unknown(told), seen=False)
        result["dial_in"] = preflight.access_of(told).get("last_connection")
        result.update(line=as_data(line), ground=as_data(ground), notes=list(self.sight.notes))
        result["latest"] = as_data(self.sight.latest)
        if self._entry == "credentials" and self.options.hosts("standby_hosts"):
            self.run.warnings.append(
                f"{self.words.service_name}: router_pppoe_standby_hosts are not set by the entry point credentials."
            )
        facts = three.Facts(looked, here.addresses(router_address)) if looked else None
        crossing = self._crossing(facts) if facts and self.options.flag("renew") else []
        if self.place.apart or self._entry == "credentials":
            self._stop_at(crossing)
        if self._entry == "credentials":
            ways = self._proven(facts)
            proof = self.proof(line, self.sight.latest, None, ways)
            return {**result, "proof": as_data(proof), **self._verdict()}
        if self.options.flag("provision"):
            result["wanted"] = self._wanted(preflight.access_of(told), line)
        result["look"] = self._own_looks()
        own = self.options.custom and not self.options.text("before_cut")
        if own:
            return result
        if self.place.as_tasks and self._entry == "main" and self.intent.renew and not (self.intent.check or crossing):
            # Where the steps are tasks, the request is sent from a task that does not see the router.
            asked = self.run.means.calls(ovh.RENEW, {**self.options.renewal(), "clock_skew": line.skew or 0}, True)
            result["prove"] = asked.get("reason") == "requested"
            before_cut = self.options.text("before_cut")
            result["before_cut"] = [before_cut] if before_cut and result["prove"] else []
        return result

    @property
    def _later(self) -> bool:
        """Is the mail looked for beside the router, so that their passwords can be compared?"""
        return self._entry != "credentials" and not self.place.apart and not self.options.by_hand

    def _told(self, router_address: str) -> Data:
        options = self.options
        mails = not options.by_hand and options.text("mail_source") == "api"
        rights = ["access", *(["service_mails"] if mails else []), *(["renew"] if options.flag("renew") else [])]
        look = {**options.connection(), "required_rights": rights}
        if self._ways_wanted:
            look["router_address"] = router_address
            look.update({name: value for name, value in options.mailbox().items() if name in ovh.MAIL_SERVER})
        return self.run.means.calls(ovh.LINE, look, self.intent.check)

    def _mail(self, told: Data) -> Data:
        if self.options.by_hand or "accesses" not in told or told.get("missing_rights"):
            return {}
        login = str(preflight.access_of(told).get("login") or "")
        return compare.latest_mail(self.run, login, told.get("clock_skew"), password=False)

    def _wanted(self, access: Data, line: Line) -> dict[str, t.Any]:
        """What the interface of the line must be, beside its password."""
        vlan = self.options.values["provision_vlan"]
        if vlan is None and access.get("profile"):
            # Profile A has none, and a line without a known profile has nothing to go by.
            vlan = access.get("vlan") or 0
        login = self.options.text("login") if self.options.by_hand else line.login
        if vlan is None:
            self._stop_at(
                [
                    f"OVHcloud does not tell the VLAN of this line (access {access.get('access_type') or 'unknown'}, "
                    f"provider {access.get('provider') or 'unknown'}). Set router_pppoe_provision_vlan: 835, 4001, "
                    "4070, or 0 for none."
                ]
            )
        if not login and not self._later:
            login = self._unknown_login()
        device, mtu = self.options.text("provision_device"), int(access.get("mtu") or MTU)
        wanted = {"interface": self.options.interface, "device": device, "vlan": vlan, "mtu": mtu, "login": login}
        return {**wanted, "changes": self.options.flag("provision_changes")}

    def router(self, line: Data, facts: Data) -> dict[str, t.Any]:
        """The router: reachable, writable, and the right one. The result holds the proof.

        :param line: what the step :meth:`line` returned
        :param facts: what the tasks of a platform of the user's own have set
        :raises Stopped: when a run could not finish
        """
        self._entry = str(line.get("entry") or self._entry)
        if "preflight" not in self.intent.phases:
            return {}
        handed = {name: line[name] for name in ("before_cut",) if line.get(name)}
        if line.get("unreachable"):
            why = str(line.get("msg") or "no answer").rstrip(".")
            self._stop_at(
                [f"the host {self.options.text('api_host')} (router_pppoe_api_host) cannot be reached: {why}."]
            )
        try:
            told = from_data(Line, line.get("line"))
            latest = from_data(Latest, line["latest"]) if line.get("latest") else None
            looked = from_data(three.Looked, line["ways"]) if line.get("ways") else None
            ground = from_data(verdict.Ground, line.get("ground"))
        except Unreadable:
            return {}
        let_in = told.accepted_at is not None
        self._facts = three.Facts(looked, router=self.run.means.chain(), let_in=let_in) if looked else None
        self._see(line=told, latest=latest, ground=ground, notes=tuple(map(str, line.get("notes") or ())))
        # The step of the line, which has passed, has opened the store.
        self._see(kept=bool(self._kept_login))
        if self._later and not self._brief:
            told, latest = self._mail_beside(told)
        changed, router, why = self._own_router(facts) if self.options.custom else self._typed_router(line)
        self._see(router=router)
        session = router.session
        if self._brief and session.up and session.uptime is None and told.skew is None:
            # The router does not tell how old its session is.
            told = self._dial_ins(told.login)
            self._see(line=told)
        hosts = self.options.hosts("standby_hosts") if self._entry != "credentials" else ()
        self._note(standby_words.notes(standby.told(facts.get("standbys"), hosts)))
        if not router.waiting:
            self._stop_at(preflight.of_router(self.options, router, why, told), router)
        if self.run.means.here:
            self._see(rehearsed=last_rehearsed.last(self._state_dir, self.intent.service_name, self.intent.host))
        if self._facts:
            self._facts = dataclasses.replace(
                self._facts, session=router.session, rehearsed=self._answered(self._facts, told)
            )
        ways = self._proven(self._facts, router)
        proof = self.proof(told, latest, router, ways)
        self._see(rehearsable=not self.place.apart and unsafe(State(self.intent, proof), proof.at) is None)
        return {"changed": changed, "proof": as_data(proof), **handed, **self._verdict()}

    def _answered(self, facts: three.Facts, line: Line) -> three.Rehearsed:
        """What the last rehearsal tells of the ways, once everything else was heard."""
        now = self.run.their_time(line.skew)
        return self.sight.rehearsed.answered(now, facts.trails) if self.sight.rehearsed else three.Rehearsed()

    def _mail_beside(self, line: Line) -> tuple[Line, Latest]:
        """The latest mail, and the login that it may tell. Its password does not leave this object."""
        wanted = self.options.flag("renew") or self._entry == "audit"
        self._found = compare.latest_mail(self.run, line.login, line.skew, password=wanted)
        self._stop_at(preflight.of_mail(self.options, self._found), failure=self._found.get("failure"))
        latest = preflight.latest_of(self._found)
        line = dataclasses.replace(line, login=line.login or latest.login)
        self._see(line=line, latest=latest)
        self._note(preflight.notes_of_mail(self.options, self._found))
        return line, latest

    # -- the ways

    @property
    def _ways_wanted(self) -> bool:
        """Is the line to be cut, or does somebody ask whether it could be?"""
        return self.options.flag("renew") or self._entry == "preflight"

    def _looked(self, told: Data) -> three.Looked:
        seen = (told.get("control_node") or {}).get("facts")
        chain = self.run.means.chain()
        return three.Looked(from_data(Here, seen) if seen else None, chain, () if chain.local else here.servers())

    def _judged(self, facts: three.Facts) -> tuple[Way, ...]:
        return three.judged(facts, three.given_words(self.options))

    def _crossing(self, facts: three.Facts) -> list[str]:
        """Which ways are known to go through the line, and stop a run."""
        return list(three.stops(one for one in self._judged(facts) if one.verdict == CROSSES))

    def _proven(self, facts: three.Facts | None, router: Router | None = None) -> tuple[Way, ...]:
        """The ways as part of the proof. Where no line is to be cut, they are told and stop nothing.

        :raises Stopped: when one of them is not shown to work without the line
        """
        ways = self._judged(facts) if facts else ()
        self._see(ways=ways)
        if not self.options.flag("renew"):
            self._note((one.rstrip(".") for one in three.stops(ways)), seen=False)
            return ()
        # A redial of seconds shows what is not known.
        known = [way for way in ways if way.verdict == CROSSES] if self._entry == "rehearse" else ways
        self._stop_at(three.stops(known), router)
        self._note(three.notes(ways), seen=False)
        # Tasks of the user's own, and what keeps a connection to VyOS, are processes with look-ups of their own.
        kept = not self.options.custom and self.options.text("platform") != "vyos"
        self._note(three.of_names(facts, kept=kept) if facts else ())
        if way := three.offline(ways):
            lost = f"{way.why}, and router_pppoe_accept_offline is set"
            self._note([f"{lost}. {messages.offline_note(self.words)}"], seen=False)
            self._see(notes=(*self.sight.notes, f"{lost}: {ONCE_OFFLINE}"))
        return ways

    def _typed_router(self, line: Data) -> tuple[bool, Router, str]:
        try:
            return self.run.with_router(lambda driver: self._looked_at(driver, line))
        except Failure as failure:
            crossing = self._crossing(self._facts) if self._facts and self.options.flag("renew") else []
            raise self._stopped([*crossing, self.run.said(failure)]) from None

    def _looked_at(self, driver: port.Router, line: Data) -> tuple[bool, Router, str]:
        made: port.Provisioned | None = None
        if wanted := line.get("wanted"):
            login = str(wanted["login"] or (self.sight.line.login if self.sight.line else "")) or self._unknown_login()
            login = self._to_be_replaced(driver, login) or login
            interface = port.Interface(wanted["device"], wanted["vlan"], wanted["mtu"], login)
            answer, stops = Provisioning(self.run, self._looks_only).make(driver, interface)
            if isinstance(answer, port.Unable):
                self._stop_at([answer.why])
            else:
                made = answer
                did = made.changed and not self._looks_only
                self._stop_at(stops, Router(login, Session(False), False, did, self._replaceable(login)))
            if made and made.waiting:
                provisioned = made.changed and not self._looks_only
                router = Router(login, NO_PASSWORD_YET, True, provisioned, self._replaceable(login))
                return self._counts(made.changed), router, ""
        probe = driver.probe(prove=bool(line.get("prove")))
        self.run.warnings += [self.run.named(one) for one in probe.warnings]
        if self._facts:
            self._facts = by_router(self._facts, driver, probe, three.given_words(self.options))
        provisioned = made is not None and made.changed and not self._looks_only
        router = Router(probe.login, session_of(probe.session), False, provisioned, self._replaceable(probe.login))
        why = "" if probe.writable else self.run.named(probe.why) or "The router does not say why."
        if self._found and not why:
            same, uncompared = compare.compared(driver, probe.login, self._found)
            self._see(same=same, uncompared=self.run.named(uncompared))
        return made is not None and self._counts(made.changed), router, why

    def _replaceable(self, login: str) -> bool:
        return self.options.replaceable(login, self.sight.line.login if self.sight.line else "")

    def _unknown_login(self) -> str:
        """What stands for a login that comes with the mail.

        :raises Stopped: when no mail is to come
        """
        if not self.options.flag("renew"):
            self._stop_at([NO_LOGIN])
        return self.options.service_name

    def _to_be_replaced(self, driver: port.Router, login: str) -> str:
        """The login that an interface has, where it goes on as it is until the line's takes its place; "" for none."""
        if not (self.options.text("replaces_login") or login != self.options.service_name):
            return ""
        try:
            has = driver.probe(prove=False).login
        except Failure:
            # There is none yet, or provisioning says what is wrong with it.
            return ""
        return has if has and (self._replaceable(has) or same_login(has, login)) else ""

    def _counts(self, changed: bool) -> bool:
        """Does what was provisioned, or would be, count as a change of this run?"""
        return changed and (self.intent.check or not self._looks_only)

    def _own_router(self, facts: Data) -> tuple[bool, Router, str]:
        provisioned = facts.get("router_pppoe_provisioned")
        did = False
        if self.options.flag("provision"):
            made: Data = provisioned if isinstance(provisioned, t.Mapping) else {}
            if "changed" not in made or made.get("error"):
                why = str(made.get("error") or "provision.yml does not set the fact router_pppoe_provisioned")
                self._stop_at([f"{why.rstrip('.')}."], None if self._looks_only else UNKNOWN)
            did = bool(made.get("changed")) and not self._looks_only
            if made.get("waiting"):
                login = str((facts.get("wanted") or {}).get("login") or self.options.text("login"))
                return False, Router(login, NO_PASSWORD_YET, True, did, self._replaceable(login)), ""
        probe, session = facts.get("router_pppoe_router"), facts.get("router_pppoe_session")
        self._stop_at(preflight.of_contract(self.options.text("platform_dir"), probe, session))
        told: Data = probe if isinstance(probe, t.Mapping) else {}
        why = "" if told.get("writable") else str(told.get("why") or "probe.yml does not say why.")
        if self._facts:
            counter = told.get("counter")
            at = str((counter if isinstance(counter, t.Mapping) else {}).get("interface") or "")
            back = Back(str(told.get("reached_by") or ""), line=at or self.options.text("interface"))
            self._facts = dataclasses.replace(self._facts, back=back)
        login = str(told.get("login") or "")
        session = preflight.session_of(session)
        return False, Router(login, session, provisioned=did, replaceable=self._replaceable(login)), why
