"""Python's side of differences.ts: one JSON array of templates a line in, one JSON array of answers a line out.

An answer is ["text", output], ["value", type, repr] in the native mode, ["error", class, message], or ["bound", class] where
Python ran out of time or memory.
"""

import json
import re
import resource
import signal
import sys
import warnings

import jinja2
from jinja2.sandbox import SandboxedEnvironment

warnings.simplefilter("ignore")
sys.stdin.reconfigure(encoding="utf-8")
sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass")
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


class TooSlow(BaseException):
    pass


def too_slow(*_):
    raise TooSlow()


signal.signal(signal.SIGALRM, too_slow)

# Where an object lies in memory, and where Python's own compiler found a fault in what Jinja2 wrote for it.
ADDRESS = re.compile(r" at 0x[0-9a-f]+| \(<template>, line \d+\)")
MOST = 20000


def environment(mode):
    if mode == "plain":
        return SandboxedEnvironment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    # dbt-core's own: the undefined that it parses with, or its native renderer.
    from dbt_common.clients.jinja import get_environment

    return get_environment(None, capture_macros=mode == "parse", native=mode == "native")


def context(names):
    return {name: eval(code) for name, code in names}


def shown(text):
    return ADDRESS.sub("", text)


def answer(env, names, template, mode):
    signal.setitimer(signal.ITIMER_REAL, 3)
    try:
        made = env.from_string(template)
        result = made.render(context(names))
        if mode == "native":
            # What comes out may be a str of a class of its own.
            if isinstance(result, str):
                result = str(result)
            text = "Undefined" if isinstance(result, jinja2.Undefined) else repr(result)
            return ["value", type(result).__name__, shown(text)[:MOST]]
        return ["text", shown(result)[:MOST]]
    except TooSlow:
        return ["bound", "TooSlow"]
    except (MemoryError, RecursionError) as error:
        return ["bound", type(error).__name__]
    except Exception as error:
        message = error.message if isinstance(error, jinja2.TemplateError) else getattr(error, "msg", str(error))
        return ["error", type(error).__name__, shown(str(message))[:MOST]]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def main():
    mode, names = sys.argv[1], [(name, compile(code, name, "eval")) for name, code in json.loads(sys.argv[2])]
    env = environment(mode)
    for line in sys.stdin:
        templates = json.loads(line)
        answers = [answer(env, names, template, mode) for template in templates]
        sys.stdout.write(json.dumps(answers, ensure_ascii=True) + "\n")
        sys.stdout.flush()


main()
