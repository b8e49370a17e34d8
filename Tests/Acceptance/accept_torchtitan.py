#!/usr/bin/env python3
"""Gives exported folders to torchtitan's own code and checks that the plan arrived.

    python3 accept_torchtitan.py FOLDER...

Each folder holds train.sh, config_registry.py and plan.yaml. The script is run with a torchrun in PATH that prints its arguments;
torchtitan's ConfigManager reads them; its ParallelDims takes the number of GPUs; its model is built without memory and
split, sharded and scheduled by its own functions over a process group that talks to nobody. No GPU is needed.
plan.yaml beside them says what is to be found. Exit code 1 where torchtitan refuses or something else arrived.
"""

import contextlib
import importlib.metadata
import inspect
import os
import pathlib
import sys
import warnings

import yaml

from folders import Refused, compare, run, shape, torchrun

warnings.filterwarnings("ignore")


def launch(folder):
    """What train.sh gives torchrun: (nodes, GPUs per node, arguments of the trainer, folders of modules)."""
    arguments, path = torchrun(folder)
    start = arguments.index("-m")
    if arguments[start + 1] != "torchtitan.train":
        raise Refused(f"train.sh starts {arguments[start + 1]}")
    return *shape(arguments), arguments[start + 2 :], path.split(os.pathsep)


def configuration(arguments, folders):
    """torchtitan's own reading of the arguments."""
    from torchtitan.config.manager import ConfigManager

    sys.modules.pop("config_registry", None)
    without_gpu()
    before = list(sys.path)
    sys.path[:0] = folders
    try:
        return ConfigManager().parse_args(arguments)
    except SystemExit as error:
        raise Refused(f"torchtitan's ConfigManager refuses {arguments}") from error
    finally:
        sys.path[:] = before


def without_gpu():
    """Where there is no GPU: meshes of the processor, and fp8 as if there were one that has it."""
    import torch

    if torch.cuda.is_available():
        return
    from torchtitan.components.quantization import float8
    from torchtitan.distributed import parallel_dims

    parallel_dims.device_type = "cpu"
    float8.has_cuda_capability = lambda major, minor: True


def knows_spmd_types():
    """Whether this torch's fully_shard takes what torchtitan's default backend makes of parameters."""
    from torch.distributed.fsdp._fully_shard import _fsdp_param

    return "spmd_types" in inspect.getsource(_fsdp_param)


@contextlib.contextmanager
def silent_group(size):
    """A process group of so many ranks that talks to nobody."""
    import torch.distributed as dist
    from torch.testing._internal.distributed.fake_pg import FakeStore

    dist.init_process_group("fake", rank=0, world_size=size, store=FakeStore())
    try:
        yield
    finally:
        dist.destroy_process_group()


def built(config, size):
    """The model, split and sharded by torchtitan, without memory: what arrived of the plan."""
    import torch
    from torchtitan.distributed import ParallelDims, pipeline_parallel, utils

    if config.parallelism.spmd_backend == "spmd_types" and not knows_spmd_types():
        config.parallelism.spmd_backend = "partial_dtensor"
    # As Trainer does before it builds the model.
    utils.set_spmd_backend(config.parallelism.spmd_backend)
    dims = ParallelDims.from_config(config.parallelism, size)
    training, parallelism = config.training, config.parallelism
    spec = config.model_spec
    spec.model.update_from_config(config=config)
    with torch.device("meta"):
        model = spec.model.build()
    parameters = sum(value.numel() for value in model.parameters())
    common = dict(
        parallel_dims=dims, training=training, parallelism=parallelism, compile_config=config.compile,
        ac_config=config.activation_checkpoint, dump_folder=config.dump_folder,
    )
    batches = training.local_batch_size // parallelism.pipeline_parallel_microbatch_size
    if dims.pp > 1:
        loss = config.loss.build(compile_config=config.compile)
        schedule, parts, _, _ = spec.pipelining_fn(
            model, device=torch.device("cpu"), model_config=spec.model, parallelize_fn=spec.parallelize_fn,
            loss_fn=loss, **common,
        )
        batches = schedule._n_microbatches
        order = type(schedule).__name__
        chunks = len(parts)
    else:
        parts, order, chunks = [spec.parallelize_fn(model, **common)], "none", 1
        share = training.local_batch_size * dims.dp_replicate * dims.dp_shard
        if training.global_batch_size % share:
            raise Refused(f"the batch {training.global_batch_size} is no multiple of {share}")
        batches = training.global_batch_size // share
    # Layers of rank 0's parts, and of all stages by the names of the modules.
    own = sum(len(part.layers) for part in parts)
    named = parallelism.module_fqns_per_model_part
    layers = [len(spec.model.layers)]
    if named:
        each = [sum(name.startswith("layers.") for name in part) for part in named]
        layers = [sum(each[stage :: dims.pp]) for stage in range(dims.pp)]
        mapping = pipeline_parallel._get_pp_rank_to_stage_indices_mapping
        for rank in range(dims.pp):
            mapping(rank, dims.pp, parallelism.pipeline_parallel_schedule, len(named))
    if own != layers[0]:
        raise Refused(f"rank 0 has {own} layers, not {layers[0]}")
    block = next(iter(parts[0].layers.values()))
    resharded = block._get_fsdp_state()._fsdp_param_group.post_forward_mesh_info is not None
    return dict(
        dataParallel=dims.dp_replicate * dims.dp_shard, tensorParallel=dims.tp, contextParallel=dims.cp,
        zero=[3 if resharded else 2] * dims.pp, layers=layers, chunks=chunks, microBatches=batches,
        parameters=parameters, order=order,
    )


