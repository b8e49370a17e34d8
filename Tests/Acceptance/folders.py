"""What checkers of exported folders have in common: they look at what train.sh starts, compare, and count."""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile

STUB = """#!/usr/bin/env python3
import json, os, sys
print(json.dumps([sys.argv[1:], os.environ.get("PYTHONPATH", "")]))
"""


class Refused(Exception):
    """What is wrong with a folder."""


def torchrun(folder, **variables):
    """What train.sh gives torchrun, which is not started: its arguments, and PYTHONPATH."""
    with tempfile.TemporaryDirectory() as place:
        stub = pathlib.Path(place, "torchrun")
        stub.write_text(STUB)
        stub.chmod(0o755)
        environment = dict(os.environ, PATH=place + os.pathsep + os.environ["PATH"], **variables)
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            ["bash", str(folder / "train.sh")], env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise Refused(f"train.sh fails: {done.stderr.strip()}")
    return json.loads(done.stdout)


def shape(arguments):
    """Nodes, and GPUs of each, among the arguments of torchrun."""

    def count(name):
        return int(arguments[arguments.index(name) + 1]) if name in arguments else 1

    return count("--nnodes"), count("--nproc-per-node")


def compare(found, wanted, without=()):
    """Refuses what is not as the plan wants it."""
    for key, value in wanted.items():
        if key not in without and found[key] != value:
            raise Refused(f"{key} is {found[key]}, not {value}")


def run(folders, check):
    """Checks each folder, prints what arrived or why it was refused, and ends with 1 where any was."""
    failures = 0
    for folder in folders:
        try:
            # Launchers' own code warns of what it does not find here.
            with contextlib.redirect_stderr(io.StringIO()):
                print(f"{folder.name}: {check(folder)}")
        except Exception as error:  # it may raise anything
            failures += 1
            print(f"{folder.name}: REFUSED: {type(error).__name__}: {error}")
            if os.environ.get("VERBOSE"):
                raise
    print(f"{len(folders) - failures} of {len(folders)} accepted")
    sys.exit(1 if failures else 0)
