# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cells after the request, and those of the journal and its lock: by the modules."""

from __future__ import annotations

from .bench import DONE, FLAG, Cell, Promise
from .inject import (
    EVER,
    HISTORY,
    RADIUS,
    access,
    all_of,
    fault,
    full_disk,
    held,
    journal,
    key,
    masked,
    modem,
    no_folder,
    no_locks,
    once_out,
    other_line,
    pause,
    read_only,
    setting,
    stale,
    thrown_away,
    two_mails,
    without_right,
)

#: The request is out, the line is cut, and no mail that counts is there.
DEAD = Promise(
    False,
    1,
    "kept",
    False,
    ("the previous password is no longer valid", "the same command again", "not request a second"),
)
#: No mail that counts ever comes.
NEVER = setting(mail_delay=86400)
SHORT = {**FLAG, "mail_timeout": 1}
WAIT = {**FLAG, "mail_timeout": 8}
DAMAGED = Promise(False, 0, "kept", True, ("Nothing was requested", "state_dir"))

LATER_CELLS: list[Cell] = [
    # -- the mail
    Cell(
        "mail-late",
        "collect",
        "the mail comes after the wait",
        "mail_delay 3, waiting 1 s",
        DEAD,
        inject=setting(mail_delay=3),
        before_again=pause(2.5),
        options=SHORT,
    ),
    Cell(
        "mail-later-than-cooldown",
        "collect",
        "the mail comes long after the cooldown: the same command asks no second time",
        "mail_delay 1 day, waiting 1 s, cooldown 1 s",
        DEAD,
        DEAD,
        inject=NEVER,
        before_again=pause(1.2),
        options={**SHORT, "cooldown": "1s"},
    ),
    Cell(
        "mail-later-than-cooldown-lost",
        "collect",
        "the same from an empty home: OVHcloud's call log tells",
        "mail_delay 1 day, waiting 1 s, cooldown 1 s, the journal's folder is removed",
        DEAD,
        DEAD,
        inject=NEVER,
        before_again=all_of(thrown_away, pause(1.2)),
        options={**SHORT, "cooldown": "1s"},
    ),
    Cell("mail-never", "collect", "the mail never comes", "mail_delay 1 day", DEAD, DEAD, inject=NEVER, options=SHORT),
    *(
        Cell(
            f"mail-{name}",
            "collect",
            f"only {words} is there",
            f"mail_delay 1 day, {how}",
            DEAD,
            DEAD,
            inject=all_of(NEVER, action),
            options=SHORT,
        )
        for name, words, how, action in (
            ("stale", "an older credentials mail of this line", "a mail of two hours ago", stale),
            ("other-line", "the other line's credentials mail", "a mail as the request is out", once_out(other_line)),
            ("modem", "the modem's password mail", "a mail as the request is out", once_out(modem)),
        )
    ),
    Cell(
        "mail-masked",
        "collect",
        "the mail shows stars in place of the password",
        "mail_delay 1 day, a masked mail as the request is out",
        Promise(False, 1, "kept", False, ("cannot be read", "Nothing was guessed", "by hand")),
        Promise(False, 1, "kept", False, ("cannot be read", "Nothing was guessed", "by hand")),
        inject=all_of(NEVER, once_out(masked)),
        options={**FLAG, "mail_timeout": 3},
    ),
    Cell(
        "mail-two-at-once",
        "collect",
        "somebody renews a moment later: two mails, and the second counts",
        "mail_delay 60, rotated as the request is out, both mails then",
        DONE,
        DONE,
        inject=all_of(setting(mail_delay=60), once_out(two_mails)),
    ),
    # -- reading while waiting
    *(
        Cell(
            f"wait-{name}",
            "collect",
            f"{words}, for a while during the wait",
            f"mail_delay 1, fault {kind} 5 times from the request on",
            DONE,
            DONE,
            inject=all_of(setting(mail_delay=1), once_out(fault(kind, HISTORY, "GET", times=5, **more))),
            options=WAIT,
        )
        for name, words, kind, more in (
            ("429", "429", "rate_limit", {}),
            ("500", "500", "status:500", {}),
            ("html", "HTML 502", "html_502", {}),
            ("empty", "empty 200", "empty_200", {"effect": False}),
            ("reset", "connection reset", "cut_before", {}),
        )
    ),
    Cell(
        "wait-500-for-good",
        "collect",
        "500, for good during the wait",
        "mail_delay 1, fault status:500 from the request on",
        Promise(False, 1, "kept", False, ("status 500",)),
        inject=all_of(setting(mail_delay=1), once_out(fault("status:500", HISTORY, **EVER))),
        options={**FLAG, "mail_timeout": 3},
    ),
    Cell(
        "wait-key-revoked",
        "collect",
        "the key is revoked during the wait",
        "mail_delay 1, the credential expires as the request is out",
        Promise(False, 1, "kept", False, ("does not accept these credentials",)),
        inject=all_of(setting(mail_delay=1), once_out(key(status="expired"))),
        options=WAIT,
    ),
    Cell(
        "uplink-lost",
        "collect",
        "the control node's uplink is lost during the wait, and comes back",
        "nothing listens for 3 s from the request on (ten minutes, scaled down)",
        DONE,
        DONE,
        inject=all_of(setting(mail_delay=1), once_out(lambda bench: bench.uplink_lost(3))),
        options={**FLAG, "mail_timeout": 12},
    ),
    Cell(
        "uplink-lost-longer",
        "collect",
        "the control node's uplink is lost for longer than the wait",
        "nothing listens for 5 s, waiting 2 s",
        Promise(False, 1, "kept", False, ("could not be reached",)),
        inject=all_of(setting(mail_delay=1), once_out(lambda bench: bench.uplink_lost(5))),
        options={**FLAG, "mail_timeout": 2},
    ),
    # -- what may not be read
    Cell(
        "no-v2",
        "collect",
        "the key may only read the mail history's first version",
        "no /v2/notification rules at the key",
        DONE,
        DONE,
        inject=without_right("/v2/notification"),
    ),
    Cell(
        "no-call-log",
        "renew",
        "the key may not read the call log",
        "no /me/api/logs rules at the key",
        DONE,
        DONE,
        inject=without_right("/me/api/logs"),
    ),
    Cell(
        "no-radius",
        "verify",
        "the RADIUS log of this line may not be read",
        "canGetRadiusConnectionLogs is false",
        DONE,
        DONE,
        inject=access(capabilities={"canGetRadiusConnectionLogs": False}),
    ),
    Cell(
        "verify-500",
        "verify",
        "500, for good, at the RADIUS log after the request",
        "fault status:500 from the request on",
        Promise(False, 1, "set", True, ("status 500",)),
        inject=all_of(setting(mail_delay=1), once_out(fault("status:500", RADIUS, **EVER))),
        only=True,  # the role proves the session on the router, and does not stop for this
    ),
    # -- the journal
    Cell("journal-no-folder", "journal", "its folder cannot be made", "a file in its place", DAMAGED, inject=no_folder),
    Cell(
        "journal-read-only", "journal", "its folder is read-only", "chattr +i or mode 0500", DAMAGED, inject=read_only
    ),
    Cell(
        "journal-disk-full",
        "journal",
        "no space for it",
        "RLIMIT_FSIZE 0",
        DAMAGED,
        inject=full_disk,
        only=True,
    ),
    Cell(
        "journal-truncated",
        "journal",
        "it is truncated",
        "half a document",
        Promise(False, 0, "kept", True, ("holds no JSON", "Nothing was requested", "state_dir")),
        inject=journal('{"version": 1, "requ'),
    ),
    Cell("journal-empty", "journal", "it is empty", "an empty file", DAMAGED, inject=journal("")),
    Cell(
        "journal-newer",
        "journal",
        "a newer version wrote it",
        "version 2",
        Promise(False, 0, "kept", True, ("another version of this collection",)),
        inject=journal('{"version": 2, "asked": []}'),
    ),
    Cell(
        "journal-lost-after",
        "journal",
        "it is thrown away after a renewal",
        "the folder is removed",
        DONE,
        DONE,
        before_again=thrown_away,
    ),
    Cell(
        "journal-lost-waiting",
        "journal",
        "it is thrown away while the mail is awaited: OVHcloud's call log tells",
        "mail_delay 1 day, the folder is removed",
        DEAD,
        DEAD,
        inject=NEVER,
        before_again=thrown_away,
        options=SHORT,
    ),
    Cell(
        "journal-lost-no-log",
        "journal",
        "it is thrown away after a renewal, and the call log cannot be read: the mail tells",
        "the folder is removed, no /me/api/logs rules",
        DONE,
        DONE,
        inject=without_right("/me/api/logs"),
        before_again=all_of(thrown_away, without_right("/me/api/logs")),
    ),
    # -- the lock
    Cell(
        "lock-held",
        "renew",
        "another run decides on this line",
        "another process holds the lock; it is killed, and leaves its file",
        Promise(False, 0, "kept", True, ("Another run is deciding", "process", "since 20", "Nothing was requested")),
        inject=held,
    ),
    Cell(
        "lock-unsupported",
        "renew",
        "the storage of the state folder has no locks",
        "flock raises ENOLCK",
        Promise(False, 0, "kept", True, ("cannot be locked (No locks available)", "state_dir")),
        inject=no_locks,
        only=True,
    ),
]
