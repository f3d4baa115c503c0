"""Jinja2's reading of templates, as JSON lines: for each text on standard input its tree, its blocks, its facts and its comments."""

import json
import sys

import jinja2
import jinja2.nodes as nodes
from dbt_common.clients._jinja_blocks import BlockIterator, BlockTag, TagIterator
from dbt_common.clients.jinja import get_environment

try:
    from dbt_extractor import ExtractionError, py_extract_from_source
except ImportError:  # the static parser has no build for every platform
    py_extract_from_source = None

BLOCKS = {"macro", "materialization", "test", "data_test", "snapshot", "docs"}
FACTS = ("ref", "source", "config", "var", "env_var", "doc")

environment = get_environment()


def constant(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    return {"float": repr(value)}


def plain(field):
    if isinstance(field, nodes.Node):
        return tree(field)
    if isinstance(field, (list, tuple)):
        return [plain(item) for item in field]
    return field


def statements(body):
    """Neighbouring outputs are one: how they are cut is no matter of meaning."""
    result = []
    for node in body:
        if not isinstance(node, nodes.Output):
            result.append(tree(node))
            continue
        if not (result and result[-1][0] == "Output"):
            result.append(["Output"])
        output = result[-1]
        for part in node.nodes:
            if not isinstance(part, nodes.TemplateData):
                output.append(tree(part))
            elif len(output) > 1 and output[-1][0] == "TemplateData":
                output[-1][1] += part.data
            else:
                output.append(["TemplateData", part.data])
    return [node for node in result if node != ["Output"]]


def type_name(kind):
    if not kind:
        return None
    inner = ",".join(type_name(item) for item in kind.type_params)
    return f"{kind.name}[{inner}]" if inner else kind.name


def parameters(node):
    kinds = getattr(node, "arg_types", None) or [None] * len(node.args)
    return [[arg.name, type_name(kind)] for arg, kind in zip(node.args, kinds)]


def tree(node):
    name = type(node).__name__
    line = node.lineno
    if isinstance(node, nodes.Const):
        return [name, constant(node.value)]
    if isinstance(node, nodes.Name):
        return [name, node.name]
    if isinstance(node, nodes.Tuple):
        return [name, plain(node.items)]
    if isinstance(node, (nodes.Getitem, nodes.Getattr)):
        return [name, plain(node.node), plain(node.arg if isinstance(node, nodes.Getitem) else node.attr)]
    if isinstance(node, nodes.If):
        branches = [[tree(node.test), statements(node.body)]]
        for branch in node.elif_:
            branches.append([tree(branch.test), statements(branch.body)])
        return [name, line, branches, statements(node.else_)]
    if isinstance(node, nodes.For):
        parts = [tree(node.target), tree(node.iter), plain(node.test), node.recursive]
        return [name, line, *parts, statements(node.body), statements(node.else_)]
    if isinstance(node, nodes.Macro):
        return [name, line, node.name, parameters(node), plain(node.defaults), statements(node.body)]
    if isinstance(node, nodes.CallBlock):
        return [name, line, parameters(node), plain(node.defaults), tree(node.call), statements(node.body)]
    if isinstance(node, nodes.AssignBlock):
        return [name, line, tree(node.target), plain(node.filter), statements(node.body)]
    if isinstance(node, nodes.FilterBlock):
        return [name, line, tree(node.filter), statements(node.body)]
    if isinstance(node, nodes.With):
        return [name, line, plain(node.targets), plain(node.values), statements(node.body)]
    if isinstance(node, nodes.Block):
        return [name, line, node.name, node.scoped, node.required, statements(node.body)]
    if isinstance(node, nodes.Scope):
        (modifier,) = node.body
        return ["Autoescape", tree(modifier.options[0].value), statements(modifier.body)]
    if isinstance(node, (nodes.Assign, nodes.ExprStmt, nodes.Break, nodes.Continue)):
        return [name, line, *[plain(getattr(node, field)) for field in node.fields]]
    if isinstance(node, nodes.Call):
        return [name, line, *[plain(getattr(node, field)) for field in node.fields]]
    return [name, *[plain(getattr(node, field)) for field in node.fields]]


def failure(error):
    line = getattr(error, "lineno", None)
    # dbt's own errors are said in several lines; their words are in `msg`.
    message = getattr(error, "message", None) or getattr(error, "msg", None) or str(error)
    if isinstance(error, SyntaxError):  # of the Python that Jinja2 makes: its lines are not the template's
        line, message = None, error.msg
    return {"class": type(error).__name__, "message": message, "line": line}


def called(node):
    target = node.node
    if isinstance(target, nodes.Name):
        return None, target.name
    if isinstance(target, nodes.Getattr) and isinstance(target.node, nodes.Name):
        return target.node.name, target.attr
    return None


def calls(ast):
    """Calls by name in the order of the text's nodes, each with its whole tree and its line."""
    found = {name: [] for name in (*FACTS, "calls", "definitions")}
    for node in ast.find_all((nodes.Call, nodes.Macro)):
        if isinstance(node, nodes.Macro):
            found["definitions"].append([node.name, node.lineno])
            continue
        name = called(node)
        if name is None:
            continue
        if name[0] in (None, "builtins") and name[1] in FACTS:
            found[name[1]].append(tree(node))
        else:
            found["calls"].append([name[0], name[1], node.lineno])
    for key in found:
        found[key].sort(key=lambda fact: json.dumps(fact, sort_keys=True))
    return found


def comments(text):
    """Each comment's first line and its text, from the lexer."""
    found = []
    for line, kind, value in environment.lexer.tokeniter(text, None):
        if kind == "comment_begin":
            found.append([line, value.lstrip()])
        elif kind in ("comment", "comment_end") and found:
            found[-1][1] += value
    return [[line, text.rstrip()] for line, text in found]


def read(text):
    try:
        ast = environment.parse(text)
    except Exception as error:
        return {"error": failure(error)}
    result = {"tree": statements(ast.body), "facts": calls(ast), "comments": comments(text)}
    try:
        environment.compile(text)
    except Exception as error:
        result["compile"] = failure(error)
    return result


def blocks(text):
    try:
        iterator = BlockIterator(TagIterator(text))
        found = [
            block
            for block in iterator.lex_for_blocks(allowed_blocks=BLOCKS, collect_raw_data=False)
            if isinstance(block, BlockTag)
        ]
    except Exception as error:
        return {"error": {"class": type(error).__name__, "message": getattr(error, "msg", None) or str(error)}}
    result = []
    for block in found:
        whole = block.block_type_name not in ("snapshot", "docs")
        source = block.full_block if whole else block.contents
        result.append([block.block_type_name, block.block_name, source, read(source)])
    return {"blocks": result}


def extracted(text):
    # It takes a string as it is written, with its escapes, which rendering does not.
    if py_extract_from_source is None or "\\" in text:
        return None
    try:
        found = py_extract_from_source(text)
    except ExtractionError:
        return None
    return {
        "refs": sorted([ref.get("package"), ref["name"], str(ref.get("version"))] for ref in found["refs"]),
        "sources": sorted(list(pair) for pair in found["sources"]),
        "configs": sorted(name for name, _ in found["configs"]),
    }


def main():
    for line in sys.stdin:
        text = json.loads(line)
        answer = {"template": read(text), "file": blocks(text), "static": extracted(text)}
        sys.stdout.write(json.dumps(answer) + "\n")


main()
