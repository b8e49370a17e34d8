#!/usr/bin/env python3
"""Measures what Brume must know of a cluster, and writes points for `brume calibrate`.

    brume profiler > profile.py
    torchrun --nproc-per-node 8 profile.py --out points.jsonl                 one node
    torchrun --nnodes 2 --nproc-per-node 8 --rdzv-backend c10d \\
        --rdzv-endpoint FIRST_NODE:29500 profile.py --out points.jsonl        two nodes, on each of them
    brume profiler | python3 - --out points.jsonl                             one node without torchrun
    brume profiler | python3 - --dry-run                                      no GPU: tries the script itself

It needs Python 3.8 and PyTorch 2.0 or newer. It talks to nothing but its own ranks, and writes no file but --out (of
rank 0; without it the points go to standard output). Nothing else should run on the GPUs meanwhile.

How it is built: a `Case` says what is measured, and knows no PyTorch; `plan` lists the cases that this job can hold. A
`Device` is the GPU (or, in a dry run, the CPU) of this rank: clocks, streams, buffers. `WORKS` turns a case into a
`Work`, something that can be issued again and again. `Profiler` measures one case after the other on all ranks at once,
and `Recorder` writes a line for each.

Exit codes: 0 done (cases may have failed: they have a line each), 64 usage, 65 the file exists, 70 something broke,
130 interrupted.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import importlib.util
import itertools
import json
import math
import os
import signal
import socket
import statistics
import sys
import time
import warnings
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

KIB, MIB, GIB = 2**10, 2**20, 2**30
Shape = Tuple[int, int]  # nodes x GPUs of each node that a group of ranks spans
Align = Optional[Callable[[], None]]  # what ranks do to start together; None where each works for itself

EXIT_USAGE, EXIT_EXISTS, EXIT_BROKEN, EXIT_INTERRUPTED = 64, 65, 70, 130

# --- What is measured -------------------------------------------------------------------------------------------------


@dataclass
class Case:
    """One thing to measure."""

    kind: str  # `kind` of its line
    fields: Dict[str, Any]  # the members of its line that are known before
    shape: Shape = (1, 1)  # the groups that it runs in, all of that shape at once
    how: Dict[str, Any] = field(default_factory=dict)  # what its work must know beyond the line
    guess: float = 0.1  # seconds that measuring it takes, roughly: what its share of the time is made of

    def __str__(self) -> str:
        return " ".join([self.kind] + [f"{key}={value}" for key, value in self.fields.items()])


@dataclass(frozen=True)
class Scope:
    """The job that cases are chosen for."""

    nodes: int
    gpus: int  # of each node
    dry: bool = False  # sizes of a thousandth, so that CPUs take seconds

    def length(self, value: int) -> int:
        """A dimension of a product or of attention."""
        return max(16, value // 32) if self.dry else value

    def bytes(self, value: int, ranks: int = 1) -> int:
        """An amount of memory that divides into whole elements of every rank."""
        value = max(4 * KIB, value // KIB) if self.dry else value
        return max(1, value // (8 * ranks)) * 8 * ranks


def guessed(seconds: float) -> float:
    """Seconds for measuring something that takes `seconds` on a middling GPU: the repeats, and what is around them."""
    return 0.06 + 12 * seconds


def powers(limit: int) -> List[int]:
    """1, 2, 4, ... up to the limit, and the limit itself."""
    found = [2**i for i in range(limit.bit_length()) if 2**i <= limit]
    return found if limit in found else found + [limit]


def group_shapes(scope: Scope) -> List[Shape]:
    """The shapes of groups that a job holds: the largest of a node and the whole job first, since these say most."""
    shapes = [(n, g) for n in powers(scope.nodes) for g in powers(scope.gpus) if n * g > 1]
    first = [shape for shape in [(1, scope.gpus), (scope.nodes, scope.gpus)] if shape in shapes]
    return list(dict.fromkeys(first + shapes))


# Tokens, hidden size, feed-forward size, and the tensor-parallel degree that slices them: layers of models from 1
# to 180 billion parameters. A full grid would say little more about a curve with three parameters.
LAYERS = [
    (2048, 1024, 4096, 1), (8192, 1024, 4096, 2), (2048, 2048, 8192, 1), (4096, 2048, 8192, 4), (16384, 2048, 5632, 1),
    (4096, 2560, 10240, 1), (1000, 2560, 10240, 2), (2048, 4096, 11008, 1), (4096, 4096, 16384, 1),
    (1024, 4096, 14336, 2), (8192, 4096, 14336, 4), (2048, 4096, 16384, 8), (4096, 5120, 20480, 1),
    (3000, 5120, 13824, 4), (2048, 6144, 24576, 2), (4096, 6144, 24576, 8), (2048, 8192, 28672, 4),
    (1536, 8192, 28672, 8), (8192, 8192, 28672, 8),
]
HEADS = [(2048, 4096, 32000), (4096, 2048, 50304), (1024, 5120, 128256)]  # tokens, hidden, vocabulary


def products() -> List[Tuple[int, int, int, str]]:
    """(m, n, k, layout) of the products of `LAYERS` and `HEADS`, forward and both of backward, the most telling first.

    The layout says how the runtime holds the two factors: "nt" forward (the weight is n x k), "nn" towards the inputs,
    "tn" towards the weight.
    """
    forward = []
    for tokens, hidden, wide, tp in LAYERS:
        forward += [(tokens, 3 * hidden // tp, hidden), (tokens, hidden, hidden // tp)]
        forward += [(tokens, wide // tp, hidden), (tokens, hidden, wide // tp)]
    forward += [(tokens, vocabulary, hidden) for tokens, hidden, vocabulary in HEADS]
    found = []
    for index, (m, n, k) in enumerate(forward):
        found.append((m, n, k, "nt"))
        # Both backward products of every second shape: the others are alike.
        if index % 2 == 0:
            found += [(m, k, n, "nn"), (n, k, m, "tn")]
    return farthest_first(list(dict.fromkeys(found)))


def farthest_first(points: List[Tuple[int, int, int, str]]) -> List[Tuple[int, int, int, str]]:
    """The points in an order in which each is the farthest (in logarithms) from those before it.

    So a run that has to stop early has still covered the range. Complexity: quadratic.
    """
    where = [tuple(math.log(value) for value in point[:3]) for point in points]
    nearest = [math.inf] * len(points)
    order, at = [], 0
    while len(order) < len(points):
        order.append(points[at])
        nearest[at] = -1.0
        for index, place in enumerate(where):
            if nearest[index] >= 0:
                distance = sum((a - b) ** 2 for a, b in zip(place, where[at]))
                nearest[index] = min(nearest[index], distance)
        at = max(range(len(points)), key=lambda index: nearest[index])
    return order


def product_cases(scope: Scope) -> List[Case]:
    """Matrix products: short ones over many shapes, and a few for seconds, to see what the power limit leaves."""
    cases = []
    # A dry run takes every third.
    for m, n, k, layout in products()[::3 if scope.dry else 1]:
        fields = {"m": scope.length(m), "n": scope.length(n), "k": scope.length(k), "load": "short"}
        cases.append(Case("gemm", fields, how={"layout": layout}, guess=guessed(2.0 * m * n * k / 8e13)))
    for m, n, k in [(8192, 8192, 8192), (4096, 11008, 4096)]:
        fields = {"m": scope.length(m), "n": scope.length(n), "k": scope.length(k), "load": "sustained"}
        cases.append(Case("gemm", fields, how={"layout": "nt", "sustained": True}, guess=3.0))
    return cases


def attention_cases(scope: Scope) -> List[Case]:
    """Causal attention, forward and backward: sequences, head widths, few heads as tensor parallelism leaves them."""
    settings = [  # batch, heads, head width, sequence
        (2, 32, 128, 2048), (8, 16, 64, 1024), (1, 32, 128, 8192), (16, 16, 64, 512), (1, 8, 128, 4096),
        (2, 32, 64, 4096), (4, 32, 128, 1024), (1, 32, 128, 4096), (2, 16, 64, 2048), (2, 32, 80, 2048),
        (8, 32, 128, 512), (1, 4, 128, 2048), (2, 24, 96, 2048), (1, 16, 64, 8192), (1, 40, 128, 2048),
    ]
    cases = []
    for batch, heads, width, sequence in settings:
        for direction, work in (("forward", 2.0), ("backward", 5.0)):
            fields = {
                "batch": batch, "heads": heads, "headWidth": width, "sequence": scope.length(sequence),
                "implementation": "flash", "pass": direction,
            }
            flops = work * batch * heads * width * sequence**2
            cases.append(Case("attention", fields, guess=guessed(flops / 4e13)))
    return cases


def memory_bound_cases(scope: Scope) -> List[Case]:
    """Operators that wait for memory, with the bytes that they must move, and the launch of an empty kernel."""
    cases = [Case("launch", {}, how={"inner": 200}, guess=0.2)]
    for elements in (2**26, 2**24, 2**22, 2**27):
        for operator, moved in (("gelu", 4), ("add", 6), ("layer-norm", 4)):
            count = scope.bytes(elements, 512)
            fields = {"operator": operator, "bytes": moved * count}
            cases.append(Case("memory-bound", fields, how={"elements": count}, guess=guessed(moved * elements / 3e11)))
    for elements in (2**26, 2**24, 2**22):
        # fp32: weight, gradient and both moments are read, all but the gradient written.
        count = scope.bytes(elements)
        fields = {"operator": "adam", "bytes": 28 * count}
        cases.append(Case("memory-bound", fields, how={"elements": count}, guess=guessed(28 * elements / 3e11)))
    return cases


def collective_cases(scope: Scope) -> List[Case]:
    """Collectives of every group shape, messages between two GPUs, and the memory that each communicator takes."""
    sizes = {"all-gather": (256, 16, 1, 64, 4), "all-reduce": (256, 8, 1, 64), "reduce-scatter": (256, 16, 1)}
    cases = []
    for nodes, gpus in group_shapes(scope):
        ranks = nodes * gpus
        rate = (20.0 if nodes == 1 else 0.6 * gpus) * GIB
        cases.append(Case("memory", {"what": "communicator", "ranks": ranks}, (nodes, gpus), guess=1.0))
        for operation, amounts in sizes.items():
            factor = 2.1 if operation == "all-reduce" else 1.0
            for amount in amounts:
                fields = {
                    "operation": operation, "nodes": nodes, "gpusPerNode": gpus, "alone": False,
                    "bytes": scope.bytes(amount * MIB, ranks),
                }
                guess = guessed(factor * amount * MIB / rate)
                cases.append(Case("collective", fields, (nodes, gpus), guess=guess))
    for shape in ((1, 2), (2, 1)):
        if shape[0] > scope.nodes or shape[1] > scope.gpus:
            continue
        pairs = (scope.nodes // shape[0]) * (scope.gpus // shape[1])
        for alone in (True, False) if pairs > 1 else (True,):
            for amount in (64, 8, 1, 256):
                fields = {
                    "operation": "point-to-point", "nodes": shape[0], "gpusPerNode": shape[1], "alone": alone,
                    "bytes": scope.bytes(amount * MIB),
                }
                cases.append(Case("collective", fields, shape, guess=guessed(amount * MIB / (2 * GIB))))
    return cases


def copy_cases(scope: Scope) -> List[Case]:
    """Copies from and to pinned host memory, by one GPU alone and by all of each node at once."""
    cases = []
    for amount in (256, 16, 64, 4):
        for direction in ("host-to-device", "device-to-host"):
            for at_once in powers(scope.gpus)[-1:] + ([1] if scope.gpus > 1 else []):
                fields = {"direction": direction, "bytes": scope.bytes(amount * MIB), "gpusAtOnce": at_once}
                cases.append(Case("copy", fields, guess=guessed(amount * MIB / (4 * GIB))))
    return cases


Singles = Dict[str, List[Tuple[float, float]]]  # (amount, seconds) of each channel alone
# The four channels that overlap, each with the member that says how much it does.
CHANNELS = {  # in the order of the model: kernels, collectives, from the host, to the host
    "compute": "rows", "gather": "allGatherBytes", "down": "hostToDeviceBytes", "up": "deviceToHostBytes",
}
WIDTH = 4096  # the product beside the transfers is rows x WIDTH x WIDTH


def overlap_case(scope: Scope, shape: Shape, amounts: Dict[str, int], seconds: float) -> Case:
    """What elapses while the channels of `amounts` are busy at once; 0 where a channel is idle."""
    fields = {member: amounts.get(channel, 0) for channel, member in CHANNELS.items()}
    fields.update({"nodes": shape[0], "gpusPerNode": shape[1]})
    return Case("overlap", fields, shape, how={"width": scope.length(WIDTH)}, guess=guessed(seconds))


def overlap_shapes(scope: Scope) -> List[Shape]:
    """The groups whose all-gathers are measured beside other work: a node's largest, and the whole job's."""
    return list(dict.fromkeys([(1, scope.gpus), (scope.nodes, scope.gpus)]))


def single_cases(scope: Scope, shape: Shape) -> List[Case]:
    """Each channel alone, at three amounts: what the amounts of the grid are chosen from."""
    ranks = shape[0] * shape[1]
    cases = []
    for step in (1, 4, 16):
        rows, gather, copy = 2048 * step, 16 * MIB * step, 8 * MIB * step
        cases.append(overlap_case(scope, shape, {"compute": scope.length(rows)}, 2e-3 * step))
        if ranks > 1:
            cases.append(overlap_case(scope, shape, {"gather": scope.bytes(gather, ranks)}, 2e-3 * step))
        for channel in ("down", "up"):
            cases.append(overlap_case(scope, shape, {channel: scope.bytes(copy)}, 2e-3 * step))
    return cases


def mixes(channels: Sequence[str]) -> Iterator[Dict[str, int]]:
    """Every set of two or more channels, with ratios of their times alone: 1 and 2 mixed, and one 4 beside ones."""
    for size in range(2, len(channels) + 1):
        ratios = [mix for mix in itertools.product((1, 2), repeat=size) if 1 in mix]
        ratios += [tuple(4 if at == slow else 1 for at in range(size)) for slow in range(size)]
        for chosen in itertools.combinations(channels, size):
            for mix in ratios:
                yield dict(zip(chosen, mix))


def line_through(points: Sequence[Tuple[float, float]]) -> Tuple[float, float]:
    """(fixed, slope) of the line through (amount, seconds), relative errors alike; neither is negative.

    A weighted least-squares fit in closed form.
    """
    weights = [(1 / seconds**2, amount, seconds) for amount, seconds in points]
    total = sum(w for w, _, _ in weights)
    x = sum(w * a for w, a, _ in weights) / total
    y = sum(w * s for w, _, s in weights) / total
    spread = sum(w * (a - x) ** 2 for w, a, _ in weights)
    slope = sum(w * (a - x) * (s - y) for w, a, s in weights) / spread if spread > 0 else 0
    if slope <= 0:
        return 0.0, max(s / a for _, a, s in weights)
    return max(0.0, y - slope * x), slope


def grid_cases(scope: Scope, shape: Shape, singles: Singles, memory_bytes: int, host_bytes: int) -> List[Case]:
    """The overlap grid of a group, its amounts chosen so that the channels alone would take times in round ratios.

    The shortest channel takes 2 ms, or four times the largest fixed cost of a channel, since a transfer that is all
    latency says nothing of bandwidth. Buffers stay within an eighth of the device's memory, and a GiB of pinned memory
    or a thirty-second of what the host has for each GPU.
    """
    lines = {channel: line_through(points) for channel, points in singles.items() if len(points) > 1}
    if len(lines) < 2:
        return []
    ranks = shape[0] * shape[1]
    base = max([2e-5 if scope.dry else 2e-3] + [4 * fixed for fixed, _ in lines.values()])
    most = {
        "compute": memory_bytes / 8 / (4 * WIDTH), "gather": memory_bytes / 8,
        "down": min(GIB, host_bytes / scope.gpus / 32), "up": min(GIB, host_bytes / scope.gpus / 32),
    }
    units = {"compute": 16 if scope.dry else 128, "gather": 8 * ranks, "down": 8, "up": 8}
    # A group that is measured alone is measured at two sizes, so that the factors do not depend on one.
    levels = (1.0, 2.5) if len(overlap_shapes(scope)) == 1 else (1.0,)
    cases = []
    for level in levels:
        for mix in mixes([channel for channel in CHANNELS if channel in lines]):
            amounts = {}
            for channel, ratio in mix.items():
                fixed, slope = lines[channel]
                amount = min(max(level * ratio * base - fixed, 0.2 * level * base) / slope, most[channel])
                amounts[channel] = max(1, round(amount / units[channel])) * units[channel]
            cases.append(overlap_case(scope, shape, amounts, level * base * max(mix.values()) * 2))
    return distinct(cases)


def first_cases(scope: Scope) -> List[Case]:
    """All that is measured before the overlap grid."""
    context = Case("memory", {"what": "context", "ranks": 1}, guess=0.1)
    cases = product_cases(scope) + attention_cases(scope) + memory_bound_cases(scope) + [context]
    cases += copy_cases(scope) + collective_cases(scope)
    return distinct(cases)


def distinct(cases: Sequence[Case]) -> List[Case]:
    """The cases without repetitions: a dry run makes several sizes one."""
    return list({(case.kind, case.shape, json.dumps(case.fields)): case for case in cases}.values())


def guessed_singles(cases: Sequence[Case]) -> Singles:
    """What `single_cases` might give: for the list, and for the time that the grid will take."""
    rates = {"compute": 5e13 / (2 * WIDTH**2), "gather": 5e9, "down": 6e9, "up": 6e9}
    found: Singles = {}
    for case in cases:
        for channel, member in CHANNELS.items():
            if case.fields[member]:
                found.setdefault(channel, []).append((case.fields[member], case.fields[member] / rates[channel]))
    return found


def grid_guess(scope: Scope) -> List[Case]:
    """The overlap cases of all shapes, by guessed rates."""
    cases = []
    for shape in overlap_shapes(scope):
        singles = single_cases(scope, shape)
        memory = 4 * MIB if scope.dry else 16 * GIB
        cases += singles + grid_cases(scope, shape, guessed_singles(singles), memory, 256 * GIB)
    return cases


# --- The ranks --------------------------------------------------------------------------------------------------------


class World:
    """The ranks of this job, and what they tell each other: over the CPU, so that a broken GPU does not break that."""

    def __init__(self, torch: Any, timeout: float):
        self.torch, self.dist = torch, torch.distributed
        self.rank, self.size = int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
        self.local, self.gpus = int(os.environ["LOCAL_RANK"]), int(os.environ["LOCAL_WORLD_SIZE"])
        self.nodes = self.size // self.gpus
        self.timeout = datetime.timedelta(seconds=timeout)
        self.dist.init_process_group("gloo", timeout=self.timeout)
        self.groups: Dict[Shape, Tuple[Any, List[int]]] = {}
        if any(gpus != self.gpus for gpus in self.gather([self.gpus])):
            raise SystemExit("profile: the nodes have unlike numbers of ranks; start as many on each")

    def gather(self, values: Sequence[float]) -> List[float]:
        """The values of all ranks, rank by rank; every rank gives as many."""
        mine = self.torch.tensor(list(values), dtype=self.torch.float64)
        all_of_them = [self.torch.empty_like(mine) for _ in range(self.size)]
        self.dist.all_gather(all_of_them, mine)
        return [value for part in all_of_them for value in part.tolist()]

    def agree(self, error: Optional[str]) -> Optional[str]:
        """The first error of any rank, the same on all ranks; None where none failed."""
        if not any(self.gather([1.0 if error else 0.0])):
            return None
        # As numbers, because objects need NumPy, which PyTorch can do without.
        length = 300
        codes = (error or "").encode()[:length].ljust(length, b"\0")
        numbers = self.gather([float(code) for code in codes])
        for rank in range(self.size):
            text = bytes(int(number) for number in numbers[rank * length:(rank + 1) * length]).rstrip(b"\0")
            if text:
                return f"rank {rank}: {text.decode(errors='replace')}"
        return None

    def barrier(self) -> None:
        """Waits for all ranks."""
        self.dist.barrier()

    def members(self, shape: Shape) -> List[List[int]]:
        """The ranks of each group of a shape: blocks of neighbouring nodes, and of neighbouring GPUs in each."""
        nodes, gpus = shape
        return [
            [(first + node) * self.gpus + start + gpu for node in range(nodes) for gpu in range(gpus)]
            for first in range(0, self.nodes - nodes + 1, nodes)
            for start in range(0, self.gpus - gpus + 1, gpus)
        ]

    def group(self, shape: Shape, backend: str) -> Tuple[Any, List[int]]:
        """This rank's group of a shape and its ranks; (None, []) where it is in none. All ranks must call this."""
        if shape not in self.groups:
            mine: Tuple[Any, List[int]] = (None, [])
            for ranks in self.members(shape):
                group = self.dist.new_group(ranks, backend=backend, timeout=self.timeout)
                if self.rank in ranks:
                    mine = (group, ranks)
            self.groups[shape] = mine
        return self.groups[shape]


