"""Reads a synchronous grammar from the JSON in which people write it.

``data/phrases/README.md`` describes the notation.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator

from s2s_tutorial.corpora.made.grammar import Linked, Phrase, Rule, SynchronousGrammar, TargetItem


def read_grammar(content: dict) -> SynchronousGrammar:
    """The grammar that a parsed JSON file describes.

    Raises:
        ValueError: if a rule or a word line is not written as it should be; the message quotes it.
    """
    words: dict[str, list[Phrase]] = {}
    for category, table in content["words"].items():
        for key, lines in table["entries"].items():
            for alternative, line in itertools.product(key.split("|"), lines):
                for form, phrase in _word_line(line, table["forms"], table["fields"]):
                    symbol = ".".join(filter(None, (category, alternative, form)))
                    words.setdefault(symbol, []).append(phrase)
    reader = _RuleReader(content, words)
    rules: dict[str, list[Rule]] = {}
    for key, lines in content["rules"].items():
        for line in lines:
            for symbol, rule in reader.read(key, line):
                rules.setdefault(symbol, []).append(rule)
    return SynchronousGrammar(rules, words)


def _word_line(line: str, forms: dict[str, str], fields: list[str]) -> Iterator:
    """``"mela mele = apple apples"``: the source forms, then the target fields."""
    sides, _, explicit = line.partition("|")
    src_side, _, tgt_side = sides.partition("=")
    src_forms, tgt_fields = src_side.split(), (tgt_side or src_side).split()
    if len(src_forms) != len(forms) or len(tgt_fields) != len(fields):
        raise ValueError(
            f"the word line {line!r} needs {len(forms)} source forms and {len(fields)} target "
            f"fields ({', '.join(fields)}), but has {len(src_forms)} and {len(tgt_fields)}"
        )
    links = [tuple(map(int, link.split("-"))) for link in explicit.split()]
    for (form, default), src_form in zip(forms.items(), src_forms):
        if src_form == "-":  # there is no such form
            continue
        src = tuple(src_form.split("_"))
        tgt = {
            field: _link(src, tuple(text.split("_")), links, line)
            for field, text in zip(fields, tgt_fields)
        }
        yield form, Phrase(src, tgt | {"": tgt[default]})


def _link(src: tuple[str, ...], tgt: tuple[str, ...], links: list, line: str) -> Linked:
    """One word to all, or word by word; anything else must be written down."""
    if links:
        return tuple((w, tuple(j for j, k in links if k == i)) for i, w in enumerate(tgt))
    if len(src) == 1 or len(tgt) == 1:
        return tuple((w, tuple(range(len(src)))) for w in tgt)
    if len(src) == len(tgt):
        return tuple((w, (i,)) for i, w in enumerate(tgt))
    raise ValueError(f"the word line {line!r} needs its links, such as '| 0-0 1-2'")


class _RuleReader:
    """Turns a rule with variables into rules without."""

    def __init__(self, content: dict, words: dict[str, list[Phrase]]) -> None:
        self.variables: dict[str, list[str]] = content["variables"]
        self.tables: dict[str, dict[str, str]] = content["tables"]
        self.fields = {head: table["fields"] for head, table in content["words"].items()}
        self.heads = {symbol.split(".")[0] for symbol in (*words, *content["rules"])}

    def read(self, key: str, line: str) -> Iterator[tuple[str, Rule]]:
        """The rules of ``"3: Art.G.N Noun.C.G.N = Art Noun"``, one for each way to fill it in.

        The weight, 1 if none is written, is shared out among those of the same symbol.
        """
        weight, body = re.fullmatch(r"(?:([\d.]+):)?(.*)", line).groups()
        src, equals, tgt = body.partition(" = ")
        if not equals:
            raise ValueError(f"the rule {line!r} needs ' = ' between its two sides")
        parts = re.split(r"[.~ ]", f"{key} {body}")
        used = [name for name in self.variables if name in parts]
        free = [name for name in used if name not in key.split(".")]
        share = math.prod(len(self.variables[name]) for name in free)
        for values in itertools.product(*(self.variables[name] for name in used)):
            value_of = dict(zip(used, values))
            items = [self._source_item(item, value_of, line) for item in src.split()]
            handles = [handle for handle, _ in items]
            target = [self._target_item(item, value_of, handles, line) for item in tgt.split()]
            rule = Rule(
                tuple(name for _, name in items),
                tuple(_link_punctuation(target, handles, line)),
                float(weight or 1) / share,
            )
            yield _fill(key, value_of), rule

    def _source_item(self, item: str, value_of: dict[str, str], line: str) -> tuple[str, str]:
        """What the target side calls an item, and its name: ``Noun2.C`` is Noun2, Noun.fruit."""
        handle = item.split(".")[0]
        head = handle.rstrip("0123456789")
        if head in self.heads:
            return handle, _fill(head + item[len(handle) :], value_of)
        if item != item.lower():
            raise ValueError(f"the rule {line!r} has {item!r}, which no rule or word expands")
        return item, item

    def _target_item(
        self, item: str, value_of: dict[str, str], handles: list[str], line: str
    ) -> TargetItem:
        """``Noun``, ``Verb:ing``, ``not~non``, ``Pron.P.N~Verb`` or ``the``."""
        text, _, linked = item.partition("~")
        name, _, field = text.partition(":")
        try:
            links = tuple(handles.index(handle) for handle in linked.split("+") if handle)
            if name in handles and name != name.lower():
                if field and field not in self.fields.get(name.rstrip("0123456789"), ()):
                    raise KeyError(field)
                return TargetItem(handles.index(name), field, (), links)
            table, _, row = _fill(text, value_of).partition(".")
            if table in self.tables:
                return TargetItem(None, "", tuple(self.tables[table][row].split()), links)
        except (ValueError, KeyError):
            raise ValueError(
                f"the rule {line!r} has {item!r}, which refers to nothing: no such item on the "
                "source side, field of its words, or row of the table"
            ) from None
        if text != text.lower():
            raise ValueError(f"the rule {line!r} has {item!r}, which stands for nothing")
        return TargetItem(None, "", (text,), links)


def _link_punctuation(
    target: list[TargetItem], handles: list[str], line: str
) -> Iterator[TargetItem]:
    """Link each comma and question mark to the same one of the source side, in order."""
    places = {sign: [k for k, handle in enumerate(handles) if handle == sign] for sign in ",?"}
    for item in target:
        sign = item.words[0] if item.words else ""
        if sign in places:
            if not places[sign]:
                raise ValueError(f"the rule {line!r} has more {sign!r} on its target side")
            item = item._replace(links=(places[sign].pop(0),))
        yield item


def _fill(symbol: str, value_of: dict[str, str]) -> str:
    """The symbol with its variables' values: ``Noun.C.G`` is ``Noun.fruit.f``."""
    return ".".join(value_of.get(part, part) for part in symbol.split("."))
