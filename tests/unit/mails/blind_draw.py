# Copyright (c) 2026, ownrouter contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which mails the generator ``blind`` makes: written without a look at the reader."""

from __future__ import annotations

import dataclasses
import random
import typing as t

from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_encodings as encodings
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_layouts as layouts
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails import blind_values as values
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.blind import Mail, render
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.blind_pieces import (
    HOPELESS,
    NEUTRAL,
    NOISE,
    OPEN,
    RIVALS,
    Recipe,
    chance,
)
from ansible_collections.ownrouter.ovhcloud.tests.unit.mails.blind_words import WORDS


def _some(rng: random.Random, names: t.Sequence[str], most: int) -> tuple[str, ...]:
    return tuple(rng.sample(names, rng.randint(0, most)))


def _hopeless(rng: random.Random, recipe: Recipe) -> Recipe:
    """With nothing to read, and perhaps much that looks like it."""
    kind = rng.choice((*HOPELESS, *HOPELESS, "loose"))
    baits = (
        [*RIVALS, *OPEN]
        if kind not in ("other line", "other login")
        else [*RIVALS, "old 0", "example", "other line names", "void"]
    )
    baits = [name for name in baits if name != "link" and (kind, name) != ("absent", "mailbox bare")]
    if rng.random() < 0.15:
        recipe = dataclasses.replace(
            recipe, encoding=rng.choice(("dense", "dense", "dense cell", "one line", "hidden"))
        )
    before, after = _some(rng, [*NOISE, *baits], 1), _some(rng, baits, 2)
    if kind == "absent" and not after:
        after = (rng.choice([*RIVALS, "old 0", "example", "other line"]),)
    recipe = dataclasses.replace(recipe, kind=kind, before=before, after=(*after, *_some(rng, [*NEUTRAL, *NOISE], 1)))
    if kind in ("stray", "empty"):  # behind nothing, another password would be the one that the mail gives
        recipe = dataclasses.replace(recipe, wrap="")
    if kind == "stray":
        return recipe
    if kind.endswith("label") and recipe.layout in ("json", "query", "xml", "cisco", "options"):  # no label in them
        recipe = dataclasses.replace(recipe, layout="colon")
    if kind == "loose":
        value, proven = rng.choice(("one kind", *values.LOOSE_VALUES)), rng.choice(("", "same", "same", "other"))
        return dataclasses.replace(recipe, kind="good", value=value, after=(), before=(), proven=proven)
    if kind in ("mask", "placeholder", "remark", "empty") and rng.random() < 0.4:
        return dataclasses.replace(recipe, proven="same", encoding="", before=(), after=())
    if kind == "parts differ":
        layout = rng.choice([*ROWS])
        return Recipe(recipe.seed, recipe.language, kind, layout, "both", recipe.labels, known=recipe.known)
    if kind == "other login":
        return dataclasses.replace(recipe, known=True)
    if kind == "link" and rng.random() < 0.5:
        recipe = dataclasses.replace(recipe, encoding="anchors")
    if kind == "quoted only":
        return dataclasses.replace(recipe, quote=rng.choice(layouts.QUOTES), before=(), after=())
    if kind == "unseen":  # a sentence has no pairs, and a text part hides nothing
        layout = rng.choice([*layouts.HTML])
        return dataclasses.replace(recipe, form="html", layout=layout, quote="", swapped=False, encoding="", between=())
    if kind in ("service mail", "former block"):
        return dataclasses.replace(recipe, quote="", swapped=False)
    if rng.random() < 0.2 and kind not in ("other label", "service label"):
        return dataclasses.replace(recipe, layout=rng.choice(layouts.TABLES), between=())
    return recipe


def _opened(rng: random.Random, recipe: Recipe) -> Recipe:
    """With one or two things of which the rules do not say whether the mail is still read."""
    for _n in range(rng.randint(1, 2)):
        layout = rng.choice([*layouts.OPEN_TEXT] if recipe.form == "text" else [*layouts.OPEN_HTML])
        change: dict[str, t.Any] = rng.choice(
            (
                {"layout": layout},
                {"layout": layout},
                {"value": rng.choice([*values.OPEN_VALUES])},
                {"wrap": f"{rng.choice(('both', 'one'))} {rng.randrange(len(values.PAIRS))}"},
                {"wrap": f"tail {rng.randrange(len(values.TAILS))}"},
                {"layout": rng.choice(layouts.TABLES)},
                {"title": rng.choice((2, 3))},
                {"swapped": True},
                {"after": (*recipe.after, rng.choice(OPEN))},
                {"before": (*recipe.before, rng.choice(OPEN))},
                {"encoding": rng.choice([*encodings.OPEN])},
                {"escape": "forgetful"},
            )
        )
        recipe = dataclasses.replace(recipe, **change)
    broken = recipe.value == "accent" and recipe.encoding in (
        "nfd",
        "mojibake",
    )  # another password, for all one can see
    recipe = dataclasses.replace(recipe, encoding="") if broken else recipe
    if recipe.value == "entity":  # what is written as an entity is one
        recipe = dataclasses.replace(recipe, escape="named")
    # Quotes of its own already: whether the marks inside them are the password's nobody knows.
    return dataclasses.replace(recipe, wrap="") if recipe.layout == "config" else recipe


#: Layouts in which a row stands by itself, so that other rows may stand between login and password.
ROWS = {*layouts.TEXT, *layouts.HTML} - {"heads", "heads td", "pipe heads", "one row"}


def draw(seed: str) -> Recipe:
    """A recipe: a third plain, and of the rest as many that are to be read as those in which nothing is to be read."""
    rng = chance(seed, "draw")
    form = rng.choice(("text", "text", "text", "html", "html", "both"))
    layout = rng.choice(["sentence", *(layouts.TEXT if form == "text" else layouts.HTML if form == "html" else ROWS)])
    labels = tuple(-1 if rng.random() < 0.06 else rng.randrange(6) for _n in range(2))
    recipe = Recipe(seed, rng.choice([*WORDS]), "good", layout, form, (labels[0], labels[1]))
    recipe = dataclasses.replace(
        recipe,
        value=rng.choice([*["simple"] * 4, *values.VALUES]),
        title=rng.randrange(2),
        known=rng.random() < 0.5,
        before=_some(rng, NEUTRAL[:1], 1),
        after=_some(rng, NEUTRAL[1:], 1),
        encoding=rng.choice([*[""] * 4, *encodings.PLAIN]),
        escape=rng.choice(("named", "named", "numeric", "entities")),
    )
    aim = rng.random()
    if aim < 0.33:
        return recipe
    recipe = dataclasses.replace(
        recipe,
        before=(*recipe.before, *_some(rng, (*NOISE, *RIVALS[::2]), 2)),
        between=_some(rng, ("settings", "ip", "nic", "about 0", "about 1"), 1)
        if layout in ROWS and rng.random() < 0.3
        else (),
        after=(*_some(rng, (*NOISE, *RIVALS), 2), *recipe.after),
        quote=rng.choice(layouts.QUOTES) if rng.random() < 0.2 else "",
    )
    if aim < 0.56:
        return recipe
    return (
        _opened(rng, recipe) if aim < 0.78 else _hopeless(rng, _opened(rng, recipe) if rng.random() < 0.2 else recipe)
    )


def mails(seed: str, number: int) -> t.Iterator[Mail]:
    """NUMBER mails of that seed."""
    for index in range(number):
        yield render(draw(f"{seed}/{index}"))
