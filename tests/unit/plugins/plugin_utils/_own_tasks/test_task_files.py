# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Task files of the user's own: what would show the password is found out, and what they keep is known by name."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks.task_files import TaskFiles, Unfit, certain

IT = "{{ router_pppoe_password }}"
SHOW = {"name": "Show", "debug": {"msg": IT}}
INNER = {"inner.yml": [{"name": "Inside", "debug": {"msg": IT}}]}
ALIAS = {"inner.yml": [{"name": "Inside", "debug": {"msg": "{{ other }}"}}]}
QUIET = {"inner.yml": [{"name": "Inside", "debug": {"msg": IT}, "no_log": True}]}
LOOP = {"inner.yml": [{"include_tasks": "inner.yml"}, {"name": "Inside", "debug": {"msg": IT}, "no_log": True}]}
#: task, files beside it, what is said; "" when it is fit
CASES: list[tuple[dict[str, object], dict[str, object], str]] = [
    ({**SHOW, "no_log": True}, {}, ""),
    ({**SHOW, "no_log": "yes"}, {}, ""),
    (SHOW, {}, "the task 'Show' is given router_pppoe_password and would show it: it needs no_log: true"),
    ({**SHOW, "no_log": False}, {}, "would show it"),
    ({**SHOW, "no_log": "false"}, {}, "would show it"),
    ({**SHOW, "no_log": "no"}, {}, "would show it"),
    ({**SHOW, "no_log": None}, {}, "would show it"),
    ({**SHOW, "no_log": "{{ not loud }}"}, {}, "may show it, since its no_log is a template"),
    ({"block": [SHOW], "no_log": True}, {}, ""),
    ({"block": [{**SHOW, "no_log": "false"}], "no_log": True}, {}, "would show it"),
    ({"block": [SHOW], "no_log": "{{ quiet }}"}, {}, "would show it"),
    ({"block": [{"ping": {}}], "always": [SHOW]}, {}, "would show it"),
    # under another name
    ({**SHOW, "debug": {"msg": "{{ mine }}"}, "vars": {"mine": IT}}, {}, "would show it"),
    ({"no_log": True, "vars": {"m": IT}, "block": [{"debug": {"var": "m"}, "no_log": False}]}, {}, "would show it"),
    ({"block": [{"set_fact": {"m": IT}, "no_log": True}, {"debug": {"var": "m"}}]}, {}, "would show it"),
    ({"block": [{"set_fact": {"m": "{{ router_pppoe_password | trim }}"}, "no_log": True}, SHOW]}, {}, "'Show'"),
    ({"vars": {"m": IT}, "block": [{"debug": {"var": "m"}, "no_log": True}]}, {}, ""),
    ({"vars": {"m": f"user {IT}"}, "block": [{"debug": {"var": "m"}, "no_log": True}]}, {}, "would show it"),
    # what is worked out from it is no secret
    (
        {"block": [{"set_fact": {"m": "{{ a == router_pppoe_password }}"}, "no_log": True}, {"debug": {"var": "m"}}]},
        {},
        "",
    ),
    ({"debug": {"var": "_router_pppoe_step"}}, {}, "would show it"),
    ({"debug": {"var": "router_pppoe_password_file"}}, {}, ""),
    # ansible-core shows what a task says that fails
    ({"fail": {"msg": IT}, "no_log": True}, {}, "shows also under no_log"),
    ({"ansible.builtin.assert": {"that": "false", "fail_msg": IT}, "no_log": True}, {}, "shows also under no_log"),
    ({"fail": {"msg": "no"}, "when": "router_pppoe_password == ''", "no_log": True}, {}, ""),
    # it ends the run, and nothing of the role comes after it
    ({"name": "Go", "meta": "end_host"}, {}, "the task 'Go' ends what is left of the run (meta: end_host)"),
    ({"ansible.builtin.meta": "end_play", "when": "x"}, {}, "(meta: end_play)"),
    ({"ansible.legacy.meta": " end_batch "}, {}, "(meta: end_batch)"),
    ({"meta": {"_raw_params": "end_role"}}, {}, "(meta: end_role)"),
    ({"block": [{"raw": "x"}], "rescue": [{"meta": "end_host"}]}, {}, "(meta: end_host)"),
    (
        {"import_tasks": "inner.yml"},
        {"inner.yml": [{"meta": "end_play"}]},
        "/inner.yml: the task 'without a name' ends",
    ),
    ({"meta": "flush_handlers"}, {}, ""),
    ({"meta": "clear_host_errors"}, {}, ""),
    # another line would find it, or a file
    ({"raw": "x", "run_once": True}, {}, "leave run_once out"),
    ({"raw": "x", "run_once": "{{ x }}"}, {}, "leave run_once out"),
    ({"block": [{"raw": "x"}], "run_once": "yes"}, {}, "leave run_once out"),
    ({"include_tasks": {"file": "inner.yml", "apply": {"run_once": True}}}, {"inner.yml": []}, "leave run_once out"),
    ({"raw": "x", "run_once": False}, {}, ""),
    ({"set_fact": {"a": 1, "cacheable": True}, "no_log": True}, {}, "leave cacheable out"),
    ({"set_fact": {"a": 1, "cacheable": "{{ x }}"}, "no_log": True}, {}, "leave cacheable out"),
    ({"set_fact": {"a": 1, "cacheable": False}, "no_log": True}, {}, ""),
    ({"set_fact": {"a": 1, "cacheable": True}}, {}, ""),
    ({"set_fact": {"a": 1}, "delegate_to": "x", "delegate_facts": True, "no_log": True}, {}, "leave delegate_facts"),
    # files of its own
    ({"include_tasks": "inner.yml"}, INNER, "/inner.yml: the task 'Inside' is given"),
    ({"ansible.builtin.import_tasks": "inner.yml"}, INNER, "/inner.yml: the task 'Inside' is given"),
    ({"import_tasks": "inner.yml", "no_log": True}, INNER, ""),
    ({"include_tasks": "inner.yml", "no_log": True}, INNER, "/inner.yml: the task 'Inside' is given"),
    ({"include_tasks": {"file": "inner.yml", "apply": {"no_log": True}}}, INNER, ""),
    ({"include_tasks": {"file": "inner.yml", "apply": {"no_log": "{{ x }}"}}}, INNER, "/inner.yml"),
    ({"block": [{"include_tasks": "inner.yml"}], "no_log": True}, INNER, ""),
    ({"include_tasks": "inner.yml"}, QUIET, ""),
    ({"include_tasks": "inner.yml"}, LOOP, ""),
    ({"include_tasks": "inner.yml", "vars": {"other": IT}}, ALIAS, "/inner.yml: the task 'Inside' is given"),
    ({"include_tasks": "inner.yml", "vars": {"other": "x"}}, ALIAS, ""),
    ({"include_tasks": "{{ os }}.yml"}, {}, "includes {{ os }}.yml, which cannot be looked at"),
    ({"include_tasks": {"file": "{{ os }}.yml", "apply": {"no_log": True}}}, {}, ""),
    ({"include_tasks": "none.yml"}, {}, "includes none.yml, which cannot be looked at"),
    ({"include_tasks": ["a"]}, {}, "cannot be looked at"),
    ({"include_role": {"name": "r"}, "vars": {"p": IT}}, {}, "gives router_pppoe_password to a role"),
    ({"include_role": {"name": "r"}, "vars": {"p": IT}, "no_log": True}, {}, "no_log: true below apply"),
    ({"include_role": {"name": "r", "apply": {"no_log": True}}, "vars": {"p": IT}}, {}, ""),
    ({"import_role": {"name": "r"}, "vars": {"p": IT}, "no_log": True}, {}, ""),
]


