# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command that goes on: what a user typed, for one host, without what may be secret."""

from __future__ import annotations

import json
import shlex

import pytest
from ansible.cli.adhoc import AdHocCLI
from ansible.cli.playbook import PlaybookCLI
from ansible.inventory.manager import InventoryManager
from ansible.parsing.dataloader import DataLoader
from ansible.parsing.splitter import parse_kv
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command import typed as line
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.command import (
    HANDED,
    JOB,
    Kind,
    Standing,
    command_of,
    pattern_of,
)
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._command.variables import PLAIN, UNNAMED, variables
from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._given.options import PREFIX, SPEC

RENEW, SITE = "ownrouter.ovhcloud.renew", "site.yml"
ALONE = Standing("router1", ("router1",), ("router1",))
THREE = Standing("router1", ("router1", "router2", "router3"), ("router1", "router2", "router3"))
CANARY = "cAnArY"
#: Options that may hold anything.
SECRET = ("--ssh-common-args", "--sftp-extra-args", "--scp-extra-args", "--ssh-extra-args")
CLIS = {"ansible-playbook": PlaybookCLI, "ansible": AdHocCLI}


def command(*words, place=ALONE, program="/opt/venv/bin/ansible-playbook", environment=None):
    return command_of([program, *words], environment or {}, place)


def parser(program):
    """That of this ansible-core."""
    cli = CLIS[program]([program])
    cli.init_parser()
    return cli.parser


PARSER = parser("ansible-playbook")


# -- the tables


@pytest.mark.parametrize("program", sorted(CLIS))
def test_the_tables_are_those_of_ansible(program):
    flags, values = line.PROGRAMS[program]
    ours = {frozenset(names.split()): 0 for names in line.FLAGS + flags}
    ours |= {frozenset(names.split()): None for names in line.VALUES + values}
    assert ours == {
        frozenset(action.option_strings): action.nargs for action in parser(program)._actions if action.option_strings
    }


def test_each_variable_of_the_role_is_known_to_be_secret_or_not():
    secret = {name for name, spec in SPEC.items() if spec.get("no_log") is True}
    keys = {"login", "password", "application_key", "client_id"}
    assert set(SPEC) - secret - keys == PLAIN
    assert {"application_secret", "consumer_key", "client_secret", "imap_password", "routeros_password"} <= secret


# -- the same again


def test_what_was_typed_is_typed_again():
    words = "-i a.yml -i b,c --tags net --check --diff -b -K -u me --vault-id dev@key -f 3 -v -v"
    again = command(*shlex.split(words), RENEW, "-e", "router_pppoe_max_age=90d")
    assert again.text == (
        "ansible-playbook -i a.yml -i b,c --tags net --check --diff --become --ask-become-pass --user me --vault-id "
        f"dev@key --forks 3 -v -v -e router_pppoe_max_age=90d {RENEW}"
    )
    assert again.kind is Kind.OURS
    assert again.check
    assert again.left_out == ()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("-CDvi", "x", RENEW), f"ansible-playbook --check --diff -v -i x {RENEW}"),
        (("-ix", "--inventory-f", "y", RENEW), f"ansible-playbook -i x -i y {RENEW}"),
        (("-i=x", "--tags=a,b", RENEW), f"ansible-playbook -i x --tags a,b {RENEW}"),
        (("--tags=-a", RENEW), f"ansible-playbook --tags=-a {RENEW}"),
        (("-i", "a b.yml", "x y.yml"), "ansible-playbook -i 'a b.yml' 'x y.yml'"),
        (("one.yml", "two.yml", "-i", "x"), "ansible-playbook -i x one.yml two.yml"),
        (("-e", "@a.yml", "-e", "@b c.yml", RENEW), f"ansible-playbook -e @a.yml -e '@b c.yml' {RENEW}"),
        (("-e", "target=a", "-e", "batch=2", RENEW), f"ansible-playbook -e target=a -e batch=2 {RENEW}"),
        (
            ("-e", '{"router_pppoe_renew": true, "router_pppoe_mail_timeout": 5}', RENEW),
            "ansible-playbook -e '{router_pppoe_renew: true}' -e '{router_pppoe_mail_timeout: 5}' " + RENEW,
        ),
        (
            ("-e", "router_pppoe_mail_title='a b'", RENEW),
            'ansible-playbook -e \'{"router_pppoe_mail_title": "a b"}\' ' + RENEW,
        ),
        (("-l", "router1", RENEW), f"ansible-playbook --limit router1 {RENEW}"),
    ],
)
def test_however_it_was_typed(words, text):
    again = command(*words)
    assert again.text == text
    assert again.left_out == ()
    assert command(*shlex.split(text)[1:]).text == text


