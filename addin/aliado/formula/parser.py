"""Words to syntax tree, by precedence climbing with Excel's precedence: `-2^2` is 4, `2^3^2` is 64."""

from __future__ import annotations

from aliado.formula.mistakes import FormulaMistakeError, Mistake
from aliado.formula.syntax import (
    Binary,
    Call,
    Name,
    NumberLiteral,
    Omitted,
    Percent,
    Prefix,
    Reference,
    Syntax,
    TextLiteral,
    TruthLiteral,
)
from aliado.formula.tokens import Lexeme, Token, Words
from aliado.language import Text, fold

MAX_DEPTH = 64
"""Deepest nesting of parts within parts; a chain such as a+b+c nests once per operator."""
MAX_NODES = 1500
"""Most parts of one formula."""

_PRECEDENCE = {"=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
_TRUTH = {"true": True, "verdadero": True, "false": False, "falso": False}
_WORD_OPERATORS = {"and": "AND", "y": "Y", "or": "OR", "o": "O", "e": "Y", "u": "O", "not": "NOT", "no": "NO"}


def parse(words: Words) -> Syntax:
    """Return the syntax tree of a formula; raise FormulaMistakeError at the first word that does not fit."""
    parser = _Parser(words.tokens)
    if words.tokens[0].lexeme is Lexeme.END:
        raise FormulaMistakeError(
            Mistake(
                "F108",
                parser.token.start,
                Text("la fórmula está vacía", "the formula is empty"),
                Text("escriba una condición o un valor después de =", "write a condition or a value after ="),
            )
        )
    tree = parser.expression(0)
    if parser.token.lexeme is not Lexeme.END:
        parser.unexpected(Text("un operador o el final", "an operator or the end"))
    return tree


class _Parser:
    """Reads tokens left to right, counting depth and parts against the limits."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.token = tokens[0]
        self.at = 0
        self.nodes = 0
        self.depths: dict[int, int] = {}

    def advance(self, count: int = 1) -> None:
        """Go on to the next token, or so many further."""
        self.at += count
        self.token = self.tokens[self.at]

    def expression(self, lowest: int, nesting: int = 0) -> Syntax:
        """Read operands joined by operators that bind tighter than `lowest`."""
        if nesting > MAX_DEPTH:
            self.too_deep(self.token.start)
        left = self.operand(nesting)
        while self.token.lexeme is Lexeme.OPERATOR and _PRECEDENCE.get(self.token.text, 0) > lowest:
            operator = self.token.text
            self.advance()
            right = self.expression(_PRECEDENCE[operator], nesting + 1)
            left = self.made(Binary(left.start, right.end, operator, left, right), left, right)
        return left

    def operand(self, nesting: int) -> Syntax:
        """Read signs, one value and percent signs: a sign binds tighter than % and ^."""
        signs: list[Token] = []
        while self.token.lexeme is Lexeme.OPERATOR and self.token.text in "+-":
            signs.append(self.token)
            self.advance()
        value = self.value(nesting)
        for sign in reversed(signs):
            value = self.made(Prefix(sign.start, value.end, sign.text, value), value)
        while self.token.lexeme is Lexeme.OPERATOR and self.token.text == "%":
            value = self.made(Percent(value.start, self.token.end, value), value)
            self.advance()
        return value

    def value(self, nesting: int) -> Syntax:
        token = self.token
        after = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        if token.lexeme is Lexeme.NUMBER and token.number is not None:
            self.advance()
            return self.made(NumberLiteral(token.start, token.end, token.number))
        if token.lexeme is Lexeme.TEXT:
            self.advance()
            return self.made(TextLiteral(token.start, token.end, token.text))
        if token.lexeme is Lexeme.REFERENCE:
            self.advance()
            return self.made(Reference(token.start, token.end, None, token.column, token.this_row))
        if token.lexeme is Lexeme.NAME:
            if after.lexeme is Lexeme.OPEN:
                return self.call(nesting)
            self.advance()
            if after.lexeme is Lexeme.REFERENCE and after.start == token.end:
                self.advance()
                return self.made(Reference(token.start, after.end, token.text, after.column, after.this_row))
            if fold(token.text) in _TRUTH:
                return self.made(TruthLiteral(token.start, token.end, _TRUTH[fold(token.text)]))
            return self.made(Name(token.start, token.end, token.text))
        if token.lexeme is Lexeme.OPEN:
            self.advance()
            inner = self.expression(0, nesting + 1)
            self.close(token)
            return inner
        self.unexpected(Text("un valor, una columna o una función", "a value, a column or a function"))
        raise AssertionError  # unexpected always raises

    def call(self, nesting: int) -> Syntax:
        name, opening = self.token, self.tokens[self.at + 1]
        self.advance(2)
        arguments: list[Syntax] = []
        if self.token.lexeme is not Lexeme.CLOSE:
            arguments.append(self.argument(nesting))
            while self.token.lexeme is Lexeme.SEPARATOR:
                self.advance()
                arguments.append(self.argument(nesting))
        end = self.close(opening)
        return self.made(Call(name.start, end, name.text, tuple(arguments)), *arguments)

    def argument(self, nesting: int) -> Syntax:
        if self.token.lexeme in (Lexeme.SEPARATOR, Lexeme.CLOSE):
            return self.made(Omitted(self.token.start, self.token.start))
        return self.expression(0, nesting + 1)

    def close(self, opening: Token) -> int:
        token = self.token
        if token.lexeme is Lexeme.END:
            raise FormulaMistakeError(
                Mistake(
                    "F106",
                    opening.start,
                    Text("falta cerrar este paréntesis", "this parenthesis is never closed"),
                    Text("añada )", "add )"),
                )
            )
        if token.lexeme is not Lexeme.CLOSE:
            self.unexpected(Text("un operador, un separador o )", "an operator, a separator or )"))
        self.advance()
        return token.end

    def made(self, node: Syntax, *parts: Syntax) -> Syntax:
        """Return `node`, counted; raise where the formula passes a limit."""
        self.nodes += 1
        depth = 1
        for part in parts:
            depth = max(depth, 1 + self.depths.get(id(part), 1))
        if depth > MAX_DEPTH:
            self.too_deep(node.start)
        if self.nodes > MAX_NODES:
            raise FormulaMistakeError(
                Mistake(
                    "F107",
                    node.start,
                    Text(f"la fórmula tiene más de {MAX_NODES} partes", f"the formula has more than {MAX_NODES} parts"),
                    Text("repártala en varias reglas", "split it over several rules"),
                )
            )
        self.depths[id(node)] = depth
        return node

    def too_deep(self, start: int) -> None:
        raise FormulaMistakeError(
            Mistake(
                "F107",
                start,
                Text(
                    f"la fórmula anida más de {MAX_DEPTH} niveles",
                    f"the formula nests more than {MAX_DEPTH} levels deep",
                ),
                Text("repártala en varias reglas", "split it over several rules"),
            )
        )

    def unexpected(self, expected: Text) -> None:
        token = self.token
        word = fold(token.text)
        hint: Text | None = None
        if token.lexeme is Lexeme.NAME and word in _WORD_OPERATORS:
            function = _WORD_OPERATORS[word]
            hint = Text(f"escriba {function}(a; b)", f"write {function}(a, b)")
        if token.lexeme is Lexeme.END:
            found = Text("la fórmula termina antes de tiempo", "the formula ends too soon")
        else:
            found = Text(f"no se esperaba '{token.text}'", f"unexpected '{token.text}'")
        raise FormulaMistakeError(
            Mistake(
                "F105",
                token.start,
                Text(f"{found.es}: se esperaba {expected.es}", f"{found.en}: expected {expected.en}"),
                hint,
            )
        )
