# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Small faults in a source file, one at a time (pure): another comparison, another constant, a statement less."""

from __future__ import annotations

import ast
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

#: What a comparison is taken for: its limit moved, and itself turned round.
COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
#: How much of a line a name shows.
SHOWN = 110


@dataclass(frozen=True)
class Mutant:
    """A source file with one fault.

    ``name``: where and what, whatever its line. ``lines``: those of its statement; none for what runs on import.
    ``measure``: a number of a constant of the module, which is chosen: tests go by its name.
    """

    name: str
    code: types.CodeType
    lines: frozenset[int]
    measure: bool


@dataclass(frozen=True)
class Site:
    """A node, where it hangs, and what it could be."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST
    becomes: ast.AST
    where: str
    lines: frozenset[int]
    measure: bool


def mutants(source: str, path: str) -> Iterator[Mutant]:
    """Every mutant of the text of a source file; names that are alike are numbered in their order."""
    tree = ast.parse(source)
    met: Counter[str] = Counter()
    for site in _sites(tree, "", frozenset(), False, False):
        name = f"{site.where or 'module'}: {_shown(site.node)} -> {_shown(site.becomes)}"
        met[name] += 1
        if met[name] > 1:
            name = f"{name} ({met[name]})"
        _put(site, site.becomes)
        code = compile(tree, path, "exec")
        _put(site, site.node)
        yield Mutant(name, code, site.lines, site.measure)


def _shown(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def _put(site: Site, node: ast.AST) -> None:
    if site.index is None:
        setattr(site.parent, site.field, node)
    else:
        getattr(site.parent, site.field)[site.index] = node


def _sites(parent: ast.AST, where: str, lines: frozenset[int], runs_later: bool, measures: bool) -> Iterator[Site]:
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        for index, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST) or _docstring(node):
                continue
            later = runs_later or (isinstance(parent, FUNCTIONS) and field == "body")
            inner = _header(node) if isinstance(node, ast.stmt) else lines
            own = inner if later else frozenset()
            chosen = measures or (isinstance(parent, ast.Module) and _constant(node))
            position = index if isinstance(value, list) else None
            for becomes in _variants(parent, field, node):
                ast.fix_missing_locations(ast.copy_location(becomes, node))
                number = isinstance(node, ast.Constant) and isinstance(node.value, (int, float))
                yield Site(parent, field, position, node, becomes, where, own, chosen and number)
            name = getattr(node, "name", None) if isinstance(node, (ast.ClassDef, *FUNCTIONS)) else None
            yield from _sites(node, ".".join(filter(None, (where, name))), inner, later, chosen)


def _constant(statement: ast.AST) -> bool:
    """Does it name constants of the module, and nothing else?"""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return all(node.id.isupper() for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))


def _docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _header(statement: ast.stmt) -> frozenset[int]:
    """The lines of a statement, without those of the statements in it."""
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return frozenset(range(statement.lineno, max(last, statement.lineno) + 1))


def _variants(parent: ast.AST, field: str, node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for kind in COMPARED[type(node.ops[0])]:
            yield ast.Compare(node.left, [kind()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.BinOp) and type(node.op) in CALCULATED:
        yield ast.BinOp(node.left, CALCULATED[type(node.op)](), node.right)
    elif isinstance(node, ast.Constant):
        yield from _constants(parent, node)
    elif isinstance(node, (ast.Expr, ast.AugAssign, ast.Raise, ast.Break, ast.Continue)):
        yield ast.Pass()
    # A constant that is returned has its own mutants; None would mostly be as false as False.
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield ast.Return(ast.Constant(None))
    if field == "test" and isinstance(node, (ast.Name, ast.Attribute, ast.Call, ast.NamedExpr)):
        yield ast.UnaryOp(ast.Not(), node)


def _constants(parent: ast.AST, node: ast.Constant) -> Iterator[ast.AST]:
    """Texts only where something is compared with them: other ones are words for people."""
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and isinstance(parent, ast.Compare):
        yield ast.Constant(f"{value}?")