@pytest.mark.parametrize(
    ("argv", "environment"),
    [
        ([], {}),
        (["/usr/bin/molecule", "test"], {}),
        (["/lib/ansible/__main__.py", "playbook", RENEW], {}),
        (["ansible-playbook", "--no-such-option", RENEW], {}),
        (["ansible-playbook"], {}),
        (["ansible-playbook", "a\nb.yml"], {}),
        (["ansible-playbook", "-i", "/runner/inventory", RENEW], {JOB: "/runner/artifacts/7"}),
    ],
)
def test_where_no_command_is_known_none_is_given(argv, environment):
    found = command_of(argv, environment, THREE)
    assert found.text == ""
    lead = "launch the same job again" if environment else "run the same again"
    assert found.phrase == f"{lead}, limited to the host router1"
    assert found.with_variable("router_pppoe_renew", "true").phrase.endswith(
        "with router_pppoe_renew=true as extra variable"
    )
    assert "router_pppoe_renew=false, router_pppoe_login and router_pppoe_password" in found.finish_by_hand().phrase
    assert "among its tags" in found.whole_renewal().phrase
    assert command_of(argv, environment, ALONE).phrase == lead


# -- one host


def test_a_run_of_more_hosts_is_given_again_for_one():
    assert command(RENEW, place=THREE).text == f"ansible-playbook --limit router1 {RENEW}"
    assert command("-l", "all", RENEW, place=THREE).text == f"ansible-playbook --limit router1 {RENEW}"
    # A play of the user's may prepare on localhost what the next one needs.
    assert command(SITE, place=THREE).text == f"ansible-playbook --limit router1,localhost {SITE}"
    assert command("-l", "all", SITE, place=THREE).text == f"ansible-playbook --limit router1 {SITE}"
    there = Standing("router1", ("router1",), ("router1", "localhost"))
    assert command(SITE, place=there).text == f"ansible-playbook --limit router1 {SITE}"
    assert command(RENEW, place=there).text == f"ansible-playbook {RENEW}"
    itself = Standing("localhost", ("localhost",), ("router1",))
    assert command(SITE, place=itself).text == f"ansible-playbook --limit localhost {SITE}"


NAMES = [
    "Büro Köln",
    "a,b",
    "a[1]",
    "a:b",
    "*",
    "r?",
    "~x",
    "!x",
    "&x",
    "@x",
    "x$",
    "a.b",
    "ä\u2028b",
    "東京",
    "a'b",
    'a"b',
    "a\\b",
    "(",
    "😀 1",
    "-x",
]


@pytest.mark.parametrize("host", NAMES)
def test_a_host_of_any_name_is_found_again_and_no_other(host):
    inventory = InventoryManager(DataLoader(), sources=[])
    for one in (*NAMES, "Büro-Köln", "Büro Köln 2", "router1", "xx", "a1", "aXb"):
        inventory.add_host(one)
    inventory.reconcile_inventory()
    place = Standing(host, (host, "router1"), (host, "router1"))
    text = command(RENEW, place=place).text
    assert text.isprintable()
    words = shlex.split(text)
    inventory.subset(words[words.index("--limit") + 1])
    assert [str(one) for one in inventory.get_hosts("all")] == [host]


