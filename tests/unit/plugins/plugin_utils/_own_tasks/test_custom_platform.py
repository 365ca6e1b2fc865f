# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A folder of one's own that cannot work is named with its reason, before anything is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader

from ansible_collections.ownrouter.ovhcloud.plugins.plugin_utils._own_tasks import custom_platform, task_files

GOOD = {
    "probe.yml": "- ansible.builtin.set_fact:\n    router_pppoe_router: {login: a@b, writable: true}\n",
    "apply.yml": "- ansible.builtin.debug:\n    msg: '{{ router_pppoe_password }}'\n  no_log: true\n",
    "status.yml": "- ansible.builtin.set_fact:\n    router_pppoe_session: {up: true, address: 192.0.2.7}\n",
}
BAD: dict[str, tuple[dict[str, str | None], str]] = {
    "no status": ({"status": None}, "/status.yml does not exist: a platform is a folder with probe.yml, apply.yml"),
    "no list": ({"apply": "nothing: here\n"}, "/apply.yml is not a list of tasks"),
    "no yaml": ({"probe": "- a: [\n"}, "/probe.yml is no YAML"),
    "shown": (
        {"apply": "- name: B\n  block:\n    - name: Show\n      debug:\n        msg: '{{ router_pppoe_password }}'\n"},
        "/apply.yml: the task 'Show' is given router_pppoe_password and would show it: it needs no_log: true",
    ),
    "provision": (
        {"provision": "- name: Show\n  debug:\n    msg: '{{ router_pppoe_password }}'\n"},
        "/provision.yml: the task 'Show' is given router_pppoe_password and would show it",
    ),
    "collection": (
        {"requirements.json": '{"collections": ["a.b>=1.0"]}'},
        "ansible-galaxy collection install 'a.b:>=1.0'",
    ),
    "package": ({"requirements.json": '{"python": ["no-such-package"]}'}, "-m pip install no-such-package"),
    "old package": ({"requirements.json": '{"python": ["ovh>=99"]}'}, "ovh 99 or newer (1."),
    "other keys": ({"requirements.json": '{"pip": ["ovh"]}'}, "is not a mapping with the keys collections and python"),
    "other form": ({"requirements.json": '{"python": ["ovh == 1"]}'}, "'ovh == 1' is neither NAME nor NAME>=VERSION"),
}


def refused(folder: Path) -> str:
    """Why this folder is no platform; "" when it is."""
    try:
        custom_platform.Platform(folder, task_files.TaskFiles(DataLoader().load_from_file)).check()
    except task_files.Unfit as unfit:
        return str(unfit)
    return ""


def written(where: Path, **files: str | None) -> Path:
    """The good files, with others in their place (None: without it)."""
    changed = {name if "." in name else f"{name}.yml": text for name, text in files.items()}
    for name, text in {**GOOD, **changed}.items():
        if text is not None:
            (where / name).write_text(text, encoding="utf-8")
    return where


@pytest.mark.parametrize("name", BAD)
def test_a_folder_that_cannot_work(tmp_path: Path, name: str) -> None:
    files, said = BAD[name]
    assert said in refused(written(tmp_path, **files))


def test_a_folder_that_works(tmp_path: Path) -> None:
    assert refused(written(tmp_path)) == ""


def test_where_there_is_none(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "none")
    assert "must be an absolute path" in refused(Path("mine"))
