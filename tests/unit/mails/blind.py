# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Mails of every kind, each with its right outcome by construction: written from the rules for reading a mail and from
OVHcloud's guide to its PPPoE credentials (ovh/docs, "Obtenir les identifiants PPPoE"), without a look at the reader.

A ``Recipe`` says what a mail is made of, ``render`` makes the mail: pure, the same mail from the same recipe. A recipe
can lose its parts one by one, so that a failing mail shrinks.
"""

from __future__ import annotations

import dataclasses
import typing as t
from dataclasses import dataclass

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_encodings as encodings
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_layouts as layouts
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_values as values
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.blind_pieces import (
    LINES,
    USERS,
    Block,
    Recipe,
    chance,
    make_link,
    piece,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.blind_words import (
    MASKS,
    PLACEHOLDERS,
    SERVICES,
    WORDS,
    Words,
)


@dataclass(frozen=True)
class Mail:
    """A mail. ``line``: service name and login as far as it is known. ``password``: what it gives, if anything.

    ``secret``: id of the one-time link in the password's place.
    """

    recipe: Recipe
    title: str
    text: str | None
    html: str | None
    line: tuple[str, str | None]
    login: str
    password: str | None
    secret: str | None


def user_of(service: str, names: values.Names) -> str:
    return USERS.get(service, "contact@example.com").format(names)


def service_of(recipe: Recipe) -> str:
    """The service of a mail that is about another one."""
    return chance(recipe.seed, "which").choice(SERVICES)


def _password_pair(recipe: Recipe, words: Words, names: values.Names, password: str) -> list[tuple[str, str]]:
    """Label and value of the password, as that kind of mail has them."""
    rng = chance(recipe.seed, "pair")
    label = words.yours[1] if recipe.labels[1] < 0 else words.passwords[recipe.labels[1] % len(words.passwords)]
    kind = recipe.kind
    if kind == "missing":
        return []
    if kind == "other label":
        return [(rng.choice(words.not_ours), password)]
    if kind == "service label":
        return [(rng.choice(words.services)[1], password)]
    void = rng.choice(words.void)
    standing = {
        "mask": lambda: rng.choice(MASKS),
        "placeholder": lambda: rng.choice(PLACEHOLDERS),
        "remark": lambda: rng.choice(("{0}", "({0})", "[{0}]", "<{0}>", "{0}.")).format(rng.choice(words.remarks)),
        "empty": lambda: "",
        "thing": lambda: values.things(rng, names),
        "void": lambda: rng.choice(values.VOID).format(password, void),
        "link": lambda: make_link(chance(recipe.seed, "link"))[0],
        "stray": lambda: rng.choice(values.STRAYS if recipe.layout in LINES else values.STRAYS[:10]).format(password),
    }
    return [(label, standing[kind]() if kind in standing else password)]


def _table(
    recipe: Recipe, words: Words, names: values.Names, login: tuple[str, str], password: list[tuple[str, str]]
) -> Block:
    """Ours beside the other services' in one table: a row, or a column, for each."""
    rng = chance(recipe.seed, "table")
    rows = [("PPPoE", login[1], password[0][1])]
    rows += [
        (words.services[SERVICES.index(service)][0], user_of(service, names), values.VALUES["simple"](rng))
        for service in rng.sample(SERVICES, rng.randint(1, 2))
    ]
    rng.shuffle(rows)
    table = [("", login[0], password[0][0]), *rows]
    return Block((), table=tuple(zip(*table)) if recipe.layout == "matrix" else tuple(table))


def _main(recipe: Recipe, words: Words, names: values.Names, password: str) -> Block:
    label = words.yours[0] if recipe.labels[0] < 0 else words.logins[recipe.labels[0] % len(words.logins)]
    login = [(label, names.login)]
    marked = _password_pair(recipe, words, names, password)
    if recipe.wrap.startswith("tail"):
        other = values.VALUES["simple"](chance(recipe.seed, "tail"))
        shape = values.TAILS[int(recipe.wrap.split(" ")[1])]
        marked = [(name, shape.format(value, words.noise[2], other, name)) for name, value in marked]
    elif recipe.wrap:
        where, index = recipe.wrap.split(" ")
        before, after = values.PAIRS[int(index)]
        wrapped = [(name, f"{before}{value}{after}") for name, value in marked]
        marked = wrapped
        login = [(label, f"{before}{names.login}{after}")] if where == "both" else login
    if recipe.layout in layouts.TABLES:
        return _table(recipe, words, names, login[0], marked or [(words.passwords[0], "")])
    if recipe.layout == "sentence" and marked and not recipe.kind.endswith("label"):
        return Block((f"{words.sentence.format(login[0][1], marked[0][1])}.",))
    between = [pair for name in recipe.between for pair in piece(name, words, names, recipe).pairs]
    pairs = [*marked, *between, *login] if recipe.swapped else [*login, *between, *marked]
    return Block((), tuple(pairs), "colon" if recipe.layout == "sentence" else recipe.layout)


def _blocks(recipe: Recipe, words: Words, names: values.Names, password: str) -> list[Block]:
    greeting, intro, closing = words.prose
    main = [] if recipe.kind == "absent" else [_main(recipe, words, names, password)]
    if recipe.kind == "unseen":
        main = [dataclasses.replace(main[0], around=chance(recipe.seed, "unseen").choice(layouts.UNSEEN))]
    if recipe.kind == "former block":
        above = chance(recipe.seed, "former").choice(words.former)
        if above == words.former[3]:
            main.append(Block((above,)))
        else:
            intro = above
    if recipe.kind == "service mail":
        rng, service = chance(recipe.seed, "service"), service_of(recipe)
        heading, label = words.services[SERVICES.index(service)]
        intro = rng.choice(
            (f"{heading} - {names.service}", f"{label} ({names.service})", heading, f"{heading} (PPPoE {names.login})")
        )
        user = (words.logins[0], user_of(service, names))
        pairs = [user, (words.passwords[0], password)] if rng.random() < 0.6 else [(words.passwords[0], password)]
        main = [Block((), tuple(pairs), recipe.layout)]
    return [
        Block((greeting,)),
        *(piece(name, words, names, recipe) for name in recipe.before),
        Block((intro.format(names.service),)),
        *main,
        *(piece(name, words, names, recipe) for name in recipe.after),
        Block(tuple(closing.split("\n"))),
    ]


