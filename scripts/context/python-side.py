"""Answers expressions in dbt-core's own contexts: one JSON object of questions in, one of answers out.

Builds the project in the current folder, and at the end of it makes the context of each phase, as dbt does, lists its names and renders
what it is asked to. What it answers is dbt's word, so nothing here is worded anew.
"""

import json
import sys

from dbt.clients.jinja import MacroStack, get_rendered
from dbt.cli.main import dbtRunner
from dbt.context.context_config import ContextConfig
from dbt.context.configured import generate_schema_yml_context
from dbt.context.docs import generate_runtime_docs_context
from dbt.context.providers import (
    generate_parser_model_context,
    generate_generate_name_macro_context,
    generate_runtime_macro_context,
    generate_runtime_model_context,
    generate_runtime_unit_test_context,
    generate_test_context,
)
from dbt.context.macro_resolver import MacroResolver
from dbt.context.query_header import generate_query_header_context
from dbt.context.secret import generate_secret_context
from dbt.context.target import TargetContext
from dbt.node_types import NodeType
from dbt.task.build import BuildTask


def node_named(manifest, unique_id):
    return manifest.nodes[unique_id]


def contexts(config, manifest, extra):
    """By phase: the context and the node that errors are said to come from."""
    package = config.project_name
    model = node_named(manifest, f"model.{package}.orders")
    hook = node_named(manifest, f"operation.{package}.{package}-on-run-end-0")
    test = next(node for node in manifest.nodes.values() if node.resource_type == NodeType.Test and node.test_metadata)
    macro = manifest.macros[f"macro.{package}.operate"]

    def context_config(node):
        return ContextConfig(config, node.fqn, node.resource_type, package)

    cli_vars = config.cli_vars
    yield "profiles.yml", generate_secret_context(cli_vars), None
    yield "dbt_project.yml", TargetContext(config.to_target_dict(), cli_vars).to_dict(), None
    yield "properties", generate_schema_yml_context(config, package), None
    yield "docs", generate_runtime_docs_context(config, model, manifest, package), model
    yield "query-comment", generate_query_header_context(config, manifest), None
    yield "parse", generate_parser_model_context(model, config, manifest, context_config(model)), model
    resolver = MacroResolver(manifest.macros, package, ["dbt_postgres", "dbt"])
    yield "parse-test", generate_test_context(test, config, manifest, context_config(test), resolver), test
    yield "name", generate_generate_name_macro_context(macro, config, manifest), macro
    run = generate_runtime_model_context(model, config, manifest)
    yield "run", run, model
    yield "run-test", generate_runtime_model_context(test, config, manifest), test
    yield "operation", generate_runtime_macro_context(macro, config, manifest, package), macro
    hook_context = generate_runtime_model_context(hook, config, manifest)
    hook_context.update(extra)
    yield "hook", hook_context, hook


def answer(template, context, node):
    stack = context.get("context_macro_stack")
    if isinstance(stack, MacroStack):
        stack.call_stack.clear()
    try:
        return ["text", get_rendered(template, context, node)]
    except BaseException as error:  # what a template raises may be anything
        message = getattr(error, "msg", None)
        return ["error", type(error).__name__, message if isinstance(message, str) else str(error), str(error)]


def main():
    questions = json.load(sys.stdin)
    answers = {}

    def finish(task, results):
        from dbt.adapters.factory import get_adapter

        adapter = get_adapter(task.config)
        extra = {"results": results, "schemas": ["analytics"], "database_schemas": [("warehouse", "analytics")]}
        with adapter.connection_named("master"):
            for phase, context, node in contexts(task.config, task.manifest, extra):
                answers[phase] = {
                    "names": sorted(context),
                    "answers": [answer(one, context, node) for one in questions.get(phase, [])],
                }

    BuildTask.task_end_messages = finish
    result = dbtRunner().invoke(["--quiet", "--no-use-colors", "build", *sys.argv[2:]])
    if result.exception:
        raise result.exception
    with open(sys.argv[1], "w") as file:
        json.dump(answers, file)


main()
