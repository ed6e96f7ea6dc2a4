# SPDX-License-Identifier: 0BSD
"""The text language of the vectors: from lines to statements.

A vector file is a list of statements. A statement is a word, then arguments, then
options of the form key=value; ";" or the end of the line ends it; "#" starts a comment.

    block filters="x86 lzma2:dict=4KiB" compressed=yes   # word "block", two options
      chunk lzma ; lit "hello " ; match 6 40             # three statements

This file knows words only by their shape, save for four that work on the text itself
and are gone after expand():

    for X in 0..4 ... endfor      repeats its statements with $X = 0, 1, 2, 3, 4
    if EXPRESSION ... endif       keeps its statements if the expression is not zero
    macro NAME ... endmacro       names some statements
    use NAME x=1                  inserts them with $x = 1

$x and ${expression} are replaced everywhere, in quoted strings as well; ${x:02x} gives
hexadecimal digits. Indentation is for the reader alone.
"""

import ast
import operator
import re


class VectorError(Exception):
    """A mistake in a vector text; prints as file:line: message."""

    def __init__(self, where, message):
        super().__init__(f"{where[0]}:{where[1]}: {message}")


class Statement:
    """One statement: where it stands, its word, its arguments, its options."""

    def __init__(self, where, word, args, options):
        self.where = where
        self.word = word
        self.args = args
        self.options = options
        self.used = set()

    def error(self, message):
        return VectorError(self.where, f"{self.word}: {message}")

    def option(self, key, default=None):
        """The text of an option, quotes removed."""
        self.used.add(key)
        return unquote(self.options[key]) if key in self.options else default

    def number(self, key, default=None):
        """An option that is a number."""
        text = self.option(key)
        return default if text is None else self.evaluate(text)

    def evaluate(self, text):
        try:
            return evaluate(text)
        except ValueError as error:
            raise self.error(str(error)) from error

    def arg(self, index):
        """The text of an argument that must be there, quotes removed."""
        if index >= len(self.args):
            raise self.error(f"argument {index + 1} is missing")
        return unquote(self.args[index])

    def arg_number(self, index):
        return self.evaluate(self.arg(index))

    def finish(self, arg_count):
        """Complains about arguments and options that nobody asked for."""
        if len(self.args) > arg_count:
            raise self.error(f"what is '{self.args[arg_count]}'?")
        for key in self.options:
            if key not in self.used:
                raise self.error(f"unknown option '{key}'")


# ---------------------------------------------------------------------------------
# Numbers

_UNITS = {"KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


def evaluate(text):
    """The value of an expression over integers: 0x21, 64KiB, 2**63-1, 3*4+1."""
    source = re.sub(
        r"(\d+)(KiB|MiB|GiB)\b",
        lambda found: str(int(found.group(1)) * _UNITS[found.group(2)]),
        text,
    )
    try:
        tree = ast.parse(source.strip(), mode="eval").body
    except SyntaxError:
        raise ValueError(f"'{text}' is not a number") from None
    return _value(tree, text)


def _value(node, text):
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, text)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        left, right = _value(node.left, text), _value(node.right, text)
        return int(_OPERATORS[type(node.op)](left, right))
    if (
        isinstance(node, ast.Compare)
        and len(node.ops) == 1
        and type(node.ops[0]) in _OPERATORS
    ):
        left, right = _value(node.left, text), _value(node.comparators[0], text)
        return int(_OPERATORS[type(node.ops[0])](left, right))
    raise ValueError(f"'{text}' is not a number")


# ---------------------------------------------------------------------------------
# Words

