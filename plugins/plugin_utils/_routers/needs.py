# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a router's driver needs on this machine, collections and Python packages, with the command that helps."""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import re
import shlex
import sys
import typing as t
from pathlib import Path

from ansible.module_utils.compat.version import LooseVersion

from ansible_collections.ownrouter.ovhcloud.plugins.module_utils._errors import Failure

REQUIREMENT = re.compile(r"^\s*([A-Za-z0-9._-]+?)\s*(?:>=\s*([0-9][0-9A-Za-z.]*))?\s*$")


def parse_requirement(text: str) -> tuple[str, str]:
    """``name>=1.2`` or ``name`` -> (name, least version or '').

    :raises ValueError: when it is neither
    """
    found = REQUIREMENT.match(text)
    if found is None:
        raise ValueError(f"{text!r} is neither NAME nor NAME>=VERSION.")
    return found[1], found[2] or ""


def collection_version(name: str) -> str | None:
    """The installed version; '' for one without a manifest (a checkout); None for none."""
    try:
        package = importlib.import_module(f"ansible_collections.{name}")
    except ImportError:
        return None
    try:
        manifest = json.loads((Path(package.__path__[0]) / "MANIFEST.json").read_text(encoding="utf-8"))
        return str(manifest["collection_info"]["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def package_version(name: str) -> str | None:
    """The version of a Python package of ansible's own environment; None for none."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def enough(version: str | None, least: str) -> bool:
    """A version that is not known is taken."""
    return version is not None and (not least or not version or LooseVersion(version) >= LooseVersion(least))


def what(name: str, least: str, version: str | None) -> str:
    """`a.b 1.2 or newer (1.1 is installed)`"""
    return f"{name}{f' {least} or newer' if least else ''} ({'not' if version is None else version + ' is'} installed)"


def missing_collections(wanted: t.Sequence[str]) -> list[str]:
    """A sentence with the command that helps, for each collection that is not there."""
    said: list[str] = []
    for text in wanted:
        name, least = parse_requirement(text)
        version = collection_version(name)
        if not enough(version, least):
            source = shlex.quote(f"{name}:>={least}") if least else name
            upgrade = "" if version is None else "--upgrade "
            said.append(
                f"the collection {what(name, least, version)}: ansible-galaxy collection install {upgrade}{source}"
            )
    return said


def missing_packages(wanted: t.Sequence[str]) -> list[str]:
    """A sentence with the command that helps, for each Python package that is not there. ``a | b``: one of the two."""
    said: list[str] = []
    for text in wanted:
        choices = [parse_requirement(choice) for choice in text.split("|")]
        versions = [package_version(name) for name, _least in choices]
        if any(enough(version, least) for version, (_name, least) in zip(versions, choices)):
            continue
        names = " or ".join(what(name, least, version) for version, (name, least) in zip(versions, choices))
        name, least = choices[0]
        source = shlex.quote(f"{name}>={least}") if least else name
        said.append(f"the Python package {names}: {shlex.quote(sys.executable)} -m pip install {source}")
    return said


def refuse_lacking(platform: str, collections: t.Sequence[str], packages: t.Sequence[str]) -> None:
    """:raises Failure: ``router_option`` when this machine lacks something that the platform's driver is built on"""
    lacking = missing_collections(collections) + missing_packages(packages)
    if lacking:
        raise Failure(
            "router_option",
            f"The platform {platform} needs on this machine {'; and '.join(lacking)} . The router was not asked.",
            {"option": "platform"},
        )
