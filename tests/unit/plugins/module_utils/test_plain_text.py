# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Signs that do something to a terminal never leave a module or an action of ours, whoever put them into a text."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._plain_text import AS_THEY_ARE, harmless, plain

LINE = "xdsl-ab12345-1"
PLUGINS = Path(__file__).resolve().parents[4] / "plugins"
#: Colours, clears the screen by a sign of eight bits, sets the title, goes back, turns the direction.
EVIL = "a\x1b[31mb\x9b2Jc\x1b]0;x\x07d\re\u202ef\x7f"
ESCAPED = "a\\x1b[31mb\\x9b2Jc\\x1b]0;x\\x07d\\re\\u202ef\\x7f"
DATA = st.recursive(
    st.text() | st.integers() | st.none() | st.booleans(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["msg", "warnings", "a"]), inner),
)


def raw(value) -> list[str]:
    """The signs of a result that a terminal would act on."""
    if isinstance(value, str):
        return [one for one in value if not one.isprintable() and one != "\n" and not one.isspace()]
    if isinstance(value, dict):
        return [one for name, inner in value.items() if name not in AS_THEY_ARE for one in raw(inner)]
    return [one for inner in value for one in raw(inner)] if isinstance(value, list) else []


def test_each_of_them():
    assert harmless(EVIL) == plain(EVIL) == ESCAPED
    # The path of a user's own task file would name another one.
    assert harmless({"files": [{"file": "/srv/a\u200db/apply.yml"}]}) == {
        "files": [{"file": "/srv/a\u200db/apply.yml"}]
    }
    assert harmless({"msg": f"one\n{EVIL}", "list": [EVIL], "password": EVIL}) == {
        "msg": f"one\n{ESCAPED}",
        "list": [ESCAPED],
        "password": EVIL,
    }
    assert harmless("caf\u00e9 \u00a0\u3000 \U0001f642") == "caf\u00e9 \u00a0\u3000 \U0001f642"


@given(DATA)
def test_nothing_else_changes(value):
    once = harmless(value)
    assert raw(once) == [] and harmless(once) == once
    assert json.loads(json.dumps(once)) == once


@pytest.mark.parametrize("module", ["xdsl_info", "xdsl_ppp_login_mail", "xdsl_ppp_credentials_info"])
def test_texts_of_the_api(api, ak, run, state_dir, module):
    """An error, a description and a mail's title, all of which OVHcloud, or who writes to it, could fill."""
    mine = {"state_dir": state_dir, "renew": True} if module == "xdsl_ppp_login_mail" else {}
    with api.world.change() as state:
        state["lines"][LINE]["access"]["description"] = EVIL
    title = f"Vos identifiants PPPoE {EVIL}"
    text = (
        f"Acc\u00e8s {LINE}\n\nIdentifiant : 0320123456_1@adsl.ovh\nMot de passe : Kanarie'7\nMot de passe : Kanarie'8"
    )
    api.admin("POST", "/mails", {"title": title, "text": text, "age": 0})
    found = run(module, **ak, service_name=LINE, **mine)
    assert raw(dict(found)) == [] and "\x1b" not in found.written and "\x9b" not in found.written
    assert "x1b[31m" in found.written


def test_an_error_of_the_api(api, ak, run):
    """A line of its own would look like one of Ansible's."""
    body = {"class": "Client::X", "message": f"no\n[ERROR]: {EVIL}", "errorCode": EVIL}
    api.fault("status:409", "GET", f"/xdsl/{LINE}*", times=-1, body=body)
    refused = run("xdsl_info", **ak, service_name=LINE)
    assert raw(dict(refused)) == [] and "OVH says: no [ERROR]: a\\x1b[31mb" in refused["msg"]


def test_one_way_out():
    """Each module ends by _argspec.run, each action of its own result by harmless, and so does every line."""
    for path in sorted((PLUGINS / "modules").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not calls & {"module.exit_json", "module.fail_json", "module.warn"}, path
    own = [
        path for path in sorted((PLUGINS / "action").glob("*.py")) if "(ActionBase)" in path.read_text(encoding="utf-8")
    ]
    assert len(own) == 4
    assert [path.name for path in own if "harmless(" not in path.read_text(encoding="utf-8")] == []
    writers = ("Display().display(", "os.write(_open", ".warning(", "print(", "sys.stdout", "sys.stderr")
    found = {
        (path.name, line.strip())
        for path in PLUGINS.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if any(word in line for word in writers)
    }
    assert found == {
        ("progress.py", 'Display().display(harmless(f"[{host}] {text}"))'),
        ("xdsl.py", "self.display.warning(harmless(text))"),
        ("xdsl_ppp_credentials.py", "Display().warning(harmless(warning))"),
        ("xdsl_ppp_sites.py", "Display().display(harmless(said))"),
        ("xdsl_ppp_sites.py", 'Display().display(harmless(f"The report is in {sites.file}.\\n"))'),
        ("xdsl_ppp_sites.py", r'Display().display(harmless(f"\n{site_report.text(report, go_on)}\n"))'),
        ("last_words.py", 'os.write(_open[-1], f"[ERROR]: {said}\\n".encode())'),
    }
