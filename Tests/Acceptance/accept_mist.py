#!/usr/bin/env python3
"""Gives exported folders to Mist's own configuration code and checks that the plan arrived.

    MIST_SOURCE=CHECKOUT python3 accept_mist.py FOLDER...

Each folder holds mist.yaml and train.sh. OmegaConf reads the YAML and Mist's MistConfig takes and verifies it (what its
runner does first); its map of stages to GPUs places the stages. CHECKOUT is github.com/Dazz993/Mist at d69e530. Kernels,
models and the runner itself need GPUs and are not started. An expected.json in a folder says what is to be found. Exit
code 1 where Mist refuses or something else arrived.
"""

import importlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import types

STUB = """#!/usr/bin/env python3
import json, sys
print(json.dumps(sys.argv[1:]))
"""
GIBIBYTE = 1 << 30


class Refused(Exception):
    """What is wrong with a folder."""


def own_code(source):
    """Mist's modules of configuration; its packages' own __init__ would load GPU libraries."""
    for name in ("mist", "mist.model", "mist.utils"):
        package = types.ModuleType(name)
        package.__path__ = [str(source / name.replace(".", "/"))]
        sys.modules[name] = package
    config = importlib.import_module("mist.config")
    # The map of stages to ranks is a function without torch.
    text = (source / "mist/parallel_state.py").read_text()
    start = text.index("def _map_stage_idx_to_ranks")
    scope = {"List": list, "Tuple": tuple}
    exec(text[start : text.index("\n\n\n", start)], scope)
    return config, scope["_map_stage_idx_to_ranks"]


def launch(folder):
    """What train.sh gives torchrun."""
    with tempfile.TemporaryDirectory() as place:
        stub = pathlib.Path(place, "torchrun")
        stub.write_text(STUB)
        stub.chmod(0o755)
        environment = dict(os.environ, PATH=place + os.pathsep + os.environ["PATH"], MIST_HOME="/mist")
        done = subprocess.run(
            ["bash", str(folder / "train.sh")], env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        raise Refused(f"train.sh fails: {done.stderr.strip()}")
    words = json.loads(done.stdout)
    if "/mist/benchmark/mist/exec/benchmark_one_case.py" not in words:
        raise Refused("train.sh starts another program")
    if words[words.index("--config-path") + 1] != str(folder) or words[words.index("--config-name") + 1] != "mist":
        raise Refused("train.sh names another configuration")
    nodes = int(words[words.index("--nnodes") + 1]) if "--nnodes" in words else 1
    return nodes, int(words[words.index("--nproc-per-node") + 1])


def check(folder, code, stage_ranks):
    """What arrived, as one line."""
    from omegaconf import OmegaConf

    nodes, gpus = launch(folder)
    cfg = OmegaConf.load(folder / "mist.yaml")
    # As the runner does.
    cfg.strategy.enabled = True
    cfg.tuning.enabled = False
    os.environ["WORLD_SIZE"] = str(nodes * gpus)
    config = code.MistConfig.from_dict_config(cfg)
    strategy = config.strategy
    if strategy.pre_post_strategy != "preset":
        raise Refused("the runner takes a preset strategy of embedding and head alone")
    ranks = stage_ranks(strategy.device_assignment, (nodes, gpus))
    if sorted(rank for stage in ranks.values() for rank in stage) != list(range(nodes * gpus)):
        raise Refused("stages do not use each GPU once")
    for key in ("nccl_timeout", "profile", "tiny_bench", "memory_debug", "overlap", "use_memory_buffer"):
        getattr(config, key)
    rows = strategy.stage_strategies
    found = dict(
        gpus=nodes * gpus, dataParallel=rows[0][1], tensorParallel=rows[0][2],
        zero=[sum(row[3:6]) for row in rows], layers=list(strategy.layer_partitions),
        checkpointed=list(strategy.gradient_checkpointing), microBatch=rows[0][0],
        microBatches=strategy.gradient_accumulation_steps, batch=config.training.global_batch_size,
        sequence=config.training.max_sequence_length, offload=[[share * 8 for share in row[6:]] for row in rows],
        precision={"torch.float16": "fp16", "torch.bfloat16": "bf16"}[str(config.training.params_dtype)],
    )
    prefixes = ("gpt2", "llama", "falcon")
    if not config.model.name.startswith(prefixes):
        raise Refused(f"no class for the model {config.model.name}")
    wanted = folder / "expected.json"
    if wanted.exists():
        expected = json.loads(wanted.read_text())
        for key, value in found.items():
            if expected[key] != value:
                raise Refused(f"{key} is {value}, not {expected[key]}")
    shown = "dataParallel tensorParallel zero layers checkpointed microBatch microBatches".split()
    return ", ".join(f"{key} {found[key]}" for key in shown)


def main():
    folders = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    source = os.environ.get("MIST_SOURCE")
    if not folders or not source:
        sys.exit(__doc__)
    code, stage_ranks = own_code(pathlib.Path(source))
    print(f"Mist's configuration code of {source}")
    failures = 0
    for folder in folders:
        try:
            print(f"{folder.name}: {check(folder, code, stage_ranks)}")
        except Exception as error:  # Mist's code asserts
            failures += 1
            print(f"{folder.name}: REFUSED: {type(error).__name__}: {error}")
            if os.environ.get("VERBOSE"):
                raise
    print(f"{len(folders) - failures} of {len(folders)} accepted")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