# --- The device -------------------------------------------------------------------------------------------------------


@dataclass
class Work:
    """Something that can be issued again and again; on a GPU issuing does not wait for its end."""

    issue: Callable[[], Any]
    lead: Optional[Callable[[], Any]] = None  # issued before the clock starts: lines the ranks up
    idle: bool = False  # this rank has no part in it
    around: Callable[[], Any] = contextlib.nullcontext  # what must hold while it is issued


IDLE = Work(issue=lambda: None, idle=True)


class Device:
    """The CPU in the place of a GPU: what a dry run runs on."""

    kind, backend = "cpu", "gloo"

    def __init__(self, torch: Any, local: int):
        self.torch = torch
        self.place = torch.device("cpu")
        self.precision, self.dtype, self.reduced = "bf16", torch.bfloat16, torch.float32
        self.name, self.memory_bytes, self.nccl = "CPU", host_memory_bytes(), ""
        self.buffers: Dict[Tuple[str, bool], Any] = {}
        torch.set_num_threads(1)

    def samples(self, work: Work, inner: int, repeats: int, align: Align, gap: bool) -> List[float]:
        """Seconds of one issue of the work, in each of `repeats` runs of `inner`.

        With a `gap` the clock starts only when the host is ahead, so that its own time does not count.
        """
        found = []
        for _ in range(repeats):
            if align:
                align()
            if work.lead:
                work.lead()
            start = time.perf_counter()
            with work.around():
                for _ in range(inner):
                    work.issue()
            found.append((time.perf_counter() - start) / inner)
        return found

    def warm_up(self) -> None:
        """Works for a moment, so that the first case does not meet clocks at rest."""

    def wait(self) -> None:
        """Waits until all that was issued is done."""

    def on(self, channel: str) -> Any:
        """A context in which work is issued on a stream of its own."""
        return contextlib.nullcontext()

    def fork(self, channels: Sequence[str]) -> None:
        """The streams of the channels wait for what was issued before."""

    def join(self, channels: Sequence[str]) -> None:
        """What is issued after waits for the streams of the channels."""

    def buffer(self, name: str, size: int, host: bool = False) -> Any:
        """A piece of a buffer of at least `size` bytes that stays: pinned on the host, or on the device."""
        if (name, host) not in self.buffers or self.buffers[name, host].numel() < size:
            self.buffers.pop((name, host), None)
            self.buffers[name, host] = self.allocate(size, host)
        return self.buffers[name, host][:size]

    def allocate(self, size: int, host: bool) -> Any:
        """Bytes on the host or on the device."""
        return self.torch.zeros(size, dtype=self.torch.uint8)

    def random(self, *dimensions: int) -> Any:
        """A tensor of random numbers in the precision of products: zeros would draw less power."""
        return self.torch.randn(*dimensions, device=self.place, dtype=self.dtype)

    def outside_bytes(self) -> int:
        """Memory of the device that is in use outside PyTorch's allocator; here the process' resident memory."""
        try:
            with open("/proc/self/statm") as file:
                return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return 0

    def release(self) -> None:
        """Gives back what the last case held."""


