"""Runs the programs of pkilint one after the other in one process: most of their time is that of starting.

Reads a JSON array from each line of the standard input: the name of the program, and its arguments. Answers each with a line: its output,
which is JSON too.
"""

import contextlib
import importlib
import io
import json
import sys

for line in sys.stdin:
    name, *arguments = json.loads(line)
    program = importlib.import_module(f"pkilint.bin.{name}")
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        program.main(arguments)
    print(json.dumps(json.loads(output.getvalue())), flush=True)