ORDERS = {
    "1f1b": ["none", "Schedule1F1B"], "interleaved": ["ScheduleInterleaved1F1B"], "gpipe": ["ScheduleGPipe"],
    "zb-h1": ["ScheduleInterleavedZeroBubble"],
}


def wanted(file):
    """What the plan says, by the names of what arrives."""
    plan, run = file["plan"], file["workload"]["run"]
    stages = plan["stages"]
    first = stages[0]
    return dict(
        gpus=sum(stage["nodes"] * stage["gpusPerNode"] for stage in stages), dataParallel=first["dataParallel"],
        tensorParallel=first["tensorParallel"], contextParallel=plan["contextParallel"],
        zero=[stage["zero"] for stage in stages], layers=[stage["layers"] for stage in stages],
        chunks=plan["interleave"], microBatch=first["microBatch"], microBatches=plan["gradientAccumulation"],
        batch=run["batch"], sequence=run["sequence"], runtime=run["runtime"],
        recompute=first["recompute"] if first["checkpointedLayers"] else "none",
        parameters=parameters(file["workload"]["model"]),
    )


def parameters(model):
    """Parameters of a Llama: embedding, head unless it is the same, layers, norms."""
    width, heads, groups = model["hidden"], model["heads"], model["keyValueHeads"]
    projected = (heads + 2 * groups) * model["headWidth"]
    layer = width * projected + heads * model["headWidth"] * width + 3 * width * model["feedForward"] + 2 * width
    layer += projected if model["queryKeyValueBias"] else 0
    tables = (1 if model["tiedEmbeddings"] else 2) * model["vocabulary"] * width
    return tables + model["layers"] * layer + width


def check(folder):
    """What arrived, as one line."""
    nodes, gpus, arguments, folders = launch(folder)
    config = configuration(arguments, folders)
    training, compiled = config.training, config.compile
    divisor = config.parallelism.tensor_parallel_degree if config.parallelism.enable_sequence_parallel else 1
    cp = config.parallelism.context_parallel_degree
    if training.seq_len % (divisor * (2 * cp if cp > 1 else 1)):
        raise Refused(f"sequences of {training.seq_len} do not divide as the trainer wants")
    with silent_group(nodes * gpus):
        found = built(config, nodes * gpus)
    policy = type(config.activation_checkpoint).__qualname__
    found.update(
        gpus=nodes * gpus, batch=training.global_batch_size, sequence=training.seq_len,
        microBatch=config.parallelism.pipeline_parallel_microbatch_size
        if config.parallelism.pipeline_parallel_degree > 1
        else training.local_batch_size,
        recompute={"FullAC.Config": "full", "SelectiveAC.Config": "selective-op", "NoneType": "none"}[policy],
        runtime="torchtitan-async" if compiled.enable_async_tensor_parallel
        else "torchtitan-compiled" if compiled.enable else "torchtitan",
    )
    file = yaml.safe_load((folder / "plan.yaml").read_text())
    # One rank has nothing to shard: the levels are alike.
    compare(found, wanted(file), ["zero"] if found["dataParallel"] * found["contextParallel"] == 1 else [])
    chunks = file["plan"]["interleave"] > 1
    name = "interleaved" if chunks else file["plan"]["schedule"]
    if found["order"] not in ORDERS[name]:
        raise Refused(f"the schedule is {found['order']}, not {name}")
    shown = "dataParallel tensorParallel contextParallel zero layers chunks microBatch microBatches recompute order".split()
    return ", ".join(f"{key} {found[key]}" for key in shown)


def main():
    folders = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    if not folders:
        sys.exit(__doc__)
    print(f"torchtitan {importlib.metadata.version('torchtitan')}, torch {importlib.metadata.version('torch')}")
    if not knows_spmd_types():
        print("this torch has no spmd_types: sharded with the backend partial_dtensor")
    run(folders, check)


if __name__ == "__main__":
    main()
