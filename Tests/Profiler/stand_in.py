"""Runs the profiler's part for GPUs where there is none: streams, events and memory are stood in for.

    stand_in.py SCRIPT --dry-run [--ranks N] ...

What it shows is that this part runs and writes the lines it should, not that its times are right. With
STAND_IN_BREAKS=1 rank 1 fails at three cases in three ways, and the run must go on.
"""

import contextlib
import os
import pathlib
import sys
import time
import types

SCRIPT = sys.argv.pop(1)
NAMES = {"__name__": "profiler_script", "__doc__": None}
# dataclasses look their module up.
sys.modules["profiler_script"] = types.ModuleType("profiler_script")
exec(compile(pathlib.Path(SCRIPT).read_text(), SCRIPT, "exec"), NAMES)


class Stream:
    """A stream on which everything is done at once."""

    def wait_stream(self, other):
        assert isinstance(other, Stream)


class Event:
    """A moment of the host's clock."""

    def __init__(self, enable_timing):
        assert enable_timing

    def record(self):
        self.at = time.perf_counter()

    def elapsed_time(self, end):
        return 1e3 * (end.at - self.at)


def stand_in(torch):
    """Replaces what the script calls of torch.cuda."""
    reserved = [1 << 20]
    main = Stream()
    torch.cuda.is_available = lambda: True
    torch.cuda.set_device = lambda local: None
    torch.cuda.get_device_properties = lambda local: types.SimpleNamespace(name="None", total_memory=16 << 30)
    torch.cuda.get_device_capability = lambda local: (7, 5)
    torch.cuda.nccl.version = lambda: (2, 21, 5)
    torch.cuda.Stream, torch.cuda.Event = Stream, Event
    torch.cuda.stream = lambda stream: contextlib.nullcontext(stream)
    torch.cuda.current_stream = lambda: main
    torch.cuda.synchronize = lambda: None
    torch.cuda.mem_get_info = lambda: (15 << 30, 16 << 30)
    torch.cuda.memory_reserved = lambda: reserved[0]
    torch.cuda.empty_cache = lambda: None
    torch.cuda._sleep = lambda cycles: None


class StandIn(NAMES["CUDADevice"]):
    """The device for GPUs, with its tensors on the CPU."""

    backend = "gloo"

    def __init__(self, torch, local):
        super().__init__(torch, local)
        self.place, self.reduced = torch.device("cpu"), torch.float32
        torch.set_num_threads(1)

    def warm_up(self):
        """Half precision takes CPUs too long."""

    def allocate(self, size, host):
        return self.torch.zeros(size, dtype=self.torch.uint8)


def broken(kind, at, when):
    """Makes the case number `at` of a kind fail on rank 1: when it is prepared, or at an issue."""
    works, seen = NAMES["WORKS"], [0]
    make = works[kind]

    def prepare(device, world, case):
        seen[0] += 1
        work = make(device, world, case)
        if seen[0] != at or world.rank != 1:
            return work
        if when == 0:
            raise device.torch.cuda.OutOfMemoryError("out of memory, as was to be tried")
        issue, issued = work.issue, [0]

        def break_off():
            issued[0] += 1
            if issued[0] >= when:
                raise RuntimeError("it broke, as was to be tried")
            issue()

        work.issue = break_off
        return work

    works[kind] = prepare


def profile(asked, recorder):
    """The script's own, on the stand-in."""
    import torch

    stand_in(torch)
    NAMES["Device"] = StandIn
    if os.environ.get("STAND_IN_BREAKS"):
        broken("gemm", 3, when=0)
        broken("attention", 2, when=1)
        broken("copy", 1, when=4)
    return own(asked, recorder)


own, NAMES["profile"] = NAMES["profile"], profile
sys.exit(NAMES["main"]())
