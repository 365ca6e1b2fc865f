# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where a mail quotes an older one."""

from __future__ import annotations

import pytest

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._mail.older import begins


@pytest.mark.parametrize(
    "text",
    [
        "Le 3 mars 2026 \u00e0 10:00, OVH a \u00e9crit :",
        "On Tue, 3 Mar 2026, OVH wrote:",
        "Am 03.03.2026 schrieb OVH:",
        "-----Original Message-----",
        "-------- Message d'origine --------",
        "From: OVH\nSent: Tuesday",
        "De : OVH\nEnvoy\u00e9 : mardi",
        # The same as programs and charsets spoil it.
        "De : OVH\nEnvoye\u0301 : mardi",
        "De : OVH\nEnvoy\u00c3\u00a9 : mardi",
        "Le 3 mars 2026 \u00e0 10:00, OVH a\n\u00e9crit\n:",
        "El 3/3/2026 a las 10:32, OVHcloud escribi\u00c3\u00b3:",
        "**From:** OVH\n**Sent:** Tuesday",
        "From      OVH Sent      3/3/2026 To      me",
        "From OVH Sent 12/10/2026 10:32 To me Subject PPPoE",
        "De OVH\n\nEnvoy\u00e9 mardi\n\n\u00c0 moi",
        "OVH <\nsupport@ovh.example>, 3/3/2026 \n10:32:",
        "OVH , 3/3/2026 10:32:",
        "Return-Path: <a@b.example>",
        "Op 3 mrt. 2026 om 10:32 schreef\n\nOVH:",
        "  1 From: OVH\n  2 Sent: Tuesday",
        "| From: OVH     |\n| Sent: Tuesday |",
    ],
)
def test_it_begins_here(text):
    assert begins(f"Hello\n\n{text}\n") in (7, 8, 9, 10, 11, len("Hello\n\n") + len(text.split("\n")[0]) + 1)


def test_a_mail_whose_lines_a_program_has_joined():
    for text in ("On 3 Mar 2026, at 10:32, OVH wrote: Login", "_____ From: OVH Sent: Tuesday To: me Subject: Login"):
        assert begins(f"Hello, {text}") < len(f"Hello, {text}") - len("Login")


def test_places_are_those_of_the_text_with_its_accents():
    text = "\u00e9e\u0301\u00c3\u00a9 | x\n| \u00e9te\u0301 |\nFrom: OVH\nSent: Tuesday"
    assert text[begins(text) :].startswith("From:")


@pytest.mark.parametrize("text", ["Password: from us", "Your login from: today", "We wrote to you.", "- original"])
def test_it_does_not_begin_here(text):
    assert begins(f"Hello\n\n{text}\n") == len(f"Hello\n\n{text}\n")