_TOKEN = re.compile(r'(?:"(?:\\.|[^"\\])*"|[^\s;#"])+|;|#.*')
_OPTION = re.compile(r"([a-z][a-z0-9-]*)=(.*)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "0": "\0", "\\": "\\", '"': '"'}


def unescape(text):
    """The characters that a quoted string (without its quotes) stands for."""
    return re.sub(
        r"\\(x[0-9a-fA-F]{2}|.)",
        lambda found: chr(int(found.group(1)[1:], 16))
        if found.group(1)[0] == "x" and len(found.group(1)) == 3
        else _ESCAPES.get(found.group(1), found.group(1)),
        text,
    )


def unquote(token):
    """A token without its quotes, if it is quoted as a whole."""
    if re.fullmatch(r'"(?:\\.|[^"\\])*"', token, re.DOTALL):
        return unescape(token[1:-1])
    return token


def _tokens(where, line):
    position = 0
    for found in _TOKEN.finditer(line):
        if line[position : found.start()].strip():
            raise VectorError(where, "a quote is not closed")
        position = found.end()
        if not found.group().startswith("#"):
            yield found.group()
    if line[position:].strip():
        raise VectorError(where, "a quote is not closed")


def read(path, label):
    """Yields (where, tokens) for each raw statement of a file."""
    with open(path, encoding="ascii") as file:
        for number, line in enumerate(file, 1):
            where = (label, number)
            words = []
            for token in _tokens(where, line):
                if token == ";":
                    if words:
                        yield where, words
                    words = []
                else:
                    words.append(token)
            if words:
                yield where, words


# ---------------------------------------------------------------------------------
# Loops and macros

_CLOSERS = {"for": "endfor", "if": "endif", "macro": "endmacro"}


def _nest(raw, closer=None, opened=None):
    """Turns the raw statements up to closer into (where, tokens, body or None)."""
    tree = []
    for where, words in raw:
        if words[0] == closer:
            return tree
        if words[0] in _CLOSERS.values():
            raise VectorError(where, f"{words[0]} closes nothing")
        body = None
        if words[0] in _CLOSERS:
            body = _nest(raw, _CLOSERS[words[0]], where)
        tree.append((where, words, body))
    if closer:
        raise VectorError(opened, f"{closer} is missing")
    return tree


def _substitute(where, token, variables):
    def replace(found):
        name = found.group(2)
        if name is not None:
            if name not in variables:
                raise VectorError(where, f"${name} has no value")
            return variables[name]
        text, _, form = found.group(1).partition(":")
        text = re.sub(r"\b[a-z_]+\b", lambda n: variables.get(n.group(), n.group()),
                      text.replace("$", ""))
        try:
            return format(evaluate(text), form)
        except ValueError as error:
            raise VectorError(where, str(error)) from error

    return re.sub(r"\$(?:\{([^}]*)\}|([a-z_]+))", replace, token)


def _statement(where, words):
    args, options = [], {}
    for token in words[1:]:
        found = _OPTION.fullmatch(token)
        if found:
            if found.group(1) in options:
                raise VectorError(where, f"option '{found.group(1)}' appears twice")
            options[found.group(1)] = found.group(2)
        elif options:
            raise VectorError(where, f"argument '{token}' stands behind an option")
        else:
            args.append(token)
    return Statement(where, words[0], args, options)


def _expand_for(where, words, body, variables, macros):
    found = len(words) == 4 and words[2] == "in" and words[3].split("..")
    if not found or len(found) != 2:
        raise VectorError(where, "a loop looks like: for x in 0..4")
    try:
        first, last = (evaluate(text) for text in found)
    except ValueError as error:
        raise VectorError(where, str(error)) from error
    for value in range(first, last + 1):
        yield from _expand(body, {**variables, words[1]: str(value)}, macros)


def _expand_use(where, words, variables, macros):
    call = _statement(where, words)
    name = call.arg(0)
    if name not in macros:
        raise VectorError(where, f"there is no macro '{name}'")
    inner = {**variables, **call.options}
    yield from _expand(macros[name], inner, macros)


def _expand(tree, variables, macros):
    for where, raw, body in tree:
        if raw[0] == "macro":
            macros[raw[1] if len(raw) > 1 else ""] = body
            continue
        words = [_substitute(where, token, variables) for token in raw]
        if raw[0] == "for":
            yield from _expand_for(where, words, body, variables, macros)
        elif raw[0] == "if":
            condition = _statement(where, words[:2])
            if condition.arg_number(0):
                yield from _expand(body, variables, macros)
        elif raw[0] == "use":
            yield from _expand_use(where, words, variables, macros)
        else:
            yield _statement(where, words)


def statements(path, label=None):
    """All statements of a file, loops and macros worked out."""
    return _expand(_nest(read(path, label or path)), {}, {})
