"""The judge's tools as they were: put back in the kernel around each cell of tests, and told if they had been exchanged.

The set-up runs before the student's first cell. It keeps what judges (the checks, comparisons of PyTorch, built-in functions) in an
audit hook, which Python code cannot remove, and which answers to one event. Each question carries a new number, and the answer a
hash of it with a secret of this run: a kernel in which the hook was not reached cannot answer, and that is a finding too.

It is no wall. Student and judge share a process: who finds the secret among the objects of the process can answer, and what is
exchanged while a check runs judges that check. :mod:`assignments.tooling.suspicion` reads the source for both.
"""

from __future__ import annotations

import ast
import hashlib
import secrets

SET_UP = """
def guard():
    import builtins, hashlib, math, sys, types

    try:
        import torch
        from s2s_tutorial import coursework
        from s2s_tutorial.coursework import checks, limits
    except ImportError:
        return
    owners = [builtins, math, torch, torch.Tensor, coursework, checks, limits, checks.Checks]
    kept = [(owner, dict(vars(owner))) for owner in owners]
    functions = [
        (each, each.__code__, each.__defaults__, each.__kwdefaults__)
        for _, names in kept[4:]
        for each in names.values()
        if isinstance(each, types.FunctionType)
    ]
    hooks = get_ipython().events.callbacks
    before = {event: list(calls) for event, calls in hooks.items()}
    add, remove, same, names_of, digest = setattr, delattr, vars, getattr, hashlib.sha256
    folder = torch.__file__.rpartition("__init__")[0]

    def of_torch(value):  # PyTorch exchanges some functions itself, once it needs more of its parts
        return names_of(names_of(value, "__code__", None), "co_filename", "").startswith(folder)

    def put_back(event, arguments):
        if event != "s2s.put_back":
            return
        number, changed = arguments
        for owner, names in kept:
            here = dict(same(owner))
            for name, value in names.items():
                now = here.get(name)
                # ipykernel exchanges `input` itself, in every cell
                if now is not value and name not in ("__builtins__", "_", "input") and not of_torch(now):
                    changed.append(owner.__name__ + "." + name)
                    add(owner, name, value)
            if isinstance(owner, type):  # what is inherited is exchanged by a name of its own
                for name in here.keys() - names.keys():
                    if not of_torch(here[name]):
                        changed.append(owner.__name__ + "." + name)
                        remove(owner, name)
        for function, code, defaults, named in functions:
            if function.__code__ is not code:
                changed.append(function.__name__ + ".__code__")
                function.__code__ = code
            function.__defaults__, function.__kwdefaults__ = defaults, named
        for event_name, calls in hooks.items():
            more = [call for call in calls if call not in before.get(event_name, ())]
            for call in more:
                if not names_of(call, "__module__", "").startswith(("matplotlib", "IPython", "ipykernel")):
                    changed.append("a hook on " + event_name)
                    calls.remove(call)
        changed.append(digest(("SECRET" + number).encode()).hexdigest())

    sys.addaudithook(put_back)


guard()
del guard
"""
PUT_BACK = "(lambda found: (__import__('sys').audit('s2s.put_back', 'NUMBER', found), setattr(__import__('builtins'), 's2s_changed', found)))([])"
FOUND = "list(__import__('builtins').s2s_changed)"
SILENT = "the judge's guard did not answer"


class Guard:
    """The guard of one kernel: what it runs first, and what it is asked."""

    def __init__(self) -> None:
        self.secret = secrets.token_hex(16)
        self.number = ""

    def set_up(self) -> str:
        """The code that runs before the student's first cell."""
        return SET_UP.replace("SECRET", self.secret)

    def question(self) -> str:
        """The code that puts back what judges; no two are the same."""
        self.number = secrets.token_hex(8)
        return PUT_BACK.replace("NUMBER", self.number)

    def read(self, reply: dict | None) -> list[str]:
        """What had been exchanged, from the kernel's reply to the question; without the right answer that is a finding."""
        said = ((reply or {}).get("content") or {}).get("user_expressions", {}).get("found", {})
        try:
            *changed, answer = map(str, ast.literal_eval(said["data"]["text/plain"]))
        except (KeyError, ValueError, SyntaxError, TypeError):
            return [SILENT]
        right = hashlib.sha256((self.secret + self.number).encode()).hexdigest()
        return [f"{each} was exchanged" for each in changed] + [SILENT] * (answer != right)
