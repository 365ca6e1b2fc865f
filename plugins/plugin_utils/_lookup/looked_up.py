# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The present credentials of a line, for whoever only reads them: from the store, else from the latest mail.

The order is that of the role: a newer mail, else the store, else say so. Nothing is asked for, and no link is opened.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._line.journal import Entry
from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._times import iso
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.words import joined
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX, Options
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._messages import messages
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._preflight.preflight import told_passed_over
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._run.hand import present
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._store.kept import Kept, follows

Data = t.Mapping[str, t.Any]
FROM_STORE, FROM_MAIL = "store", "mail"


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What is known of a line here.

    :param kept: what the store holds
    :param noted: the last request in the journal
    """

    options: Options
    kept: Kept | None
    noted: Entry | None

    @property
    def pending(self) -> Entry | None:
        """A request whose mail is not in the store: what was before it is dead."""
        if self.noted is None or not self.noted.counts:
            return None
        return None if self.kept is not None and follows(self.kept, self.noted) else self.noted

    @property
    def usable(self) -> Kept | None:
        """What the store holds, unless a request has made it worthless."""
        return None if self.pending else self.kept

    def question(self, login: str, state_dir: str) -> dict[str, t.Any]:
        """Options of the module that reads the mail.

        :param login: of the line; "" where it is not known
        """
        pending, kept = self.pending, self.usable
        since = (pending.since or pending.requested_at) if pending else kept.dated if kept else None
        return present(
            {
                **self.options.connection(),
                **self.options.mailbox(),
                "login": login or None,
                "newer_than": iso(since) if since else None,
                "requests": pending.requests if pending else None,
                "timeout": 0,
                "return_password": True,
                "open_link": False,
                "state_dir": None if pending else state_dir,
                "known_mail": (kept.mail_id or None) if kept else None,
            }
        )

    def of_the_store(self) -> dict[str, t.Any]:
        """:raises Failure: ``no_credentials`` where it holds none that count"""
        if self.usable is None:
            raise self._nothing({})
        mail = self.usable.mail
        shown = {"id": mail.id, "date": iso(mail.date), "title": mail.title} if mail else None
        return _answer(self.usable.login, self.usable.password, shown, FROM_STORE)

    def answer(self, told: Data) -> dict[str, t.Any]:
        """What the lookup returns.

        :param told: what the module that reads the mail returned
        :raises Failure: ``no_credentials``, with what is known and the step that goes on
        """
        if told.get("doubtful"):
            # A newer mail of the line: what is older is not handed out for it.
            raise self._none(messages.doubted(told_passed_over(told), self.usable is not None))
        if self.usable is not None and (told.get("known") or told.get("found") is False):
            found = self.of_the_store()
            return {**found, "mail": told["mail"]} if told.get("known") and told.get("mail") else found
        if password := str(told.get("password") or ""):
            return _answer(str(told.get("login") or ""), password, told.get("mail"), FROM_MAIL)
        raise self._nothing(told)

    def _nothing(self, told: Data) -> Failure:
        options, pending = self.options, self.pending
        if told.get("secret_link"):
            mail = told.get("mail") or {}
            return self._none(
                f"its newest credentials mail ({mail.get('title')!r} of {mail.get('date')}) gives a one-time link, "
                "which a lookup never opens. The role opens it once and keeps what it gives: run "
                f"ownrouter.ovhcloud.renew with {PREFIX}store_vault_file, then use the lookup with the same file."
            )
        passed = told_passed_over(told)
        if pending:
            asked = "was requested" if pending.outcome == "confirmed" else "may have been requested"
            return self._none(
                f"a new password {asked} at {iso(pending.requested_at)}, and its mail is not there: the previous "
                f"password {'is' if pending.outcome == 'confirmed' else 'may be'} no longer valid. {passed} Let the "
                "run that requested it finish, or run ownrouter.ovhcloud.renew, which waits for the mail and requests "
                "no second password."
            )
        store = options.text("store_vault_file")
        nowhere = f"{store} holds nothing of it, and {options.mail_place}" if store else options.mail_place
        keep = f"writes them into {store}" if store else f"writes them into the file of {PREFIX}store_vault_file"
        return self._none(
            f"{nowhere} has no credentials mail of it that can be taken. {passed} Mails do not stay for ever, so keep "
            f"login and password in a store. If you know them, the playbook ownrouter.ovhcloud.by_hand {keep}."
        )

    def _none(self, why: str) -> Failure:
        name = self.options.service_name
        said = joined(f"{name}: no login and password to hand out:", why.replace("  ", " "))
        return Failure("no_credentials", joined(said, "Nothing was requested."), {"service_name": name})


def _answer(login: str, password: str, mail: t.Any, source: str) -> dict[str, t.Any]:
    return {"login": login, "password": password, "mail": mail, "source": source}