def told(where: Path, task: object, beside: dict[str, object], given: bool = True) -> tuple[str, list[str]]:
    """Why the file is unfit, and the names that are kept."""
    for name, content in {"apply.yml": [task], **beside}.items():
        (where / name).write_text(yaml.safe_dump(content), encoding="utf-8")
    files = TaskFiles(DataLoader().load_from_file)
    try:
        files.check(where / "apply.yml", given)
    except Unfit as unfit:
        return str(unfit), files.kept
    return "", files.kept


@pytest.mark.parametrize(("task", "beside", "says"), CASES)
def test_what_would_show_it(tmp_path: Path, task: object, beside: dict[str, object], says: str) -> None:
    said, _kept = told(tmp_path, task, beside)
    assert says in said and bool(said) == bool(says), said


def test_a_file_that_is_not_given_it_may_include_what_it_likes(tmp_path: Path) -> None:
    assert told(tmp_path, {"include_tasks": "{{ os }}.yml"}, {}, given=False) == ("", [])


@pytest.mark.parametrize(("action", "fit"), [("end_host", True), ("end_role", True), ("end_play", False)])
def test_a_hook_may_end_the_play_of_its_host(tmp_path: Path, action: str, fit: bool) -> None:
    """Before the cut nothing is asked for yet, and after the end nothing is left to do; of others nothing is known."""
    (tmp_path / "hook.yml").write_text(f"[{{meta: {action}}}]", encoding="utf-8")
    files = TaskFiles(DataLoader().load_from_file)
    with contextlib.nullcontext() if fit else pytest.raises(Unfit, match=action):
        files.check(tmp_path / "hook.yml", given=False, may_end=True)


