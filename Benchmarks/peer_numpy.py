#!/usr/bin/env python3
"""Compares the tape with NumPy on the same expression: sympy's common-subexpression elimination, compiled to NumPy.

Prints configurations per second of both on one core, and their ratio. Needs swift, numpy and sympy.
"""

import os
import pathlib
import re
import subprocess
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

try:
    import numpy
    import sympy
except ImportError as missing:
    print(f"This comparison needs numpy and sympy ({missing.name} is not installed): pip install numpy sympy")
    sys.exit(0)

PACKAGE = pathlib.Path(__file__).resolve().parent


def brume(*arguments):
    """Output of the Swift benchmark, built for release."""
    command = ["swift", "run", "-c", "release", "--package-path", str(PACKAGE), "EngineBenchmarks", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def parse(source):
    """Names of the inputs, the statements, names of the outputs."""
    lines = source.strip().splitlines()
    names = lambda line: line.split(":", 1)[1].split()
    return names(lines[0]), "\n".join(lines[1:-1]), names(lines[-1])


def symbolic(inputs, statements, outputs):
    """The outputs as sympy expressions; maximum and select stay opaque (sympy would try to decide them)."""
    scope = {name: sympy.Symbol(name, positive=True) for name in inputs}
    for function in ("maximum", "minimum", "select"):
        scope[function] = sympy.Function(function)
    exec(statements, scope)
    return [scope[name] for name in inputs], [scope[name] for name in outputs]


NUMPY = {
    "maximum": numpy.maximum,
    "minimum": numpy.minimum,
    "select": lambda condition, positive, otherwise: numpy.where(condition > 0, positive, otherwise),
}


def configurations(count, rows):
    """Random configurations, one array an input."""
    generator = numpy.random.default_rng(1)
    values = [generator.uniform(1.0, 8.0, rows) for _ in range(count)]
    for share in range(5, 9):
        values[share] = generator.integers(0, 9, rows) / 8.0
    return values


def fastest(function, arguments, seconds=0.5):
    """Seconds of the fastest of several runs."""
    best, start = float("inf"), time.perf_counter()
    while time.perf_counter() - start < seconds:
        before = time.perf_counter()
        function(*arguments)
        best = min(best, time.perf_counter() - before)
    return best


def main():
    inputs, statements, outputs = parse(brume("--python"))
    symbols, expressions = symbolic(inputs, statements, outputs)
    before = time.perf_counter()
    compiled = sympy.lambdify(symbols, expressions, modules=[NUMPY, "numpy"], cse=True)
    compile_seconds = time.perf_counter() - before

    sample = configurations(len(inputs), 256)
    scope = dict(zip(inputs, sample), **NUMPY)
    exec(statements, scope)
    for name, result in zip(outputs, compiled(*sample)):
        numpy.testing.assert_allclose(result, scope[name], rtol=1e-9)

    best = 0.0
    for rows in (256, 1024, 4096, 16384, 262144):
        speed = rows / fastest(compiled, configurations(len(inputs), rows))
        print(f"NumPy, batches of {rows:6d}: {speed / 1e6:6.2f} M configurations/s")
        best = max(best, speed)
    tape = float(re.search(r"tape +([0-9.]+) M", brume()).group(1)) * 1e6
    print(f"sympy took {compile_seconds * 1e3:.0f} ms to eliminate common subexpressions and compile")
    print(f"the tape: {tape / 1e6:.2f} M configurations/s, {tape / best:.1f} x NumPy at its best batch")


if __name__ == "__main__":
    main()
