#!/usr/bin/env python3
"""Gives exported folders to Mist's own configuration code and checks that the plan arrived.

    python3 accept_mist.py [CHECKOUT] FOLDER...

Each folder holds mist.yaml, train.sh and plan.yaml. OmegaConf reads the YAML; Mist's MistConfig takes and verifies it (what
its runner does first), and its map of stages to GPUs places the stages. CHECKOUT is github.com/Dazz993/Mist at d69e530;
without it only the keys of its published files are checked, which is said. Kernels, models and the runner need GPUs and
are not started. Exit code 1 where Mist refuses or something else arrived.
"""

import importlib
import os
import pathlib
import sys
import types

import yaml

from folders import Refused, compare, run, shape, torchrun

# The keys of benchmark/mist/configs/test-small-base.yaml at d69e530 that the runner reads.
KEYS = {
    "training": "max_sequence_length vocab_size global_batch_size params_dtype exec_dtype optimizer_dtype autocast_enabled "
    "optimizer_name",
    "hardware": "gpu_type num_nodes num_gpus_per_node gpu_gpu_comm_params cpu_gpu_comm_params gpu_cpu_comm_params "
    "interference_model_params nvlink memory_capacity",
    "strategy": "enabled layer_partitions device_assignment gradient_checkpointing gradient_accumulation_steps "
    "stage_strategies pre_post_strategy pre_post_strategy_array",
    "tuning": "enabled",
    "model": "name hidden_size intermediate_size num_hidden_layers num_attention_heads num_heads_kv vocab_size "
    "position_embedding_type normalization mlp_type activation_function use_flash_attn",
}


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
    words, _ = torchrun(folder, MIST_HOME="/mist")
    if "/mist/benchmark/mist/exec/benchmark_one_case.py" not in words:
        raise Refused("train.sh starts another program")
    if words[words.index("--config-path") + 1] != str(folder) or words[words.index("--config-name") + 1] != "mist":
        raise Refused("train.sh names another configuration")
    return shape(words)


def check_keys(config):
    """Refuses a configuration that lacks a key of the published files."""
    for block, names in KEYS.items():
        for name in names.split():
            if name not in config.get(block, {}):
                raise Refused(f"{block}.{name} is missing")
    lengths = {"gpu_gpu_comm_params": 32, "interference_model_params": 28}
    for name, length in lengths.items():
        if len(config["hardware"][name]) != length:
            raise Refused(f"hardware.{name} has {len(config['hardware'][name])} values, not {length}")


def check_code(folder, code, stage_ranks, nodes, gpus):
    """Lets Mist's own code take the configuration."""
    from omegaconf import OmegaConf

    cfg = OmegaConf.load(folder / "mist.yaml")
    # As the runner does.
    cfg.strategy.enabled = True
    cfg.tuning.enabled = False
    os.environ["WORLD_SIZE"] = str(nodes * gpus)
    config = code.MistConfig.from_dict_config(cfg)
    if config.strategy.pre_post_strategy != "preset":
        raise Refused("the runner takes a preset strategy of embedding and head alone")
    ranks = stage_ranks(config.strategy.device_assignment, (nodes, gpus))
    if sorted(rank for stage in ranks.values() for rank in stage) != list(range(nodes * gpus)):
        raise Refused("stages do not use each GPU once")
    for key in ("nccl_timeout", "profile", "tiny_bench", "memory_debug", "overlap", "use_memory_buffer"):
        getattr(config, key)


def check(folder, code, stage_ranks):
    """What arrived, as one line."""
    nodes, gpus = launch(folder)
    config = yaml.safe_load((folder / "mist.yaml").read_text())
    check_keys(config)
    if code:
        check_code(folder, code, stage_ranks, nodes, gpus)
    strategy, training = config["strategy"], config["training"]
    rows = strategy["stage_strategies"]
    found = dict(
        gpus=nodes * gpus, dataParallel=[row[1] for row in rows], tensorParallel=[row[2] for row in rows],
        zero=[sum(row[3:6]) for row in rows], layers=strategy["layer_partitions"],
        checkpointed=strategy["gradient_checkpointing"], microBatch=[row[0] for row in rows],
        microBatches=strategy["gradient_accumulation_steps"], batch=training["global_batch_size"],
        sequence=training["max_sequence_length"], offload=[row[6:] for row in rows],
        meshes=strategy["device_assignment"],
        precision={"float16": "fp16", "bfloat16": "bf16"}[training["params_dtype"]],
    )
    if not config["model"]["name"].startswith(("gpt2", "llama", "falcon")):
        raise Refused(f"no class for the model {config['model']['name']}")
    compare(found, wanted(yaml.safe_load((folder / "plan.yaml").read_text())))
    shown = "dataParallel tensorParallel zero layers checkpointed microBatch microBatches".split()
    return ", ".join(f"{key} {found[key]}" for key in shown)


def wanted(file):
    """What the plan says, by the names of what arrives."""
    plan, run = file["plan"], file["workload"]["run"]
    stages = plan["stages"]
    shares = "weights gradients optimizer activations".split()
    return dict(
        gpus=sum(stage["nodes"] * stage["gpusPerNode"] for stage in stages),
        dataParallel=[stage["dataParallel"] for stage in stages],
        tensorParallel=[stage["tensorParallel"] for stage in stages], zero=[stage["zero"] for stage in stages],
        layers=[stage["layers"] for stage in stages], checkpointed=[stage["checkpointedLayers"] for stage in stages],
        microBatch=[stage["microBatch"] for stage in stages], microBatches=plan["gradientAccumulation"],
        batch=run["batch"], sequence=run["sequence"], precision=run["precision"],
        offload=[[stage["offload"][name] for name in shares] for stage in stages],
        meshes=[[stage["nodes"], stage["gpusPerNode"]] for stage in stages],
    )


def main():
    folders = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
    code, stage_ranks = None, None
    if folders and (folders[0] / "mist/config.py").exists():
        code, stage_ranks = own_code(folders.pop(0))
        print("Mist's own configuration code")
    else:
        print("without Mist's source: checked against the keys of its published files alone")
    if not folders:
        sys.exit(__doc__)
    run(folders, lambda folder: check(folder, code, stage_ranks))


if __name__ == "__main__":
    main()
