# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file that a report is written to: the user's own, and never one of the installed collection."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import typing as t
from pathlib import Path

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._own_file import kind_of

#: Of this collection.
INSTALLED = Path(__file__).resolve().parents[3]


def path_of(given: t.Any) -> str:
    """The file as an absolute path; "" where none is wanted.

    :param given: the value of ``report``; a relative path begins where the command was typed. What is no text is none
        of ours: an inventory may have a variable of that name
    """
    text = given.strip() if isinstance(given, str) else ""
    return os.path.abspath(os.path.expanduser(text)) if text else ""


def trouble(path: str) -> str:
    """Why that file cannot be written, as a sentence; "" where it can."""
    folder = os.path.dirname(path)
    if Path(os.path.realpath(folder)).is_relative_to(INSTALLED):
        return f"report is {path}, which lies in the installed collection. Name a file of yours."
    if not os.path.isdir(folder):
        return f"report is {path}, and there is no folder {folder}."
    if kind := kind_of(path):
        return f"report is {path}, which is {kind}."
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"report is {path}, and the folder {folder} cannot be written to."
    return ""


def write(path: str, report: t.Any) -> None:
    """
    :raises OSError: when it cannot be written; what stood there is left as it is then
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(path)}.", dir=os.path.dirname(path))
    try:
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2, ensure_ascii=False)
            file.write("\n")
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
