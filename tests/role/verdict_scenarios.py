# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What preflight says, and rehearsals: ``python -m role.verdict_scenarios COLLECTIONS [NAME…]``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from ovh_api import mails

from .lab import LOGIN, SERVICE, Lab, Run
from .mail_scenarios import clean
from .plays import failures
from .scenarios import CANARY, FLAG, counted, failed, files, main, must

PREFLIGHT = "ownrouter.ovhcloud.preflight"
REHEARSE = "ownrouter.ovhcloud.rehearse"
YES, NO = f"{SERVICE}: could renew now: yes.", f"{SERVICE}: could renew now: NO."


def says(run: Run, *words: str) -> None:
    for word in words:
        must(word in run.said, f"it says: {word}", run)


def new_password(lab: Lab, password: str) -> None:
    """The line, its newest mail and the router have this password, and the router is online with it."""
    ups = len(lab.events("up"))
    lab.admin("PUT", "/state", {"mail_delay": 0, "next_password": password})
    lab.admin("POST", f"/line/{SERVICE}/rotate")
    lab.wait_for("down")
    lab.put_secret(password)
    lab.wait_for("up", ups + 1)


def key(lab: Lab, **fields: Any) -> None:
    """What OVHcloud knows of the consumer key."""
    name = next(iter(lab.admin("GET", "/state")["credentials"]))
    lab.admin("PUT", "/state", {"credentials": {name: fields}})


def untouched(lab: Lab, run: Run, before: dict[str, bytes]) -> None:
    counted(lab, run, posts=0, hups=0)
    must(files(lab) == before, "no file of the router changed", run)
    # What lines share, and the pace, stand beside it.
    must(not (lab.top / "journal" / f"{SERVICE}.json").exists(), "no journal was made", run)


# -- the verdict


def verdict(lab: Lab) -> None:
    """Preflight says what is proven; the mail's password is the router's, and is seen nowhere."""
    new_password(lab, CANARY)
    before = files(lab)
    run = lab.play("-vvvv", "--diff", playbook=PREFLIGHT)
    must(run.code == 0 and run.recap("changed") == 0, "it succeeds, and changes nothing", run)
    untouched(lab, run, before)
    clean(lab, run)
    says(run, YES, "is the one on the router: the mails of this account are read", "The journal of requests can be")
    says(run, "-e router_pppoe_renew=true ownrouter.ovhcloud.renew")
    says(run, '"could_renew": true', '"same_password": true')
    must(
        "stands" not in run.output and "each run of the role cuts" not in run.output, "the flag is the playbook's", run
    )
    lab.put_secret("another one")
    run = lab.play(playbook=PREFLIGHT)
    says(run, YES, "Whether its password is read correctly: the router has another one")
    must("the mails of this account are read" not in run.said, "it does not say that it is", run)


def head(lab: Lab) -> None:
    """A renewal shows it before its request, one that asks for nothing does not."""
    run = lab.play(*FLAG)
    says(run, YES, "This line is cut now, until its router has dialled in again.")
    shown, asked = run.output.index("could renew now"), run.output.index("a new password was requested at")
    must(shown < asked, "it comes first", run)
    must(run.output.count("could renew now") == 1, "it comes once", run)
    run = lab.play(*FLAG)
    must("could renew now" not in run.output, "nothing was asked for, so nothing is said", run)
    run = lab.play()
    must("could renew now" not in run.output, "without the flag, neither", run)


def hostile_title(lab: Lab) -> None:
    """A title that would move the cursor is shown as signs."""
    title, text = mails.ppp_mail(SERVICE, LOGIN, lab.line()["password"])
    lab.admin("POST", "/mails", {"title": f"{title} \x1b[2J\u202e", "text": text})
    run = lab.play(playbook=PREFLIGHT)
    says(run, YES, "\\x1b[2J\\u202e")
    must("\x1b" not in run.output and "\u202e" not in run.output, "nothing of it is shown raw", run)