def test_a_plain_name_stays_one():
    assert pattern_of("router-1.example_net") == "router-1.example_net"
    assert pattern_of("a b") == "~a\\x20b$"


# -- what may be secret


@pytest.mark.parametrize(
    ("extra", "names"),
    [
        (f"router_pppoe_password={CANARY}", ["router_pppoe_password"]),
        (f"router_pppoe_password='{CANARY} x=y'", ["router_pppoe_password"]),
        (f"router_pppoe_password=x {CANARY}=y", ["router_pppoe_password", UNNAMED]),
        (f"site={CANARY} router_pppoe_renew=true", ["site"]),
        (f'{{"router_pppoe_consumer_key": "{CANARY}", "mine": ["{CANARY}"]}}', ["router_pppoe_consumer_key", "mine"]),
        (f"{{router_pppoe_login: {CANARY}, a b: {CANARY}}}", ["router_pppoe_login", UNNAMED]),
        (f"{{broken {CANARY}", [UNNAMED]),
        (f"[{CANARY}]", [UNNAMED]),
        (f"'{CANARY}", [UNNAMED]),
        (CANARY, ["_raw_params"]),
        (f"router_pppoe_endpoint=https://me:{CANARY}@host/1.0", ["router_pppoe_endpoint"]),
        (f"router_pppoe_application_key={CANARY}", ["router_pppoe_application_key"]),
    ],
)
def test_a_value_that_may_be_secret_is_told_by_name(extra, names):
    again = command("-e", extra, RENEW)
    assert list(again.left_out) == names
    assert CANARY not in repr(again)
    assert ("router_pppoe_renew=true" in again.text) == ("renew=true" in extra)


def test_options_that_may_hold_a_secret_are_told_by_name():
    again = command(*(word for name in SECRET for word in (name, CANARY)), "--user", f"a\n{CANARY}", RENEW)
    assert again.left_out == (*SECRET, "--user")
    assert again.text == f"ansible-playbook {RENEW}"
    assert CANARY not in repr(again)


def test_an_ad_hoc_command():
    words = ("-m", "include_role", "-a", "name=ownrouter.ovhcloud.router_pppoe tasks_from=preflight", "routers")
    again = command(*words, program="ansible", place=THREE)
    assert again.kind is Kind.YOURS
    assert again.text == (
        "ansible -m include_role -a 'name=ownrouter.ovhcloud.router_pppoe tasks_from=preflight' --limit router1 routers"
    )
    for args in (f"name=x other={CANARY}", f"'{CANARY}", CANARY):
        left = command("-m", "include_role", "-a", args, "routers", program="ansible")
        assert left.left_out == ("-a",)
        assert CANARY not in repr(left)


# -- another command than the same one


def test_a_variable_is_given_another_value():
    again = command("-e", "router_pppoe_renew=false", "-e", "@x.yml", RENEW).with_variable("router_pppoe_renew", "true")
    assert again.text == f"ansible-playbook -e @x.yml -e router_pppoe_renew=true {RENEW}"
    twice = again.with_variable("router_pppoe_cooldown", "0s").with_variable("router_pppoe_renew", "false")
    assert twice.text == f"ansible-playbook -e @x.yml -e router_pppoe_cooldown=0s -e router_pppoe_renew=false {RENEW}"


