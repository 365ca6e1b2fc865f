# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The verdicts that docs/preflight.md shows, as the code says them; ``python -m … FILE`` writes them there anew."""

from __future__ import annotations

import dataclasses
import datetime
import sys
from pathlib import Path

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._ways.facts import CROSSES, LIVES, Way
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import Standing, command_of
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import Words, said
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.key import Key
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.rehearsed import Rehearsal
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.verdict import Ground, Sight, judge, text
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._state.facts import Latest, Line, Mail, Router, Session

BEGIN, END = "<!-- verdicts: begin -->", "<!-- verdicts: end -->"
UTC = datetime.timezone.utc
WAYS = (
    Way("router", LIVES, "the router 192.0.2.1 is on the network of this machine's eth0, which is no tunnel"),
    Way("api_host", LIVES, "this machine talks to the API itself"),
)
ELSEWHERE = Way(
    "api",
    LIVES,
    "OVHcloud sees this host as 198.51.100.23, not an address of the line, and the route is direct (wwan0)",
)


def at(month: int, day: int, hour: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, 12, tzinfo=UTC)


def sight(host: str, service: str, login: str, mail: Mail | None, days: float, **parts: object) -> Sight:
    """A line that is ready, but for what is given; its session is so many days old."""
    typed = ["ansible-playbook", "-i", "inventory.yml", "ownrouter.ovhcloud.preflight"]
    words = Words(service, command_of(typed, {}, Standing(host, (host, "another"))), renew=True, by_hand=False)
    ready = Sight(
        service,
        host,
        True,
        ground=Ground(Key("validated"), (), True, True),
        line=Line(True, login),
        latest=Latest(mail is not None, login, mail),
        router=Router(login, Session(True, "203.0.113.7", days * 86400)),
        same=True,
        ways=(*WAYS, ELSEWHERE),
        renew=said(words.renewing),
        rehearse=words.rehearsing,
        converge=said(words.converging),
    )
    return dataclasses.replace(ready, **parts)


def home() -> list[str]:
    mail = Mail("81204417", at(1, 9, 18), "[xdsl-ab12345-1] Vos identifiants de connexion PPPoE")
    return [text(judge(sight("home", "xdsl-ab12345-1", "0320123456_1@adsl.ovh", mail, 3)))]


def office() -> list[str]:
    """Mails by IMAP, an encrypted store, a second access, a key that ends one day, a rehearsal; a bare flag."""
    login = "0320654321_1@ovh.kosc"
    mail = Mail("<20260302@services.ovhcloud.com>", at(3, 2, 9), "[ftth-cd67890-1] Your PPPoE login details")
    behind = "OVHcloud sees this host as 203.0.113.7, an address of the line"
    found = sight(
        "office-lyon",
        "ftth-cd67890-1",
        login,
        mail,
        12,
        mailbox=True,
        store="file",
        kept=False,
        ground=Ground(Key("validated", at(12, 1, 0)), (), None, True),
        ways=(*WAYS, Way("api", CROSSES, behind, "accept_offline")),
        rehearsed=Rehearsal("office-lyon", at(3, 14, 21), True, True, True, True),
        bare=True,
    )
    return [text(judge(found))]


def fleet() -> list[str]:
    """Three lines: one proven, one whose first mail is still to come, and one that is not ready."""
    title = "[xdsl-ef24680-{}] Uw PPPoE-inloggegevens"
    proven = sight("shop-1", "xdsl-ef24680-1", "0320111111_1@adsl.ovh", Mail("31", at(2, 3, 4), title.format(1)), 25)
    rehearsed = Rehearsal("shop-1", at(2, 9, 4), True, True, True, None)
    proven = dataclasses.replace(proven, hosts=3, rehearsed=rehearsed)
    first = sight("shop-2", "xdsl-ef24680-2", "0320222222_1@adsl.ovh", None, 190, hosts=3, same=None)
    first = dataclasses.replace(first, rehearsable=False)
    unready = sight("shop-3", "xdsl-ef24680-3", "0320333333_1@adsl.ovh", Mail("33", at(2, 3, 4), title.format(3)), 1)
    unready = dataclasses.replace(unready, hosts=3, router=None, same=None)
    why = (
        "the router dials with the login 0320222222_1@adsl.ovh, but xdsl-ef24680-3 has the login "
        "0320333333_1@adsl.ovh. This is another router or another line: correct router_pppoe_service_name or the "
        "inventory."
    )
    return [text(judge(proven)), text(judge(first)), text(judge(unready, [why]))]


CASES = (
    ("A home", home, "One line, a Debian router, the mail in the account's history."),
    (
        "An office",
        office,
        "The control node has a second Internet access (`router_pppoe_accept_offline`), the mail is read by IMAP,\n"
        "the password is kept in an encrypted file, a rehearsal was made, and the flag stands in the inventory.",
    ),
    (
        "Three shops, one of which is not ready",
        fleet,
        "One verdict for each; the third one fails, with the reason in the error message beside it, and is not cut.",
    ),
)


def page() -> str:
    """What stands between the marks."""
    parts = [
        f"### {title}\n\n{about}\n\n" + "\n\n".join(f"```text\n{one}\n```" for one in make())
        for title, make, about in CASES
    ]
    return "\n\n" + "\n\n".join(parts) + "\n\n"


def main() -> None:
    path = Path(sys.argv[1])
    before, _begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    path.write_text(f"{before}{BEGIN}{page()}{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
