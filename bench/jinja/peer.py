"""The peer's side of the Jinja benchmark: the same models through Python's Jinja2, in the environment that dbt renders in."""

import hashlib
import json
import sys
import time

import jinja2
import jinja2.sandbox

with open(sys.argv[1], encoding="utf-8") as file:
    work = json.load(file)

environment = jinja2.sandbox.SandboxedEnvironment(
    extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], cache_size=0
)
context = {
    "target": {"name": "dev", "type": "postgres", "schema": "analytics"},
    "execute": True,
    "invocation_id": "00000000-0000-0000-0000-000000000000",
    "this": '"db"."analytics"."this_model"',
    "ref": lambda *names: f'"db"."analytics"."{names[-1]}"',
    "source": lambda source, table: f'"db"."{source}"."{table}"',
    "config": lambda **settings: "",
    "is_incremental": lambda: True,
    "var": lambda name, default=None: default,
}
library = environment.from_string(work["macros"]).make_module(context)
context.update({name: value for name, value in vars(library).items() if not name.startswith("_")})

started = time.process_time()
for model in work["models"]:
    environment.parse(model)
parse = time.process_time() - started

texts = []
started = time.process_time()
for model in work["models"]:
    texts.append(environment.from_string(model).render(context))
whole = time.process_time() - started

digest = hashlib.sha256()
for text in texts:
    digest.update(text.encode("utf-8") + b"\0")
print(
    json.dumps(
        {
            "parse": parse * 1000,
            "whole": whole * 1000,
            "hash": digest.hexdigest(),
            "version": jinja2.__version__,
        }
    )
)