def test_by_hand():
    by_hand = "ownrouter.ovhcloud.by_hand"
    flag = ("-e", "router_pppoe_renew=true")
    assert command("-i", "x", "--tags", "a", *flag, RENEW).finish_by_hand().text == f"ansible-playbook -i x {by_hand}"
    filed = command("-e", "@x.yml", *flag, RENEW).finish_by_hand()
    assert filed.text == f"ansible-playbook -e @x.yml -e router_pppoe_renew=false {by_hand}"
    already = command("-i", "x", by_hand)
    assert already.finish_by_hand() == already
    mine = command("-i", "x", *flag, SITE).finish_by_hand()
    assert mine.text == f"ansible-playbook -i x -e router_pppoe_renew=false -e @{HANDED} {SITE}"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--tags", "renew,net"), "--tags renew,net,preflight,collect,store,apply,verify"),
        (("--skip-tags", "store,net"), "--skip-tags net"),
        (("--skip-tags", "preflight"), ""),
        (("--start-at-task", "x"), ""),
    ],
)
def test_a_whole_renewal(words, text):
    assert command(*words, RENEW).whole_renewal().text == " ".join(["ansible-playbook", text, RENEW]).replace("  ", " ")


# -- any words

#: Ansible takes no question for a password beside its file.
FLAGS = ["-v", "--check", "--diff", "--become", "--flush-cache", "--step", "--force-handlers"]
VALUES = [names.split()[0] for names in line.VALUES + line.PROGRAMS["ansible-playbook"][1] if names[:2] != "-e"]
NUMBERS = ("--forks", "--timeout")
TEXT = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=12)
PLAINS = st.sampled_from(sorted(PLAIN - {"endpoint"}))
VALUE = st.one_of(TEXT, st.booleans(), st.integers(-5, 5), st.lists(TEXT, max_size=2), st.none())
SECRETS = st.sampled_from(["router_pppoe_password", "router_pppoe_consumer_key", "mine", "vault_key"])


@st.composite
def option(draw):
    """One option, as words."""
    kind = draw(st.integers(0, 5))
    if kind == 0:
        return [draw(st.sampled_from(FLAGS))]
    if kind == 1:
        name = draw(st.sampled_from([one for one in VALUES if one not in (*NUMBERS, *SECRET)]))
        return [name + "=" + draw(TEXT)] if name.startswith("--") else [name, "x" + draw(TEXT)]
    if kind == 2:
        return ["-e", json.dumps({PREFIX + draw(PLAINS): draw(VALUE)})]
    if kind == 3:
        return ["-e", f"@{draw(TEXT)}"]
    if kind == 4:
        return [draw(st.sampled_from(SECRET)), CANARY + draw(TEXT)]
    secret = CANARY + draw(TEXT)
    name = draw(SECRETS)
    return ["-e", draw(st.sampled_from([json.dumps({name: secret}), f"{name}={secret}", f"{{{name}: {secret}}}"]))]


def arguments(words):
    """What Ansible makes of them, without what is left out: variables as those that a play sees."""
    found = dict(vars(PARSER.parse_args(words)))
    given = {}
    files = []
    for one in found.pop("extra_vars") or []:
        if one.startswith("@"):
            files.append(one)
        else:
            given.update(
                json.loads(one) if one.startswith('{"') else DataLoader().load(one) if one[0] == "{" else parse_kv(one)
            )
    return {**found, **dict.fromkeys((name.strip("-").replace("-", "_") for name in SECRET), None)}, given, files


@given(st.lists(option(), max_size=6), st.lists(st.sampled_from(["a.yml", "b c.yml", RENEW]), min_size=1, max_size=2))
def test_any_command_comes_to_the_same_and_shows_no_secret(options, playbooks):
    words = [word for one in options for word in one]
    words += playbooks
    again = command(*words)
    assert CANARY not in repr(again)
    assert again.text.splitlines() == [again.text]
    typed = [one for one in options if CANARY not in " ".join(one)]
    before, after = (
        arguments([word for one in typed for word in one] + playbooks),
        arguments(shlex.split(again.text)[1:]),
    )
    assert after == before


@given(TEXT)
def test_no_value_of_a_secret_is_shown(text):
    for extra in (f"router_pppoe_password={text}", f"mine={CANARY}{text}{CANARY}"):
        _known, names = variables(extra)
        assert all(CANARY not in name for name in names)