def keys(lab: Lab) -> None:
    """A key that ends within the run, and one that is bound to the line, stop before the request."""
    before = files(lab)
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat(timespec="seconds")
    key(lab, expiration=soon)
    for words in ((*FLAG,), ()):
        run = lab.play(*words, playbook="ownrouter.ovhcloud.renew" if words else PREFLIGHT)
        must(run.code != 0, "it fails", run)
        says(run, "the consumer key expires at", "it could end between the request and the mail")
    says(run, NO)
    must(run.said.count("and a run may take") == 3, "the reason: the message, and twice in its JSON", run)
    key(lab, expiration=(datetime.now(UTC) + timedelta(days=2)).isoformat(timespec="seconds"))
    run = lab.play(playbook=PREFLIGHT)
    must(run.code == 0, "it succeeds", run)
    says(run, YES, "and is valid until")
    # From behind the line, with a second way out: that comes from another address.
    address = lab.admin("GET", "/state")["lines"][SERVICE]["ips"][0]["ip"]
    lab.admin("PUT", "/state", {"caller_ip": address})
    key(lab, allowedIPs=[f"{address}/32"])
    run = lab.play("-e", "router_pppoe_accept_offline=true", playbook=PREFLIGHT)
    must(run.code != 0, "it fails", run)
    says(run, NO, f"the consumer key may be used from {address}/32 only")
    key(lab, allowedIPs=[f"{address}/32", "192.0.2.77/32"])
    run = lab.play("-e", "router_pppoe_accept_offline=true", playbook=PREFLIGHT)
    must(run.code == 0, "it succeeds", run)
    says(run, YES, "Whether this machine has another Internet access: OVHcloud sees calls of this host")
    # What OVHcloud has noted of this host's calls from before is forgotten.
    lab.admin("PUT", "/state", {"caller_ip": "192.0.2.77", "api_logs": []})
    key(lab, allowedIPs=["192.0.2.77/32"])
    run = lab.play(playbook=PREFLIGHT)
    must(run.code == 0, "an address that stays is no matter", run)
    key(lab, allowedIPs=None, status="pendingValidation")
    run = lab.play(playbook=PREFLIGHT)
    must(run.code != 0, "a key that nobody confirmed fails", run)
    says(run, NO)
    untouched(lab, run, before)


def state_folder(lab: Lab) -> None:
    """A journal that cannot be written stops before the request."""
    run = lab.play(*FLAG, "-e", f"router_pppoe_state_dir={lab.inventory}/below")
    failed(lab, run, 0, 0, "a request could not be noted in the journal", "is no folder", "router_pppoe_state_dir")


def flag_for_good(lab: Lab) -> None:
    """A bare flag in the inventory is told; with a date, an age, or by -e it is not."""
    inventory = json.loads(lab.inventory.read_text(encoding="utf-8"))
    inventory["routers"]["vars"] = {"router_pppoe_renew": True}
    lab.inventory.write_text(json.dumps(inventory), encoding="utf-8")
    told = "router_pppoe_renew is set where every run finds it"
    run = lab.play(playbook=PREFLIGHT)
    says(run, YES, told, "router_pppoe_renewed_since", "router_pppoe_max_age")
    for words in (("-e", "router_pppoe_max_age=400d"), ("-e", "router_pppoe_renewed_since=2026-01-01T00:00:00Z"), FLAG):
        run = lab.play(*words, playbook=PREFLIGHT)
        must(told not in run.said, f"not with {words[1]}", run)


def fleet(lab: Lab) -> None:
    """Three lines, two of which are not ready: each has its verdict, and it says how many the play is about."""
    router = json.loads(lab.inventory.read_text(encoding="utf-8"))["routers"]["hosts"]["router1"]
    other = {**router, "router_pppoe_service_name": "ftth-ab12345-2"}
    lab.write_inventory({"paris": router, "lille": {**router, "router_pppoe_service_name": "xdsl-no-1"}, "lyon": other})
    run = lab.play(playbook=PREFLIGHT)
    must(run.code != 0 and run.recap("failed", "lille") == 1, "one fails", run)
    must(run.recap("failed", "paris") == 0, "the first one does not", run)
    for name, could in (
        ("paris", YES),
        ("lyon", "ftth-ab12345-2: could renew now: NO."),
        ("lille", "xdsl-no-1: could"),
    ):
        must(f"[{name}] {could}" in run.said, f"the verdict of {name}", run)
    says(run, "This play has 3 hosts: a renewal of all of them cuts as many lines.")
    must("xdsl-no-1' is not an access of this account" in failures(run)["lille"], "it says why", run)
    says(run, "Report of preflight, 3 sites: 1 ready, 2 failed.", "To go on with the 2 sites that are left")
    counted(lab, run, 0, 0)


