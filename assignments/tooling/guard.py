"""The judge's tools as they were: put back in the kernel before each cell of tests, and told if they had been exchanged.

The set-up runs before the student's first cell. It keeps what judges (the checks, comparisons of PyTorch, built-in functions) in an
audit hook, which Python code can neither read nor remove, and which answers to one event. What a solution exchanges while a check
calls it is not seen; :mod:`assignments.tooling.suspicion` reads the source for that.
"""

from __future__ import annotations

import ast

SET_UP = """
def guard():
    import builtins, math, sys, types

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
    add, remove, same, names_of = setattr, delattr, vars, getattr
    folder = torch.__file__.rpartition("__init__")[0]

    def of_torch(value):  # PyTorch exchanges some functions itself, once it needs more of its parts
        return names_of(names_of(value, "__code__", None), "co_filename", "").startswith(folder)

    def put_back(event, arguments):
        if event != "s2s.put_back":
            return
        changed = arguments[0]
        for owner, names in kept:
            here = dict(same(owner))
            for name, value in names.items():
                now = here.get(name)
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

    sys.addaudithook(put_back)


guard()
del guard
"""
PUT_BACK = "(lambda found: (__import__('sys').audit('s2s.put_back', found), setattr(__import__('builtins'), 's2s_changed', found)))([])"
FOUND = "list(__import__('builtins').s2s_changed)"


def read_reply(reply: dict | None) -> list[str]:
    """What the kernel says was exchanged, from its reply to ``PUT_BACK``; a kernel that does not say is itself a finding."""
    said = ((reply or {}).get("content") or {}).get("user_expressions", {}).get("found", {})
    try:
        return [str(each) for each in ast.literal_eval(said["data"]["text/plain"])]
    except (KeyError, ValueError, SyntaxError):
        return ["the kernel does not say what was exchanged"]
