"""Runs the peers on the queries of a JSON file, each in its own process's memory: one JSON object a line for each query and tool."""

import json
import logging
import sys
import time
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)


def grainguard(query):
    from grainguard.analyzer import Analyzer
    from grainguard.facts import FactStore

    facts = FactStore()
    for table in query["tables"]:
        facts.add_columns(table["name"], [column["name"] for column in table["columns"]])
        for key in table["keys"]:
            if key["where"] is None:
                facts.add_key(table["name"], key["columns"])
    analyzer = Analyzer(facts=facts, dialect="postgres")
    for table in query["tables"]:
        if table["definition"] is not None:
            result = analyzer.analyze_sql(table["definition"], name=table["name"])
            if result.output is not None:
                analyzer.model_outputs[table["name"]] = result.output
    begin = time.perf_counter()
    result = analyzer.analyze_sql(query["sql"], name="the_query")
    took = time.perf_counter() - begin
    found = [f.message for f in result.findings if f.code in ("FANOUT_AGG", "CHASM_TRAP")]
    unread = [f.message for f in result.findings if f.code == "PARSE_ERROR"]
    output = result.output
    return found, lambda columns: output is not None and output.is_unique_on(set(columns)), took, unread


def graincheck(query):
    from graincheck.project import ProjectIndex, Resolver
    from graincheck.scanner import expand_surrogate_uniques, prepare, scan_sql
    from graincheck.surrogate import surrogate_key_sets

    uniques = {}
    for table in query["tables"]:
        for key in table["keys"]:
            if key["where"] is None:
                uniques.setdefault(table["name"], []).append(frozenset(key["columns"]))
    texts = {table["name"]: table["definition"] for table in query["tables"] if table["definition"] is not None}
    texts["the_query"] = query["sql"]
    surrogates = {name: keys for name, text in texts.items() if (keys := surrogate_key_sets(text))}
    uniques = expand_surrogate_uniques(uniques, surrogates)
    resolver = Resolver(uniques, ProjectIndex(texts, dialect="postgres"), surrogates)
    begin = time.perf_counter()
    findings, error = scan_sql(query["sql"], "the_query", "postgres", uniques, resolver)
    keys = []
    _, trees, _, _ = prepare(query["sql"], "the_query", "postgres")
    for tree in trees or []:
        if tree is not None:
            keys = [set(key.cols) for key in resolver.query_keys(tree)]
    took = time.perf_counter() - begin
    about = ("JOIN_FANOUT", "FANOUT_INSIDE_CTE", "COUNT_STAR_ACROSS_JOIN", "DISTINCT_MASKS_FANOUT")
    found = [f.message for f in findings if f.rule in about]
    return found, lambda columns: any(key <= set(columns) for key in keys), took, [error] if error else []


def dblect(query):
    from dblect.adapters.registry import resolve_profile
    from dblect.analysis import analyze
    from dblect.manifest import Column, DbtTestMetadata, Manifest, Node, ResourceType
    from dblect.uniqueness.detector import relation_uniqueness

    def node(uid, kind, name, **more):
        given = {"schema": "public", "raw_code": None, "compiled_code": None, "original_file_path": f"{name}.sql", "columns": {}}
        return Node(unique_id=uid, name=name, resource_type=kind, fqn=("p", name), package_name="p", **{**given, **more})

    nodes = {}
    uids = {}

    def test(label, uid, metadata):
        key = f"test.p.{label}_{len(nodes)}"
        nodes[key] = node(key, ResourceType.from_raw("test"), key, test_metadata=metadata, attached_node=uid, depends_on=frozenset([uid]))

    for table in query["tables"]:
        name = table["name"]
        columns = {c["name"]: Column(name=c["name"], data_type=c["type"], description=None) for c in table["columns"]}
        uid = f"model.p.{name}"
        tested = [uid]
        upstream = frozenset(uids.values())
        sql = table["definition"]
        if sql is None:
            # As projects do: a source, and a staging model of its columns; asked of a source itself it warns of every sum.
            source = f"source.p.public.raw_{name}"
            nodes[source] = node(source, ResourceType.SOURCE, f"raw_{name}", columns=columns, identifier=f"raw_{name}")
            tested.append(source)
            upstream = frozenset([source])
            sql = f"select {', '.join(columns)} from raw_{name}"
        nodes[uid] = node(uid, ResourceType.MODEL, name, columns=columns, raw_code=sql, compiled_code=sql, depends_on=upstream)
        uids[name] = uid
        for each in tested:
            for column in table["columns"]:
                if column["notNull"]:
                    test("not_null", each, DbtTestMetadata(name="not_null", kwargs={"column_name": column["name"]}, namespace=None, enabled=True, where=None))
            for key in table["keys"]:
                many = len(key["columns"]) > 1
                metadata = DbtTestMetadata(
                    name="unique_combination_of_columns" if many else "unique",
                    kwargs={"combination_of_columns": key["columns"]} if many else {"column_name": key["columns"][0]},
                    namespace="dbt_utils" if many else None,
                    enabled=True,
                    where=key["where"],
                )
                test("unique", each, metadata)
    uid = "model.p.the_query"
    nodes[uid] = node(uid, ResourceType.MODEL, "the_query", raw_code=query["sql"], compiled_code=query["sql"], depends_on=frozenset(uids.values()))
    manifest = Manifest(schema_version="https://schemas.getdbt.com/dbt/manifest/v12.json", adapter_type="postgres", nodes=nodes)
    profile = resolve_profile(adapter_type="postgres", explicit_dialect="postgres")
    begin = time.perf_counter()
    report = analyze(manifest, profile)
    took = time.perf_counter() - begin
    found = [
        f.finding.message
        for f in report.audit.findings
        if f.model_unique_id == uid and f.kind.value in ("join_fanout", "cross_model_fanout")
    ]
    unread = [skipped.reason for skipped in report.audit.skipped if skipped.unique_id == uid]
    keys = []
    for ref, annotation in relation_uniqueness(manifest, profile)[1].items():
        if ref.unique_id == uid:
            keys = [set(getattr(key, "columns", key)) for key in annotation.value.keys]
    return found, lambda columns: any(key <= set(columns) for key in keys), took, unread


TOOLS = {"dblect": dblect, "grainguard": grainguard, "graincheck": graincheck}

with open(sys.argv[1], encoding="utf-8") as file:
    queries = json.load(file)
for query in queries:
    for name, tool in TOOLS.items():
        answer = {"id": query["id"], "tool": name, "found": [], "proven": [], "ms": None, "failed": None}
        try:
            found, is_key, took, unread = tool(query)
            answer["found"] = found
            answer["proven"] = [is_key(claim["columns"]) for claim in query["claims"]]
            answer["ms"] = took * 1000
            answer["failed"] = unread[0] if unread else None
        except Exception as error:  # What a tool dies of is its answer to this query.
            answer["failed"] = f"{type(error).__name__}: {error}"[:200]
            answer["proven"] = [False] * len(query["claims"])
        print(json.dumps(answer), flush=True)