# -- rehearsals


def rehearsal(lab: Lab) -> None:
    """One dial, a new session, changed, nothing asked for; check mode tells, and the next preflight knows."""
    new_password(lab, CANARY)
    before, ups = files(lab), len(lab.events("up"))
    run = lab.play("--check", playbook=REHEARSE)
    must(run.code == 0 and run.recap("changed") == 1, "check mode predicts it", run)
    says(run, "the router would be made to dial once, with the password that it has; none would be requested")
    untouched(lab, run, before)
    run = lab.play("-vvvv", "--diff", playbook=REHEARSE)
    must(run.code == 0 and run.recap("changed") == 1, "it succeeds, and says changed", run)
    says(run, "the router was made to dial once, and a new session was up", "+dial once")
    must(len(lab.events("up")) == ups + 1, "one new session", run)
    must(lab.posts() == [], "nothing was asked for", run)
    must(files(lab) == before, "the router's files are what they were", run)
    clean(lab, run)
    run = lab.play(playbook=PREFLIGHT)
    says(run, YES, "A redial was rehearsed at", "a new session came up")
    must("rehearse it" not in run.said, "it is proven", run)
    # Also where the flag stands in the inventory, and twice.
    run = lab.play(*FLAG, playbook=REHEARSE)
    must(run.code == 0 and lab.posts() == [], "the flag makes no request of it", run)
    must(len(lab.events("up")) == ups + 2, "one new session", run)


def rehearsal_refused(lab: Lab) -> None:
    """Where a redial could end in an outage that only a request mends, the router is not made to dial."""
    before, password = files(lab), lab.line()["password"]

    def refused(*words: str, given: tuple[str, ...] = ()) -> None:
        run = lab.play(*given, playbook=REHEARSE)
        failed(lab, run, 0, 0, *words)
        must(len(lab.events("up")) == 1, "no new session", run)

    custom = ("-e", "router_pppoe_platform=custom", "-e", f"router_pppoe_platform_dir={lab.top}")
    refused("router_pppoe_platform is custom", given=custom)
    refused("leave out what finishes a renewal", given=("--skip-tags", "apply"))
    # A mail that came after the session: its password may never have been used.
    title, text = mails.ppp_mail(SERVICE, LOGIN, password)
    lab.admin("POST", "/mails", {"title": title, "text": text})
    refused(
        "neither the router's session nor an accepted dial-in is younger",
        "was not made to dial",
        "after that one, run the same command again",
    )
    must(files(lab) == before, "no file changed", lab.play("--check", playbook=REHEARSE))
    title, text = mails.ppp_mail(SERVICE, LOGIN, "Other7391")
    lab.admin("POST", "/mails", {"title": title, "text": text})
    refused("the router has another password than the latest credentials mail")
    lab.stop_pppd()
    refused("the router has no session")


def rehearsal_fails(lab: Lab) -> None:
    """OVHcloud takes the password no more, which nothing told: it says so, and nothing is asked for."""
    lab.admin("PUT", "/state", {"lines": {SERVICE: {"password": "not the one of the mail"}}})
    run = lab.play("-e", "router_pppoe_session_timeout=6", playbook=REHEARSE)
    must(run.code != 0, "it fails", run)
    says(run, "the router was made to dial, but no new session came up within 6 s", "No password was requested")
    says(run, "To look again: ansible-playbook", "wrong login or password")
    must(lab.posts() == [], "nothing was asked for", run)
    shown = json.loads((lab.top / "journal" / f"{SERVICE}.rehearsed.json").read_text(encoding="utf-8"))
    must(shown["dialled"] and not shown["session"], "it is kept that it did not come back", run)
    must(shown["router_answered"] and shown["api_answered"], "and who answered meanwhile", run)


SCENARIOS: list[Callable[[Lab], None]] = [
    verdict,
    head,
    hostile_title,
    keys,
    state_folder,
    flag_for_good,
    fleet,
    rehearsal,
    rehearsal_refused,
    rehearsal_fails,
]

if __name__ == "__main__":
    sys.exit(main(SCENARIOS))