@pytest.mark.parametrize(
    ("task", "kept"),
    [
        ({"raw": "x", "register": "have", "no_log": True}, ["have"]),
        ({"raw": "x", "register": "have", "no_log": "{{ quiet }}"}, ["have"]),
        ({"raw": "x", "register": "have"}, []),
        ({"raw": "x", "no_log": True}, []),
        ({"block": [{"raw": "x", "register": "have"}], "no_log": True}, ["have"]),
        ({"set_fact": {"a": 1, "router_pppoe_applied": {}, "{{ b }}": 1}, "no_log": True}, ["a"]),
        ({"set_fact": {"router_pppoe_applied": {}}}, []),
        ({"include_tasks": {"file": "inner.yml", "apply": {"no_log": True}}}, ["inside"]),
    ],
)
def test_what_is_kept(tmp_path: Path, task: object, kept: list[str]) -> None:
    """What the role takes back at its end: never what a platform tells the role."""
    assert told(tmp_path, task, {"inner.yml": [{"raw": "x", "register": "inside"}]}) == ("", kept)


@given(st.one_of(st.text(), st.none(), st.integers(), st.lists(st.integers()), st.dictionaries(st.text(), st.none())))
def test_no_log_is_never_certain_by_chance(value: object) -> None:
    """Only what Ansible itself reads as true."""
    assert not certain(value) or str(value).strip().lower() in ("y", "yes", "on", "1", "true", "t", "1.0")


def test_the_examples_of_the_documentation() -> None:
    """They are fit, and what they keep is known."""
    folder = Path(__file__).resolve().parents[5] / "docs" / "examples" / "custom"
    kept = {}
    for one in sorted(folder.iterdir()):
        files = TaskFiles(DataLoader().load_from_file)
        for name in ("probe.yml", "apply.yml", "status.yml"):
            files.check(one / name)
        kept[one.name] = set(files.kept)
    assert "fortigate_written" in kept["fortigate"]


def test_a_hook_may_be_done_once(tmp_path: Path) -> None:
    """It is given no password, and one downtime may be for all lines."""
    (tmp_path / "hook.yml").write_text("[{raw: x, run_once: true}]", encoding="utf-8")
    TaskFiles(DataLoader().load_from_file).check(tmp_path / "hook.yml", given=False, may_end=True)
