# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The tasks of the role router_pppoe: what they are given by the run, and what they leave there.

The role's variables are read here, so that no secret among them is ever an argument of a task.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import sys
import typing as t

from ansible import context
from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.utils.vars import load_extra_vars

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils import _core_dumps
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._argspec import connection_spec
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import harmless
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways import names
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import Chain
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import Words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX, SPEC, Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ovh import calls as ovh
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks import own_store
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import Place
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._process import last_words, progress
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._routers import choose, port
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import standby as standbys
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run import standby_words
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.flow import Run
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.looks import Looks
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.means import Means, Stopped
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.rehearsal import Rehearsing
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.settled import settled
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.steps import Steps
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import report
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import sites as all_sites
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._sites import turn as site_turn
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import ACTING, Intent
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.records import as_data
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.stores import Stores
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._task_given import Given
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._unexpected import where
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._ways import chain

STEPS = (
    "line",
    "router",
    "standby",
    "whole",
    "converge",
    "rehearse",
    "ask",
    "kept",
    "set",
    "verify",
    "credentials",
    "handed",
    "unkept",
    "hand",
    "failed",
    "told",
)
#: Of a store that failed: what it says may be what no_log hides.
NOT_KEPT = "a task of it failed (its message is above)"
ARGUMENTS: dict[str, dict[str, t.Any]] = {
    "step": {"type": "str", "required": True, "choices": list(STEPS)},
    "entry": {"type": "str", "default": "main", "choices": ["main", "preflight", "rehearse", "audit", "credentials"]},
    "before": {"type": "str", "default": ""},
    "failed": {"type": "bool", "default": False},
    "once": {"type": "bool", "default": False},
}
#: Facts that the task files of a platform of the user's own set.
FACTS = ("router_pppoe_router", "router_pppoe_session", "router_pppoe_applied", "router_pppoe_provisioned")
#: Steps that are skipped without any of these phases.
BEHIND = ("whole", "converge", "rehearse", "ask", "set", "verify")
#: Results of the preflight, which hold the names that were looked up.
KEPT = ("_router_pppoe_line", "_router_pppoe_proof")
#: Steps that nothing was done before.
FIRST = ("line", "router", "whole", "converge", "ask", "credentials", "hand")
LOCAL = ("local", "ansible.builtin.local", "ansible.legacy.local")


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core publishes no types
    """See plugins/modules/xdsl_ppp_renewal.py."""

    TRANSFERS_FILES = False
    _supports_check_mode = True
    _supports_async = False

    def run(self, tmp: str | None = None, task_vars: dict[str, t.Any] | None = None) -> dict[str, t.Any]:
        self._vars = task_vars or {}
        self._given = Given(self._vars, self._templar.template)
        self._host = self._given.host
        progress.among(len(self._given.play_hosts()))
        sites = site_turn.of_run(self._vars, self._templar.template)
        result = self._run_step(super().run(tmp, self._vars), sites)
        if sites is None:
            return result
        return {**result, "run": sites.run, "batch": (self._given.batch() or [self._host])[0]}

    def _run_step(self, result: dict[str, t.Any], sites: all_sites.Sites | None) -> dict[str, t.Any]:
        _core_dumps.forbid()
        self._names = names.remember()
        _validation, args = self.validate_argument_spec(argument_spec={**connection_spec(), **ARGUMENTS})
        if args["step"] == "router":
            # Its task is that of every entry point.
            args["entry"] = str(self._given.before(str(args["before"])).get("entry") or args["entry"])
        phases = self._given.phases(self._task.tags)
        if not phases or (args["step"] in BEHIND and not ACTING & set(phases)):
            return {
                **result,
                "changed": False,
                "skipped": True,
                "skip_reason": "The tags of this run leave none of its phases.",
            }
        before = self._given.before(str(args["before"]))
        self._command = self._given.command(sys.argv, os.environ)
        if left := self._left(args, before, sites):
            return {**result, "changed": False, **left}
        self._learn()
        self._environment()
        run: Run | None = None
        slips = self._given.slips() if args["step"] == "line" else []
        try:
            options = self._given.its_own(self._options(args), args["entry"], self._task.run_once)
            done = self._settled(options, args)
            run = self._run(options, phases, args["entry"], args["step"], done)
            last_words.at_a_signal(run.broken_off)
            result.update({"changed": False, **self._done(run, args), **self._learnt(args["step"])})
            if done:
                # Time passes: what the first step has found is so for the whole run.
                result["settled"] = True
        except Stopped as stopped:
            did = run is not None and run.did_something
            result.update(failed=True, msg=str(stopped), changed=did, failure=stopped.failure)
            untouched = messages.UNTOUCHED if args["step"] in FIRST else ""
            result["state_now"] = (run.where() if run else "") or untouched
            if stopped.verdict:
                result["verdict"] = stopped.verdict
        except Failure as failure:
            # Variables are read before anything else is done, and in each step alike.
            failure.message = messages.not_read(failure.message, self._command, args["step"] in FIRST)
            result.update(failure.as_result(), failed=True, changed=False)
            result["state_now"] = messages.UNTOUCHED if args["step"] in FIRST else ""
        except AnsibleError:
            raise
        except Exception as error:
            # Ansible shows the text of an exception, and this one could quote a password.
            said = f"The step {args['step']} failed unexpectedly ({where(error)})."
            last = run.broken_off(said) if run else messages.not_read(said, self._command, args["step"] in FIRST)
            self._say_in_spite(last)
            raise AnsibleActionFail(harmless(last)) from None
        finally:
            last_words.nothing()
        if slips or run is not None:
            result["warnings"] = list(dict.fromkeys([*slips, *(run.warnings if run else ())]))
        if run is not None and run.diff:
            result["diff"] = {"prepared": "".join(f"{line}\n" for line in run.diff)}
        ends = args["step"] in ("whole", "converge", "rehearse", "verify") or (args["step"], args["entry"]) == (
            "handed",
            "credentials",
        )
        if "msg" in result and not result.get("failed") and ends:
            progress.say(self._host, result["msg"])
        if result.get("failed"):
            self._say_in_spite(str(result.get("msg") or ""))
        if result.pop("secret", False) or result.get("password"):
            result["_ansible_no_log"] = True
        return dict(harmless(result))

    def _say_in_spite(self, last: str) -> None:
        """The last words of a failure where no_log of the user's hides its result. They hold no secret in any case."""
        if self._task.no_log:
            progress.say(self._host, last)

    def _done(self, run: Run, args: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        step, entry, before = args["step"], args["entry"], self._given.before(str(args["before"]))
        facts = {name: self._given.value(name) for name in FACTS} if run.options.custom else {}
        facts["standbys"] = self._given.value("_router_pppoe_standbys")
        looks = Looks(run, self._place(run.options, entry), self._loader.load_from_file, entry)
        if step == "told":
            return self._told(run)
        if step == "line":
            return looks.line(self._given.address(), store_read=bool(before.get("store")))
        if step == "router":
            if run.options.flag("renew") and not run.intent.check:
                # One that an earlier run has left would not notice that it is dead.
                self._reset()
            return looks.router(before, {**facts, "wanted": before.get("wanted")})
        steps = Steps(run, entry)
        steps.head(before.get("verdict"))
        if step == "whole":
            return steps.whole(before.get("proof") or {})
        if step == "converge":
            return steps.converge(lambda: looks.router(before, facts))
        if step == "rehearse":
            return steps.rehearse(before.get("proof") or {})
        if step == "ask":
            away = self._away(run.options.text("before_cut")) if before.get("before_cut") else ""
            return steps.ask(before.get("proof") or {}, away)
        if step == "kept":
            return steps.kept(before, NOT_KEPT if args["failed"] else self._away(run.options.text("store")))
        if step == "set":
            return steps.set(before, bool(args["once"]))
        if step == "standby":
            host = str(self._task.delegate_to)
            own = standbys.options_of(run.options, host, self._given.of)
            last = facts["standbys"] or {} if args["once"] else None
            return steps.standby(before, host, lambda: self._driver(own, host), last)
        if step == "verify":
            return steps.verify(before, facts)
        if step == "hand":
            return steps.hand()
        ends = {"credentials": steps.credentials, "handed": steps.handed, "unkept": steps.unkept}
        if step in ends:
            return ends[step](before)
        return steps.failed(before, facts, self._reason())

    def _told(self, run: Run) -> dict[str, t.Any]:
        """What came of the line, for the tasks of the user's own after the end."""
        found = {name: self._given.before(site_turn.RESULTS[name]) for name in site_turn.KNOWN}
        row = report.row(all_sites.RENEW, self._host, run.options.service_name, site_turn.so_far(found))
        return {"changed": False, "told": as_data(row), "after": list(found["line"].get("after") or [])}

    def _reason(self) -> str:
        """The message of the task that failed. One of the user's own can hold a password, so it is no argument."""
        return str(self._given.before("ansible_failed_result").get("msg") or "")

    def _options(self, args: t.Mapping[str, t.Any]) -> Options:
        given = {name: args[name] for name in connection_spec() if name in SPEC}
        if "requests_per_minute" not in self._task.args:
            # Its default is the one of the host that asks OVHcloud.
            del given["requests_per_minute"]
        own = {name: self._given.value(f"{PREFIX}{name}") for name in SPEC}
        if args["entry"] == "rehearse":
            # What a renewal needs is looked at; the run has no act that asks.
            own["renew"] = True
        if args["entry"] == "audit":
            # Nothing of a renewal is proven, so that a key which may only read is enough.
            own["renew"] = own["provision"] = False
        return Options({**given, **{name: value for name, value in own.items() if value not in (None, "")}})

    def _settled(self, options: Options, args: t.Mapping[str, t.Any]) -> bool:
        """The flag is set, and the store alone shows that no renewal is due: then no renewal is prepared."""
        before = self._given.before(str(args["before"]))
        if args["step"] != "line" or (options.store_folder and not before.get("store")):
            return before.get("settled") is True
        # The journal may be on the other host.
        return not self._given.apart(options) and settled(
            options, str(args["entry"]), lambda: self._stores(options).kept()
        )

    def _run(self, options: Options, phases: tuple[str, ...], entry: str, step: str, done: bool) -> Run:
        renew = options.flag("renew") and entry != "rehearse"
        if done:
            options = options.without_request()
        intent = Intent(
            service_name=options.service_name,
            host=self._host,
            # The preflight alone proves that a renewal could finish.
            renew=renew and not done,
            by_hand=options.by_hand,
            # A task's own check_mode: false does not make a run that only looks send a request.
            check=bool(self._task.check_mode or context.CLIARGS.get("check")),
            phases=phases,
            router=entry != "credentials",
            stores=bool(options.text("store_vault_file") or options.store_folder),
            rehearse=entry == "rehearse",
            settled=done,
        )
        words = Words(
            service_name=intent.service_name,
            command=self._command,
            renew=renew,
            by_hand=intent.by_hand,
            mail_place=options.mail_place,
            cooldown=options.text("cooldown"),
            session_timeout=options.number("session_timeout"),
            store=options.store_name,
            check=intent.check,
        )
        calls, stores = self._calls(options), self._stores(options)
        means = Means(
            calls=calls,
            router=None if options.custom else lambda: self._driver(options),
            keep=lambda wanted: stores.keep(wanted, intent.check),
            kept=stores.kept,
            to_write=stores.to_write,
            room=stores.room,
            now=lambda: datetime.datetime.now(datetime.timezone.utc),
            chain=lambda: self._chain(options, step),
            here=calls in (ovh.in_process, ovh.in_time),
            reset=self._reset,
        )
        return (Rehearsing if intent.rehearse else Run)(options, intent, words, means)

    # -- what the run is

    def _left(
        self, args: t.Mapping[str, t.Any], before: t.Mapping[str, t.Any], sites: all_sites.Sites | None
    ) -> dict[str, t.Any]:
        """The result of a site that is left alone; empty for one whose turn it is."""
        first = args["step"] == "line"
        if active := str(before.get("standby_of") or "") or (self._given.active(args["entry"]) if first else ""):
            said = standby_words.left_to(active)
            if first:
                progress.say(self._host, said)
            return {"skipped": True, "skip_reason": said, "standby_of": active}
        if sites and (said := sites.why_doubled(self._host)):
            return {"failed": True, "msg": said, "state_now": messages.UNTOUCHED}
        if said := str(before.get("not_tried") or "") or (self._given.not_begun(sites) if first else ""):
            return {"skipped": True, "skip_reason": said, "not_tried": said}
        return {}

    def _learn(self) -> None:
        """Each task is a process of its own, and a site's name server may go with the line."""
        for name in KEPT:
            self._names.learn(self._given.before(name).get("names") or {})

    def _learnt(self, step: str) -> dict[str, t.Any]:
        known = self._names.known if step in ("line", "router") else {}
        return {"names": {name: list(addresses) for name, addresses in known.items()}} if known else {}

    def _environment(self) -> None:
        """What the play, or the task, sets: a module would have it, and this worker is a process of its own."""
        for block in self._task.environment or []:
            found = self._templar.template(block)
            os.environ.update({str(name): str(value) for name, value in dict(found or {}).items()})

    def _place(self, options: Options, entry: str) -> Place:
        over = frozenset(map(str, load_extra_vars(self._loader)))
        forks = int(context.CLIARGS.get("forks") or 1)
        return self._given.place(options, entry, over, forks, int(self._task.throttle or 0))

    def _away(self, file: str) -> str:
        """Why the tasks of this file were not done, though none failed; "" when they were."""
        name = own_store.away(self._loader.load_from_file(file), self._given.value)
        return f"the host of its task {name!r} could not be reached" if name else ""

    # -- what it acts with

    def _calls(self, options: Options) -> ovh.Calls:
        here = self._connection.transport in LOCAL or not self._given.apart(options)
        if not (here and ovh.library_here()):
            chain.keep_alive(self._connection)
            return ovh.by_modules(self, self._vars, self._by_address)
        ovh.share(len(self._given.play_hosts()) > 1)
        return ovh.in_time if options.by_hand else ovh.in_process

    def _by_address(self) -> None:
        """The host of the API has a name that may have gone with the line since the last call."""
        if self._connection.transport == "ssh":
            with contextlib.suppress(AnsibleError):
                chain.by_address(self._connection, self._names.lost)

    def _driver(self, options: Options, host: str = "") -> port.Router:
        """:param host: a standby router that the task is delegated to; "" for the task's own"""
        chain.keep_alive(self._connection)
        of_host = (
            (lambda name: self._given.of_host(host, name))
            if host
            else (lambda name: str(self._given.value(name) or ""))
        )
        return choose.driver(self, options.router(), of_host)

    def _text(self, name: str, host: str = "") -> str:
        """The value of a variable: another host's, else the task's own."""
        return self._given.of_host(host, name) if host else str(self._given.value(name) or "")

    def _reset(self) -> None:
        """Leave a connection of ssh that outlives its commands (ControlPersist)."""
        if self._connection.transport == "ssh":
            with contextlib.suppress(AnsibleError):
                self._connection.reset()
                chain.by_address(self._connection, self._names.lost)

    def _chain(self, options: Options, step: str) -> Chain:
        """The hosts by which this task's connection goes: to the API's host in the first step, else to the router."""
        if step == "line":
            host = options.text("api_host")
            return chain.of_connection(
                self._connection, lambda name: self._given.of_host(host, name), "the host of the API", own=False
            )
        if options.text("platform") == "routeros":
            return chain.straight(self._given.address(), "the router", options.number("routeros_port"))
        return chain.of_connection(self._connection, self._text, "the router", own=options.custom)

    def _stores(self, options: Options) -> Stores:
        # The loader holds the secrets of --vault-id and its kin; ansible-core has no public way to them.
        return Stores(options, self._loader._vault.secrets or [], self._given.value)