class CUDADevice(Device):
    """A GPU."""

    kind, backend = "cuda", "nccl"

    def __init__(self, torch: Any, local: int):
        self.torch, self.cuda = torch, torch.cuda
        self.cuda.set_device(local)
        self.place = torch.device("cuda", local)
        properties = self.cuda.get_device_properties(local)
        has_bf16 = self.cuda.get_device_capability(local)[0] >= 8
        self.precision, self.dtype = ("bf16", torch.bfloat16) if has_bf16 else ("fp16", torch.float16)
        self.reduced = self.dtype
        self.name, self.memory_bytes = properties.name, properties.total_memory
        self.nccl = ".".join(str(part) for part in torch.cuda.nccl.version())
        self.buffers = {}
        self.streams = {channel: self.cuda.Stream() for channel in CHANNELS}

    def samples(self, work: Work, inner: int, repeats: int, align: Align, gap: bool) -> List[float]:
        clocks = []
        host = 2e-5 * inner  # seconds in which the host issues the work: a guess, then as it was seen
        for _ in range(repeats):
            if align or gap:
                self.wait()
            if align:
                align()
            if work.lead:
                work.lead()
            if gap:
                # The GPU idles, at about 2 cycles a nanosecond, while the host issues what follows.
                self.cuda._sleep(int(2e9 * min(2e-2, 3e-4 + 1.3 * host)))
            begin, end = self.cuda.Event(enable_timing=True), self.cuda.Event(enable_timing=True)
            start = time.perf_counter()
            begin.record()
            with work.around():
                for _ in range(inner):
                    work.issue()
            end.record()
            host = time.perf_counter() - start
            clocks.append((begin, end))
        self.wait()
        return [begin.elapsed_time(end) / 1e3 / inner for begin, end in clocks]

    def warm_up(self) -> None:
        square, start = self.random(2048, 2048), time.monotonic()
        while time.monotonic() - start < 0.5:
            self.torch.mm(square, square)
            self.wait()

    def wait(self) -> None:
        self.cuda.synchronize()

    def on(self, channel: str) -> Any:
        return self.cuda.stream(self.streams[channel])

    def fork(self, channels: Sequence[str]) -> None:
        for channel in channels:
            self.streams[channel].wait_stream(self.cuda.current_stream())

    def join(self, channels: Sequence[str]) -> None:
        for channel in channels:
            self.cuda.current_stream().wait_stream(self.streams[channel])

    def allocate(self, size: int, host: bool) -> Any:
        if host:
            return self.torch.zeros(size, dtype=self.torch.uint8, pin_memory=True)
        return self.torch.zeros(size, dtype=self.torch.uint8, device=self.place)

    def outside_bytes(self) -> int:
        self.wait()
        free, total = self.cuda.mem_get_info()
        return max(0, total - free - self.cuda.memory_reserved())

    def release(self) -> None:
        self.cuda.empty_cache()