def as_text(blocks: t.Iterable[Block]) -> str:
    shapes = {**layouts.TEXT, **layouts.OPEN_TEXT}
    parts = []
    for block in blocks:
        lines = "\n".join(block.lines) + layouts.table_text(block.table)
        parts.append(
            "\n".join(filter(None, [lines, block.pairs and shapes.get(block.layout, shapes["colon"])(block.pairs)]))
        )
    return "\n\n".join(parts)


def as_html(blocks: t.Iterable[Block], escape: layouts.Escape) -> str:
    shapes = {**layouts.HTML, **layouts.OPEN_HTML}
    parts = []
    for block in blocks:
        if block.lines:
            parts.append(f"<p>{'<br>'.join(escape(line) for text in block.lines for line in text.splitlines())}</p>")
        if block.pairs:
            parts.append(block.around.replace("{0}", shapes.get(block.layout, shapes["p"])(block.pairs, escape)))
        if block.table:
            parts.append(layouts.table_html(block.table, escape))
    return "\n".join(parts)


def _quoted(recipe: Recipe, words: Words, title: str, top: list[Block], old: list[Block]) -> tuple[str, str]:
    """TOP over OLD, an older mail."""
    escape = layouts.ESCAPES[recipe.escape]
    text, page = as_text(top), as_html(top, escape)
    if recipe.quote:
        marks = (words.original, words.forwarded)
        text += "\n\n" + layouts.quoted_text(recipe.quote, words.headers, words.wrote, marks, title, as_text(old))
        page += "\n" + layouts.quoted_html(recipe.quote, words.headers, words.wrote, title, as_html(old, escape))
    return text.lstrip("\n"), page


def render(recipe: Recipe) -> Mail:
    """The mail of a recipe."""
    words = WORDS[recipe.language]
    rng = chance(recipe.seed, "names")
    names = values.names(rng)
    line = (names.service, names.login if recipe.known else None)
    password = {**values.VALUES, **values.OPEN_VALUES, **values.LOOSE_VALUES}[recipe.value](
        chance(recipe.seed, "value")
    )
    if recipe.kind == "other line":
        names = names._replace(
            service=names.other_service,
            login=names.other_login,
            other_service=names.service,
            other_login=names.login,
        )
    elif recipe.kind == "other login":
        line = (names.service, names.other_login)
    title = [*words.titles, "Information", ""][recipe.title].format(names.service)
    if recipe.kind == "service mail":
        title = f"{words.services[SERVICES.index(service_of(recipe))][recipe.title % 2]} - {names.service}"
    blocks = _blocks(recipe, words, names, password)
    older = []
    if recipe.quote and recipe.kind != "quoted only":
        plainer = dataclasses.replace(recipe, kind="good", wrap="", before=(), after=())
        older = _blocks(plainer, words, names, values.VALUES["simple"](chance(recipe.seed, "older")))
    if recipe.kind == "quoted only":
        top = [Block((words.prose[0],))] if rng.random() < 0.5 else []
        text, page = _quoted(recipe, words, title, top, blocks)
        title = f"{rng.choice(('Re', 'Fwd', 'TR', 'WG', 'RV', 'R', 'Odp', 'ENC'))}: {title}"
    else:
        text, page = _quoted(recipe, words, title, blocks, older)
    if recipe.kind == "parts differ":
        text = _quoted(recipe, words, title, _blocks(recipe, words, names, values.VALUES["simple"](rng)), older)[0]
    text, page = encodings.encoded(recipe.encoding, text, page)
    true = password if recipe.kind == "good" else None
    secret = make_link(chance(recipe.seed, "link"))[1] if recipe.kind == "link" else None
    text_, page_ = (text if recipe.form != "html" else None), (page if recipe.form != "text" else None)
    return Mail(recipe, title, text_, page_, line, names.login, true, secret)


def earlier(recipe: Recipe) -> Mail:
    """The earlier mail of a recipe that has one."""
    plain = dataclasses.replace(recipe, kind="good", value="simple", wrap="", proven="")
    if recipe.proven == "other":
        plain = dataclasses.replace(plain, layout="equals", form="text", after=("guide", *plain.after))
    return render(plain)


def simpler(recipe: Recipe) -> t.Iterator[Recipe]:
    """Recipes with a part less, or a plainer part, the greatest step first."""
    for part in ("before", "between", "after"):
        pieces = getattr(recipe, part)
        for index in range(len(pieces)):
            yield dataclasses.replace(recipe, **{part: pieces[:index] + pieces[index + 1 :]})
    plain = Recipe(recipe.seed)
    for field in (
        "encoding",
        "wrap",
        "swapped",
        "title",
        "value",
        "form",
        "layout",
        "escape",
        "labels",
        "language",
        "known",
    ):
        if getattr(recipe, field) != getattr(plain, field) and (field, recipe.kind) != ("form", "unseen"):
            yield dataclasses.replace(recipe, **{field: getattr(plain, field)})
    if recipe.value != "one kind" and recipe.proven:
        yield dataclasses.replace(recipe, proven="")
    if recipe.kind != "quoted only" and recipe.quote:
        yield dataclasses.replace(recipe, quote="")
