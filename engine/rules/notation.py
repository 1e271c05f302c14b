"""How unary tests and conditions are written, and read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import BadTest, UnknownFact
from ..text import Title, shown, suggested
from .conditions import Condition
from .unary_tests import Interval, Kind, UnaryTest, refuse_value

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<date>(?:@"(?P<at>[^"]*)"|date\(\s*"(?P<call>[^"]*)"\s*\)))
    | (?P<quoted>"(?:[^"\\]|\\.)*"|“(?:[^”\\]|\\.)*”)
    | (?P<op>>=|<=|>|<|=)
    | (?P<mark>\.\.|[,()\[\]，（）])
    | (?P<point>[+-]?\.\d+(?:[eE][+-]?\d+)?(?![^\s,()\[\]"<>=，（）.]))
    | (?P<word>[^\s,()\[\]"<>=，（）.]+(?:\.(?!\.)[^\s,()\[\]"<>=，（）.]+)*)
    )""",
    re.VERBOSE,
)


_PLAIN = {"，": ",", "（": "(", "）": ")"}


def parse_test(written: Any, kind: Kind, fact: str = "value") -> UnaryTest:
    """Read a unary test of a fact of `kind`. `written` is text, or a plain YAML value, which tests for equality.

    Raises BadTest, saying what was expected.
    """
    text = shown(written) if not isinstance(written, str) else written.strip()
    readable = not isinstance(written, (list, dict, float))
    if readable and text in ("-", ""):
        return UnaryTest("-", everything=True)
    cause: Exception | None = None
    tokens = _tokens(text) if readable else None
    if tokens is not None:
        try:
            return _Reader(tokens, kind).test(text)
        except (ValueError, IndexError, KeyError) as error:
            cause = error
    raise BadTest(text=text, fact=fact, kind=kind.title, expected=_expected(kind)) from cause


def _expected(kind: Kind) -> Title:
    if kind.ordered:
        low, high = {"integer": ("3", "50"), "decimal": ("0.5", "2"), "date": ("2015-01-01", "2015-12-31")}[kind.name]
        tests = f"-, null, {low}, >= {low}, [{low}..{high}), not({low})"
        return Title(tests, tests)
    if kind.name == "boolean":
        return Title("-, null, not(...), true, false", "-, null, not(...), true, false")
    return Title(f'-, null, not(...), {kind.expected.zh}, "a", "b"', f'-, null, not(...), {kind.expected.en}, "a", "b"')


def _tokens(text: str) -> list[tuple[str, str]] | None:
    tokens, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if not match:
            return None
        kind = str(match.lastgroup)
        if match["date"]:
            tokens.append(("literal", match["at"] or match["call"] or ""))
        elif kind == "quoted":
            text_in_quotes = _unescaped(match["quoted"][1:-1])
            if text_in_quotes is None:
                return None
            tokens.append(("quoted", text_in_quotes))
        elif kind == "point":
            tokens.append(("word", match["point"]))
        else:
            value = match[kind]
            tokens.append((kind, _PLAIN.get(value, value)))
        at = match.end()
    return tokens


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(.))", re.DOTALL)
_ESCAPED = {'"': '"', "'": "'", "\\": "\\", "“": "“", "”": "”", "n": "\n", "r": "\r", "t": "\t"}


def _unescaped(text: str) -> str | None:
    """A string literal's text (DMN 1.3, 10.3.1.2, rule 35); None for an escape that there is not."""
    if "\\" not in text:
        return text
    found: list[str] = []
    at = 0
    for match in _ESCAPE.finditer(text):
        code = match[1] or match[2]
        char = _ESCAPED.get(match[3]) if code is None else chr(int(code, 16)) if int(code, 16) <= 0x10FFFF else None
        if char is None:
            return None
        found += [text[at : match.start()], char]
        at = match.end()
    return "".join([*found, text[at:]])


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]], kind: Kind) -> None:
        self.tokens, self.kind, self.at = tokens, kind, 0

    def test(self, text: str) -> UnaryTest:
        if self.tokens[:2] == [("word", "not"), ("mark", "(")]:
            self.at = 2
            intervals, points = self.alternatives()
            if self.next() != ("mark", ")"):
                raise ValueError
            negated = True
        else:
            intervals, points = self.alternatives()
            negated = False
        if self.at != len(self.tokens):
            raise ValueError
        return UnaryTest(text, tuple(intervals), tuple(points), negated)

    def next(self) -> tuple[str, str]:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def alternatives(self) -> tuple[list[Interval], list[Any]]:
        intervals: list[Interval] = []
        points: list[Any] = []
        while True:
            kind, value = self.tokens[self.at]
            if kind == "op":
                self.at += 1
                self.comparison(value, intervals, points)
            elif kind == "mark" and value in "([]" and value != ",":
                intervals.append(self.interval())
            else:
                points.append(self.value(null=True))
            if self.at < len(self.tokens) and self.tokens[self.at] == ("mark", ","):
                self.at += 1
                continue
            return intervals, points

    def comparison(self, op: str, intervals: list[Interval], points: list[Any]) -> None:
        bound = self.value(null=op == "=")
        if op == "=":
            points.append(bound)
            return
        self.need_order()
        if op[0] == ">":
            intervals.append(Interval(low=bound, low_closed=op == ">="))
        else:
            intervals.append(Interval(high=bound, high_closed=op == "<="))

    def interval(self) -> Interval:
        self.need_order()
        opening = self.next()[1]
        low = self.value()
        if self.next() != ("mark", ".."):
            raise ValueError
        high = self.value()
        closing = self.next()[1]
        if closing not in ")][" or low > high or (low == high and (opening, closing) != ("[", "]")):
            raise ValueError
        return Interval(low, high, opening == "[", closing == "]")

    def need_order(self) -> None:
        if not self.kind.ordered:
            raise ValueError

    def value(self, null: bool = False) -> Any:
        kind, text = self.next()
        if kind == "word" and text == "null":
            return None if null else refuse_value(text)
        if kind == "quoted":
            return self.kind.read(text) if self.kind.name in ("string", "enumeration", "body") else refuse_value(text)
        if kind == "literal":
            return self.kind.read(text) if self.kind.name == "date" else refuse_value(text)
        return self.kind.read(text) if kind == "word" else refuse_value(text)


def parse_condition(written: Mapping[str, Any], kinds: Mapping[str, Kind]) -> Condition:
    """Read a condition: fact names to unary tests, and `any:` to a list of conditions.

    Raises UnknownFact and BadTest.
    """
    tests = []
    alternatives: tuple[Condition, ...] = ()
    for fact, test in written.items():
        if fact == "any":
            alternatives = tuple(parse_condition(one, kinds) for one in test)
        elif fact not in kinds:
            raise UnknownFact(fact=fact, known=suggested(fact, list(kinds)))
        else:
            tests.append((fact, parse_test(test, kinds[fact], fact)))
    return Condition(tuple(tests), alternatives)