def host_memory_bytes() -> int:
    """The memory of this node."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError):
        return 0


# --- What each kind of case does --------------------------------------------------------------------------------------


def rotation(make: Callable[[], Any], size: int) -> Iterator[Any]:
    """Enough copies of small inputs, one after the other, that they do not all stay in the GPU's cache."""
    return itertools.cycle([make() for _ in range(max(1, min(8, 192 * MIB // max(1, size))))])


def product_work(device: Device, world: World, case: Case) -> Work:
    """A product of m x k by k x n, the factors laid out as the runtime holds them."""
    m, n, k = (case.fields[key] for key in "mnk")
    layout = case.how["layout"]

    def make() -> Tuple[Any, Any, Any]:
        left = device.random(k, m).t() if layout[0] == "t" else device.random(m, k)
        right = device.random(n, k).t() if layout[1] == "t" else device.random(k, n)
        return left, right, device.torch.empty(m, n, device=device.place, dtype=device.dtype)

    sets = rotation(make, 2 * (m * k + k * n + m * n))

    def issue() -> None:
        left, right, out = next(sets)
        device.torch.mm(left, right, out=out)

    return Work(issue)


def attention_kernel(torch: Any, name: str) -> Any:
    """A context in which only one implementation of attention may be used."""
    try:
        from torch.nn.attention import SDPBackend, sdpa_kernel

        backends = {"flash": "FLASH_ATTENTION", "efficient": "EFFICIENT_ATTENTION", "math": "MATH"}
        return sdpa_kernel(getattr(SDPBackend, backends[name]))
    except ImportError:  # before PyTorch 2.3
        return torch.backends.cuda.sdp_kernel(
            enable_flash=name == "flash", enable_mem_efficient=name == "efficient", enable_math=name == "math")


def attention_work(device: Device, world: World, case: Case) -> Work:
    """Causal attention by the best implementation that there is; the backward pass alone where that is asked for."""
    fields, torch = case.fields, device.torch
    size = (fields["batch"], fields["heads"], fields["sequence"], fields["headWidth"])
    is_backward = fields["pass"] == "backward"
    inputs = [device.random(*size).requires_grad_(is_backward) for _ in range(3)]
    attend = torch.nn.functional.scaled_dot_product_attention
    output, problem = None, None
    for name in ("flash", "efficient", "math"):
        try:
            with attention_kernel(torch, name):
                output = attend(*inputs, is_causal=True)
            fields["implementation"] = name
            break
        except RuntimeError as error:
            if isinstance(error, torch.cuda.OutOfMemoryError):
                raise
            problem = error
    if output is None:
        raise RuntimeError(f"no implementation of attention: {problem}")
    if is_backward:
        gradient = torch.randn_like(output)
        return Work(lambda: torch.autograd.grad(output, inputs, gradient, retain_graph=True))

    return Work(
        lambda: attend(*inputs, is_causal=True), around=lambda: attention_kernel(torch, fields["implementation"]))


def memory_bound_work(device: Device, world: World, case: Case) -> Work:
    """An operator that waits for memory."""
    torch, functional = device.torch, device.torch.nn.functional
    operator, elements = case.fields["operator"], case.how["elements"]
    if operator == "adam":
        weights = [torch.nn.Parameter(torch.randn(elements // 4, device=device.place)) for _ in range(4)]
        for weight in weights:
            weight.grad = torch.randn_like(weight)
        fused = {"fused": True} if device.kind == "cuda" else {}
        return Work(torch.optim.AdamW(weights, lr=1e-5, **fused).step)
    width = min(4096, elements)
    sets = rotation(lambda: device.random(elements // width, width), 2 * elements)
    if operator == "gelu":
        return Work(lambda: functional.gelu(next(sets), approximate="tanh"))
    if operator == "layer-norm":
        weight, bias = device.random(width), device.random(width)
        return Work(lambda: functional.layer_norm(next(sets), (width,), weight, bias))
    output = torch.empty(elements // width, width, device=device.place, dtype=device.dtype)
    return Work(lambda: torch.add(next(sets), next(sets), out=output))


def launch_work(device: Device, world: World, case: Case) -> Work:
    """A kernel with nothing to do, behind others like it: what a kernel takes beside its work."""
    number = device.torch.zeros(1, device=device.place)
    return Work(lambda: number.add_(1))


def collective(dist: Any, *names: str) -> Callable[..., Any]:
    """A collective on one tensor by the first of its names that this PyTorch has: newer ones renamed them."""
    return next(getattr(dist, name) for name in names if hasattr(dist, name))


def gather_function(dist: Any) -> Callable[..., Any]:
    """All-gather into one tensor."""
    return collective(dist, "all_gather_single", "all_gather_into_tensor", "_all_gather_base")


def collective_work(device: Device, world: World, case: Case) -> Work:
    """A collective of this rank's group; messages go from the first rank of a pair to the second."""
    torch, dist = device.torch, world.dist
    group, ranks = world.group(case.shape, device.backend)
    if group is None or (case.fields["alone"] and 0 not in ranks):
        return IDLE
    element = torch.empty(0, dtype=device.reduced).element_size()
    full = torch.zeros(case.fields["bytes"] // element, device=device.place, dtype=device.reduced)
    part = torch.zeros(len(full) // len(ranks), device=device.place, dtype=device.reduced)
    one = torch.zeros(1, device=device.place)
    operation = case.fields["operation"]
    if operation == "point-to-point":
        if world.rank == ranks[0]:
            return Work(lambda: dist.send(full, ranks[1], group=group), lead=lambda: dist.all_reduce(one, group=group))
        return Work(lambda: dist.recv(full, ranks[0], group=group), lead=lambda: dist.all_reduce(one, group=group))
    gather = gather_function(dist)
    scatter = collective(dist, "reduce_scatter_single", "reduce_scatter_tensor", "_reduce_scatter_base")
    issue = {
        "all-gather": lambda: gather(full, part, group=group),
        "all-reduce": lambda: dist.all_reduce(full, group=group),
        "reduce-scatter": lambda: scatter(part, full, group=group),
    }[operation]
    return Work(issue, lead=lambda: dist.all_reduce(one, group=group))


def copy_work(device: Device, world: World, case: Case) -> Work:
    """A copy between pinned host memory and the device."""
    if case.fields["gpusAtOnce"] < world.gpus and world.rank != 0:
        return IDLE
    host = device.buffer("copy", case.fields["bytes"], host=True)
    there = device.buffer("copy", case.fields["bytes"])
    if case.fields["direction"] == "host-to-device":
        return Work(lambda: there.copy_(host, non_blocking=True))
    return Work(lambda: host.copy_(there, non_blocking=True))


def overlap_work(device: Device, world: World, case: Case) -> Work:
    """A product, an all-gather and copies both ways at once, each on its own stream; those with an amount of 0 rest."""
    torch, dist, fields = device.torch, world.dist, case.fields
    amounts = {channel: fields[member] for channel, member in CHANNELS.items() if fields[member]}
    group, ranks = world.group(case.shape, device.backend) if math.prod(case.shape) > 1 else (None, [])
    if math.prod(case.shape) > 1 and group is None:
        return IDLE
    width = case.how["width"]

    def matrix(name: str, rows: int) -> Any:
        return device.buffer(name, 2 * rows * width).view(device.dtype).view(rows, width)

    issues: Dict[str, Callable[[], Any]] = {}
    lead = None
    # In the order in which a runtime issues them: what is fetched ahead first, then the kernels.
    if "gather" in amounts:
        full = device.buffer("full", amounts["gather"])
        part = device.buffer("part", amounts["gather"] // len(ranks))
        one, gather = torch.zeros(1, device=device.place), gather_function(dist)
        issues["gather"] = lambda: gather(full, part, group=group, async_op=True)
        lead = lambda: dist.all_reduce(one, group=group)  # noqa: E731
    for channel in ("down", "up"):
        if channel in amounts:
            host = device.buffer(channel, amounts[channel], host=True)
            there = device.buffer(channel, amounts[channel])
            target, source = (there, host) if channel == "down" else (host, there)
            issues[channel] = lambda target=target, source=source: target.copy_(source, non_blocking=True)
    if "compute" in amounts:
        rows = amounts["compute"]
        left, weight, out = matrix("left", rows), matrix("weight", width), matrix("out", rows)
        left.normal_(), weight.normal_()
        issues["compute"] = lambda: torch.mm(left, weight, out=out)

    def issue() -> None:
        device.fork(list(issues))
        handles = {}
        for channel, start in issues.items():
            with device.on(channel):
                handles[channel] = start()
        if "gather" in handles:
            with device.on("gather"):
                handles["gather"].wait()
        device.join(list(issues))

    return Work(issue, lead)


WORKS: Dict[str, Callable[[Device, World, Case], Work]] = {
    "gemm": product_work, "attention": attention_work, "memory-bound": memory_bound_work, "launch": launch_work,
    "collective": collective_work, "copy": copy_work, "overlap": overlap_work,
}

# --- Measuring --------------------------------------------------------------------------------------------------------


class Recorder:
    """The points file: a line is written whole and at once, so that a file that was cut short can be read."""

    def __init__(self, path: Optional[str], force: bool):
        if path is None:
            self.file = os.dup(sys.stdout.fileno())
        else:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if force else os.O_EXCL)
            self.file = os.open(path, flags, 0o644)

    def write(self, **members: Any) -> None:
        """Writes one line."""
        line = (json.dumps(members, allow_nan=False) + "\n").encode()
        while line:
            line = line[os.write(self.file, line):]


class Progress:
    """How far the run is, on standard error of rank 0: on a terminal one line that changes, else one now and then."""

    def __init__(self, shown: bool):
        self.shown, self.is_terminal, self.last = shown, sys.stderr.isatty(), 0.0

    def show(self, share: float, left: float, text: str) -> None:
        """Says the share that is done, the seconds that are left, and what is measured now."""
        now = time.monotonic()
        if not self.shown or now - self.last < (0.2 if self.is_terminal else 15):
            return
        self.last = now
        line = f"{share:4.0%}  about {int(left) // 60}:{int(left) % 60:02} left  {text}"
        sys.stderr.write(f"\r\033[K{line[:100]}" if self.is_terminal else line + "\n")
        sys.stderr.flush()

    def say(self, text: str) -> None:
        """Says something that stays."""
        if self.shown:
            sys.stderr.write(("\r\033[K" if self.is_terminal else "") + f"profile: {text}\n")
            sys.stderr.flush()


class Budget:
    """The time of the run, shared out over the cases that are left by how long each was guessed to take."""

    def __init__(self, seconds: float, guesses: Sequence[float]):
        self.start, self.seconds = time.monotonic(), seconds
        self.ahead, self.done = sum(guesses), 0.0

    def allowance(self, case: Case) -> float:
        """Seconds that the next case may take."""
        spent = time.monotonic() - self.start
        return max(0.0, self.seconds - spent) * case.guess / max(self.ahead, case.guess)

    def finish(self, case: Case) -> None:
        """Counts a case as done."""
        self.ahead, self.done = max(0.0, self.ahead - case.guess), self.done + case.guess

    def replace(self, old: Sequence[Case], new: Sequence[Case]) -> None:
        """Cases that were only guessed are now known."""
        self.ahead = max(0.0, self.ahead + sum(case.guess for case in new) - sum(case.guess for case in old))

    def left(self) -> Tuple[float, float]:
        """The share that is done, and the seconds that are left at the pace so far."""
        spent = time.monotonic() - self.start
        pace = spent / self.done if self.done > 0 else 1.0
        share = self.done / max(self.done + self.ahead, 1e-9)
        return share, max(0.0, min(self.ahead * pace, self.seconds - spent))


def describe(error: BaseException) -> str:
    """An error in one line."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:200]}"


class Profiler:
    """Measures cases, one after the other, on all ranks at once.

    Whatever can fail on one rank alone is between two agreements of all ranks, so that no rank waits for one that has
    given up. What hangs (a broken link inside a collective) ends by the time limit of the groups.
    """

    def __init__(self, world: World, device: Device, recorder: Optional[Recorder], budget: Budget, scope: Scope):
        self.world, self.device, self.recorder, self.budget, self.scope = world, device, recorder, budget, scope
        self.progress = Progress(world.rank == 0)
        self.cases = self.failed = 0
        self.slowness: List[List[float]] = []  # of each product, by rank: seconds beside the median of the ranks

    def record(self, **members: Any) -> None:
        """Writes a line, on rank 0."""
        if self.recorder:
            self.recorder.write(**members)

    def run(self, case: Case) -> Optional[float]:
        """Measures a case and writes its line; its seconds, the same on all ranks, or None where it failed."""
        self.progress.show(*self.budget.left(), str(case))
        self.cases += 1
        seconds, error = (self.measure_memory if case.kind == "memory" else self.measure)(case)
        if error:
            self.failed += 1
            self.record(kind="failed", case=str(case), error=error)
            self.progress.say(f"{case}: {error}")
        self.device.release()
        self.budget.finish(case)
        return seconds

    def attempt(self, body: Callable[[], Any]) -> Tuple[Any, Optional[str]]:
        """The result of `body`, or the error of whichever rank failed."""
        result, error = None, None
        try:
            result = body()
        except Exception as problem:  # out of memory, a kernel or a collective that there is not, ...
            error = describe(problem)
        return result, self.world.agree(error)

    def measure(self, case: Case) -> Tuple[Optional[float], Optional[str]]:
        """(seconds, None), or (None, error)."""
        work, error = self.attempt(lambda: WORKS[case.kind](self.device, self.world, case))
        if error:
            return None, error

        def warm_up() -> float:
            if work.idle:
                return 0.0
            self.device.samples(work, 1, 1, None, False)
            return self.device.samples(work, 1, 1, None, False)[0]

        first, error = self.attempt(warm_up)
        if error:
            return None, error
        once = max(self.world.gather([first]))
        allowance = self.world.gather([self.budget.allowance(case)])[0]  # rank 0 decides
        if 4 * once > 6 * allowance + 0.5 and not self.scope.dry:
            return None, f"skipped: it takes {once:.2g} s each time, and the time (--minutes) is short"
        samples, error = self.samples(case, work, once, allowance)
        if error:
            return None, error
        return self.summarise(case, samples), None

    def samples(self, case: Case, work: Work, once: float, allowance: float) -> Tuple[List[List[float]], Optional[str]]:
        """The samples of each rank; the repeats follow from the seconds of the first one and from what may be spent."""
        is_aligned = case.kind in ("collective", "copy", "overlap")
        inner = case.how.get("inner") or max(1, min(50, round(2e-3 / max(once, 1e-6))))
        inner = 1 if case.kind == "overlap" else min(inner, 2) if self.scope.dry else inner
        repeats = max(3, min(20, int(allowance / (inner * once + 2e-3))))
        kept = repeats = 3 if self.scope.dry else repeats
        if case.how.get("sustained"):
            # Chunks of 0.1 s for 2.5 s, of which the last 1.5 s count: by then the clocks have settled.
            inner, repeats, kept = max(1, round(0.1 / max(once, 1e-6))), 25, 15
            inner, repeats, kept = (1, 5, 3) if self.scope.dry else (inner, repeats, kept)
        barriers = repeats if is_aligned else 0

        def align() -> None:
            nonlocal barriers
            barriers -= 1
            self.world.barrier()

        def body() -> List[float]:
            try:
                if work.idle:
                    return [0.0] * repeats
                gap = not case.how.get("sustained")
                return self.device.samples(work, inner, repeats, align if is_aligned else None, gap)
            finally:
                # A rank that rests or failed still comes to the barriers that the others wait at.
                while barriers > 0:
                    align()

        mine, error = self.attempt(body)
        if error:
            return [], error
        everyone = self.world.gather(mine[-kept:])
        return [everyone[start:start + kept] for start in range(0, len(everyone), kept)], None

    def summarise(self, case: Case, samples: List[List[float]]) -> float:
        """Writes the line of a case: of transfers the slowest rank in each repeat, of kernels the median rank."""
        if case.kind in ("collective", "copy", "overlap"):
            slowest = [max(column) for column in zip(*samples)]
            seconds, deviation = statistics.median(slowest), statistics.stdev(slowest)
        else:
            medians = [statistics.median(rank) for rank in samples]
            seconds = statistics.median(medians)
            deviation = statistics.median([statistics.stdev(rank) for rank in samples])
            if case.kind == "gemm":
                self.slowness.append([median / seconds for median in medians])
        members = {"seconds": seconds, "deviation": deviation}
        if case.kind != "launch":
            members["repeats"] = len(samples[0])
        self.record(kind=case.kind, **case.fields, **members)
        return seconds

    def measure_memory(self, case: Case) -> Tuple[Optional[float], Optional[str]]:
        """What lies on the device outside PyTorch's allocator: the context, or what a first communicator adds."""
        device, world = self.device, self.world

        def body() -> int:
            device.release()
            before = device.outside_bytes()
            if case.fields["what"] == "context":
                return before
            group, _ = world.group(case.shape, device.backend)
            if group is not None:
                world.dist.all_reduce(device.torch.zeros(1, device=device.place), group=group)
            device.wait()
            device.release()
            return max(0, device.outside_bytes() - before)

        taken, error = self.attempt(body)
        if error:
            return None, error
        most = int(max(world.gather([taken])))
        self.record(kind="memory", what=case.fields["what"], bytes=most, ranks=case.fields["ranks"])
        return 0.0, None

    def run_overlap(self, shape: Shape) -> None:
        """Measures the overlap grid of a group: each channel alone, then the sets, by amounts chosen from these."""
        singles = single_cases(self.scope, shape)
        memory = 4 * MIB if self.scope.dry else int(min(self.world.gather([self.device.memory_bytes])))
        host = int(min(self.world.gather([host_memory_bytes()]))) or 64 * GIB
        guessed_grid = grid_cases(self.scope, shape, guessed_singles(singles), memory, host)
        found: Singles = {}
        for case in singles:
            seconds = self.run(case)
            for channel, member in CHANNELS.items():
                if case.fields[member] and seconds:
                    found.setdefault(channel, []).append((case.fields[member], seconds))
        grid = grid_cases(self.scope, shape, found, memory, host)
        self.budget.replace(guessed_grid, grid)
        for case in grid:
            self.run(case)
        self.device.buffers.clear()

    def warn_of_slow_ranks(self) -> None:
        """Says which GPUs are slower than the others: one of them slows down all of a training run."""
        for rank in range(self.world.size):
            slow = statistics.median([product[rank] for product in self.slowness]) if self.slowness else 1.0
            if slow > 1.07:
                self.progress.say(
                    f"rank {rank} (GPU {rank % self.world.gpus} of node {rank // self.world.gpus}) is "
                    f"{slow - 1:.0%} slower than the median GPU")


# --- The program ------------------------------------------------------------------------------------------------------


def profile(asked: argparse.Namespace, recorder: Optional[Recorder]) -> int:
    """What every rank does; the exit code."""
    warnings.filterwarnings("ignore")  # of kernels that there are not, and of names that will change
    import torch
    import torch.distributed  # noqa: F401

    if not asked.dry_run and not torch.cuda.is_available():
        return complain("PyTorch sees no GPU here; --dry-run tries the script itself on CPUs")
    start = time.monotonic()
    world = World(torch, timeout=60 if asked.dry_run else 180)
    device = (Device if asked.dry_run else CUDADevice)(torch, world.local)
    scope = Scope(world.nodes, world.gpus, asked.dry_run)
    cases = first_cases(scope)
    budget = Budget(60 * asked.minutes, [case.guess for case in cases + grid_guess(scope)])
    profiler = Profiler(world, device, recorder, budget, scope)
    profiler.record(
        kind="machine", brume=1, gpu=device.name, device=device.kind, memoryBytes=device.memory_bytes,
        hostMemoryBytes=host_memory_bytes(), nodes=world.nodes, gpusPerNode=world.gpus, precision=device.precision,
        torch=torch.__version__.split("+")[0], nccl=device.nccl,
        started=datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"), dryRun=asked.dry_run)
    if len(set(world.gather([device.memory_bytes]))) > 1:
        profiler.progress.say("the GPUs have unlike memory: are they of one kind?")
    profiler.attempt(device.warm_up)
    for case in cases:
        profiler.run(case)
    for shape in overlap_shapes(scope):
        profiler.run_overlap(shape)
    seconds = time.monotonic() - start
    profiler.record(kind="end", seconds=seconds, cases=profiler.cases, failed=profiler.failed)
    profiler.warn_of_slow_ranks()
    profiler.progress.say(
        f"{profiler.cases} cases, {profiler.failed} failed, in {seconds:.0f} s"
        + (f"; next: brume calibrate {asked.out}" if asked.out else ""))
    world.barrier()
    world.dist.destroy_process_group()
    return 0


def complain(text: str, code: int = EXIT_BROKEN) -> int:
    """Says why the program ends, and returns its exit code."""
    print(f"profile: {text}", file=sys.stderr)
    return code


def run_rank(asked: argparse.Namespace) -> int:
    """One rank from its beginning to its end; the exit code."""
    recorder = None
    try:
        if int(os.environ["RANK"]) == 0:
            recorder = Recorder(asked.out, asked.force)
        return profile(asked, recorder)
    except FileExistsError:
        return complain(f"{asked.out} exists; --force replaces it", EXIT_EXISTS)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except Exception as error:
        # A rank is gone, or the job could not start: what was measured stands in the file.
        if recorder:
            recorder.write(kind="failed", case="the run", error=describe(error))
        return complain(f"rank {os.environ['RANK']}: {describe(error)}")


def count_gpus() -> int:
    """The GPUs of this node, counted in a process of its own: one that has PyTorch's threads must not fork."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            import torch

            os.write(writer, str(torch.cuda.device_count()).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    return int(text or 0)


def start_ranks(count: int, asked: argparse.Namespace) -> int:
    """Runs `count` ranks on this node as children, since a script on standard input cannot be started again."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    sys.stdout.flush()
    children = []
    for rank in range(count):
        child = os.fork()
        if child == 0:
            code = EXIT_BROKEN
            try:
                numbers = {"RANK": rank, "LOCAL_RANK": rank, "WORLD_SIZE": count, "LOCAL_WORLD_SIZE": count}
                os.environ.update({name: str(number) for name, number in numbers.items()})
                os.environ.update({"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)})
                code = run_rank(asked)
            finally:
                sys.stderr.flush()
                os._exit(code)
        children.append(child)
    worst = 0
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends this process ends the ranks
    try:
        while children:
            child, status = os.wait()
            children.remove(child)
            if os.WIFEXITED(status):
                code = os.WEXITSTATUS(status)
            else:
                code = EXIT_BROKEN if worst else complain(f"a rank was ended by signal {os.WTERMSIG(status)}")
            if code and not worst:
                worst = code
                stop(children)  # the others would wait for it
    except KeyboardInterrupt:
        worst = EXIT_INTERRUPTED
        stop(children)
    return worst


def stop(children: Sequence[int]) -> None:
    """Ends the ranks that are left."""
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)


class Arguments(argparse.ArgumentParser):
    """An argument parser that ends with the exit code for usage."""

    def error(self, message: str) -> Any:
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"profile: {message}\n")


def parse(words: Sequence[str]) -> argparse.Namespace:
    """The options."""
    parser = Arguments(prog="profile.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", metavar="FILE", help="the points file (default: standard output)")
    parser.add_argument("--force", action="store_true", help="replace that file where it exists")
    parser.add_argument("--minutes", type=float, default=8.0, help="the time that it may take (default: 8)")
    parser.add_argument("--dry-run", action="store_true", help="tiny sizes on CPUs: tries the script, measures nothing")
    parser.add_argument("--ranks", type=int, metavar="N", help="ranks to start without torchrun (default: one a GPU)")
    parser.add_argument("--list", action="store_true", help="print what would be measured, and end; needs no PyTorch")
    parser.add_argument("--nodes", type=int, default=1, metavar="N", help="nodes, for --list (default: 1)")
    parser.add_argument("--gpus-per-node", type=int, default=8, metavar="N", help="GPUs, for --list (default: 8)")
    asked = parser.parse_args(words)
    if not asked.minutes > 0 or min(asked.nodes, asked.gpus_per_node) < 1 or (asked.ranks or 1) < 1:
        parser.error("--minutes, --ranks, --nodes and --gpus-per-node must be more than 0")
    return asked


def list_cases(asked: argparse.Namespace) -> int:
    """Prints the cases of a job of some size; those of the overlap grid as they would be at middling rates."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` ends it quietly
    scope = Scope(asked.nodes, asked.gpus_per_node, asked.dry_run)
    cases = first_cases(scope) + grid_guess(scope)
    for case in cases:
        print(json.dumps({"kind": case.kind, **case.fields}))
    minutes = min(asked.minutes, sum(case.guess for case in cases) / 60)
    print(f"profile: {len(cases)} cases, about {minutes:.1f} minutes", file=sys.stderr)
    return 0


def main() -> int:
    """The program; its exit code."""
    asked = parse(sys.argv[1:])
    # Nothing is imported from the folder that this file lies in: as profile.py it would itself be taken for Python's
    # module of that name.
    if sys.path and sys.path[0] in ("", os.path.dirname(os.path.abspath(sys.argv[0]))):
        del sys.path[0]
    if asked.list:
        return list_cases(asked)
    if importlib.util.find_spec("torch") is None:
        return complain(f"this Python ({sys.executable}) has no PyTorch; run it in the environment that you train in")
    if "RANK" in os.environ and "LOCAL_WORLD_SIZE" in os.environ:
        return run_rank(asked)
    if asked.out and os.path.exists(asked.out) and not asked.force:
        return complain(f"{asked.out} exists; --force replaces it", EXIT_EXISTS)
    count = asked.ranks or (2 if asked.dry_run else count_gpus())
    if count == 0:
        return complain("PyTorch sees no GPU here; --dry-run tries the script itself on CPUs")
    return start_ranks(count, asked)


if __name__ == "__main__":
    sys.exit(main())
