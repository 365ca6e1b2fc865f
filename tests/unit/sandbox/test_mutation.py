# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The mutation run itself: which faults it makes, and what turns it red."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2]
if str(TESTS) not in sys.path:
    sys.path.insert(0, str(TESTS))

# E402: these stand below the path that is set just above.
from mutation.__main__ import SOURCES, Trial, told  # noqa: E402
from mutation.mutants import mutants  # noqa: E402


@pytest.mark.parametrize(
    ("alive", "known", "code"),
    [
        (set(), {}, 0),
        ({"a"}, {"a": "why"}, 0),
        # a new survivor, an entry that is none any more, tests that see nothing at all
        ({"a"}, {}, 1),
        ({"a", "b"}, {"a": "why"}, 1),
        ({"a"}, {"a": "why", "b": "why"}, 1),
        ({"a", "b"}, {"a": "why", "b": "why"}, 1),
    ],
)
def test_what_turns_it_red(alive, known, code):
    assert told(2, alive, known, 0, 0.0) == code


def test_a_run_in_which_measures_alone_are_not_held_has_killed_none():
    assert told(2, set(), {}, 2, 0.0) == 1


def test_faults():
    source = "LIMIT = 3\n\ndef f(a):\n    if a < LIMIT and a:\n        g(a)\n    return a + 1\n"
    made = list(mutants(source, "f.py"))
    assert [mutant.name for mutant in made] == [
        "module: 3 -> 4",
        "f: a < LIMIT and a -> a < LIMIT or a",
        "f: a < LIMIT -> a <= LIMIT",
        "f: a < LIMIT -> a >= LIMIT",
        "f: g(a) -> pass",
        "f: return a + 1 -> return None",
        "f: a + 1 -> a - 1",
        "f: 1 -> 2",
    ]
    assert [sorted(mutant.lines) for mutant in made] == [[], [4], [4], [4], [5], [6], [6], [6]]
    assert len({mutant.code for mutant in made}) == len(made)


def test_a_measure_is_a_number_that_names_a_constant():
    source = "A, B = 3, 60 * 7\nC: float = t(minutes=5)\nD = a if 'x' == b else 1\nd = 2\n\nclass X:\n    E = 4\n"
    made = list(mutants(source, "f.py"))
    measures = ["3 -> 4", "60 -> 61", "7 -> 8", "5 -> 6", "1 -> 2"]
    assert [mutant.name for mutant in made if mutant.measure] == [f"module: {one}" for one in measures]
    others = ["module: 60 * 7 -> 60 / 7", "module: 'x' == b -> 'x' != b", "module: 'x' -> 'x?'", "module: 2 -> 3"]
    assert [mutant.name for mutant in made if not mutant.measure] == [*others, "X: 4 -> 5"]


def test_every_source_file_has_tests_of_its_name(monkeypatch):
    monkeypatch.chdir(TESTS.parent)
    (mutant,) = mutants("LIMIT = 3\n", "f.py")
    found = [path for pattern in SOURCES for path in Path().glob(pattern)]
    assert len(found) > 15
    for path in found:
        own = {Path(file).name for file in Trial(str(path), mutant).own_tests}
        assert f"test_{path.stem.lstrip('_')}.py" in own
