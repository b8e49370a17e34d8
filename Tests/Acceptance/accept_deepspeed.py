#!/usr/bin/env python3
"""Reads exported folders with DeepSpeed's, transformers' and Megatron-DeepSpeed's own code.

    accept_deepspeed.py [MEGATRON_DEEPSPEED_SOURCE] FOLDER...

DeepSpeedConfig reads ds_config.json with the plan's number of data-parallel ranks and asserts its batches. A plain model's
script goes through HfArgumentParser and transformers' own comparison with the JSON; one for pretrain_gpt.py through the
parser and the validation of Megatron-DeepSpeed's megatron/arguments.py, where its source is given. Runs on a CPU.
"""

import argparse
import importlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import types

import yaml


def words(folder):
    """The words that train.sh gives to torchrun, which is not started."""
    with tempfile.TemporaryDirectory() as tools:
        stand_in = pathlib.Path(tools) / "torchrun"
        stand_in.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
        stand_in.chmod(0o755)
        path = tools + os.pathsep + os.environ["PATH"]
        done = subprocess.run(
            ["bash", "train.sh"], cwd=folder, env={"PATH": path}, capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


def check(what, found, expected, problems):
    if found != expected:
        problems.append(f"{what}: the launcher has {found!r}, the plan {expected!r}")


class Ranks:
    """Stands for Megatron's model-parallel unit: DeepSpeed asks it for the data-parallel ranks."""

    def __init__(self, count):
        self.count = count

    def get_data_parallel_world_size(self):
        return self.count


def check_configuration(path, plan, workload, problems):
    """DeepSpeed's own reading of the JSON; it asserts its batches, and its pydantic models refuse unknown keys."""
    from deepspeed import comm
    from deepspeed.runtime.config import DeepSpeedConfig

    stage = plan["stages"][0]
    comm.get_rank = lambda *_: 0
    config = DeepSpeedConfig(str(path), mpu=Ranks(stage["dataParallel"]))
    check("data-parallel ranks", config.world_size, stage["dataParallel"], problems)
    check("train_batch_size", config.train_batch_size, workload["run"]["batch"], problems)
    check("micro-batch", config.train_micro_batch_size_per_gpu, stage["microBatch"], problems)
    check("accumulation", config.gradient_accumulation_steps, plan["gradientAccumulation"], problems)
    check("fp16", config.float16_config.enabled, workload["run"]["precision"] == "fp16", problems)
    check("bf16", config.bfloat16_config.enabled, workload["run"]["precision"] == "bf16", problems)
    zero, shares = config.zero_config, stage["offload"]
    if stage["dataParallel"] > 1:
        check("ZeRO level", int(zero.stage), stage["zero"], problems)
    check("overlap_comm", zero.overlap_comm, int(zero.stage) == 3, problems)
    host = zero.offload_optimizer
    share = host.ratio if host is not None and host.device == "cpu" else 0
    check("share of optimizer states on the host", share, shares["optimizer"], problems)
    weights = zero.offload_param is not None and zero.offload_param.device == "cpu"
    check("weights on the host", weights, shares["weights"] == 1, problems)
    defaults = type(zero)(stage=int(zero.stage))
    for name in ("reduce_bucket_size", "max_live_parameters", "max_reuse_distance", "prefetch_bucket_size",
                 "param_persistence_threshold", "overlap_comm", "contiguous_gradients", "reduce_scatter"):
        check(f"the default of {name}", getattr(zero, name), getattr(defaults, name), problems)
    return config


def check_trainer(folder, own, plan, workload, problems):
    """transformers' comparison of Trainer's arguments with the JSON."""
    from transformers import HfArgumentParser, TrainingArguments
    from transformers.integrations.deepspeed import HfTrainerDeepSpeedConfig

    stage = plan["stages"][0]
    read, rest = HfArgumentParser(TrainingArguments).parse_known_args(own)
    mine = ["--model_name_or_path", "--dataset_name", "--max_length", "--attn_implementation"]
    check("arguments that Trainer does not have", [word for word in rest if word.startswith("--")], mine, problems)
    check("--deepspeed", read.deepspeed, "ds_config.json", problems)
    recomputes = any(part["checkpointedLayers"] > 0 for part in plan["stages"])
    check("recomputation", bool(read.gradient_checkpointing), recomputes, problems)
    read.world_size = stage["dataParallel"]
    config = HfTrainerDeepSpeedConfig(str(folder / "ds_config.json"))
    config.trainer_config_process(read)
    check("mismatches of Trainer's arguments and the JSON", config.mismatches, [], problems)
    check("learning rate of the JSON", config.get_value("optimizer.params.lr"), read.learning_rate, problems)


def megatron_arguments(source):
    """Megatron-DeepSpeed's module of arguments, without the modules that need a GPU or extensions."""
    sys.path.insert(0, str(source))

    def package(name, path=None, **contents):
        module = types.ModuleType(name)
        if path is not None:
            module.__path__ = [str(path)]
        for key, value in contents.items():
            setattr(module, key, value)
        sys.modules[name] = module
        return module

    package("megatron", source / "megatron")
    package(
        "megatron.global_vars", set_retro_args=lambda *_: None, get_retro_args=lambda *_: None)
    package("tools", source / "tools")
    package("tools.retro", source / "tools" / "retro")
    package("tools.retro.utils", get_args_path=lambda folder: folder)
    core = package("megatron.core", source / "megatron" / "core")
    parallel = importlib.import_module("megatron.core.model_parallel_config")
    core.ModelParallelConfig = parallel.ModelParallelConfig
    transformer = package("megatron.core.transformer", source / "megatron" / "core" / "transformer")
    package("megatron.core.utils", init_method_normal=lambda *_: None, scaled_init_method_normal=lambda *_: None)
    config = importlib.import_module("megatron.core.transformer.transformer_config")
    transformer.TransformerConfig = config.TransformerConfig
    return importlib.import_module("megatron.arguments")


def check_megatron(module, own, plan, workload, problems):
    """The parser and the validation of Megatron-DeepSpeed, for all ranks."""
    stages, run, model = plan["stages"], workload["run"], workload["model"]
    ranks = sum(stage["nodes"] * stage["gpusPerNode"] for stage in stages)
    os.environ.update({"WORLD_SIZE": str(ranks), "RANK": "1", "CUDA_DEVICE_MAX_CONNECTIONS": "1"})
    argv, sys.argv = sys.argv, ["pretrain_gpt.py", *own]
    try:
        read = module.parse_args()
    finally:
        sys.argv = argv
    module.validate_args(read, {"tokenizer_type": "GPT2BPETokenizer"})
    stage = stages[0]
    expected = {
        "tensor_model_parallel_size": stage["tensorParallel"], "pipeline_model_parallel_size": len(stages),
        "data_parallel_size": stage["dataParallel"], "micro_batch_size": stage["microBatch"],
        "global_batch_size": run["batch"], "seq_length": run["sequence"], "num_layers": model["layers"],
        "hidden_size": model["hidden"], "ffn_hidden_size": model["feedForward"],
        "num_attention_heads": model["heads"], "num_key_value_heads": model["keyValueHeads"],
        "kv_channels": model["headWidth"], "swiglu": model["gatedFeedForward"], "normalization": model["normalization"],
        "add_bias_linear": model["linearBias"], "use_flash_attn": run["attention"] == "flash",
        "untie_embeddings_and_output_weights": not model["tiedEmbeddings"], "deepspeed": True,
        "ds_pipeline_enabled": len(stages) > 1, run["precision"]: True,
        "add_position_embedding": model["positions"] == "learned",
        "use_rotary_position_embeddings": model["positions"] == "rotary",
    }
    if stage["dataParallel"] > 1:
        expected["zero_stage"] = stage["zero"]
    for name, value in expected.items():
        check(name, getattr(read, name), value, problems)
    micro = stage["microBatch"] * stage["dataParallel"]
    check("micro-batches of a step", read.global_batch_size // micro, plan["gradientAccumulation"], problems)
    working = [part for part in stages if part["checkpointedLayers"] > 0]
    kind = working[0]["recompute"] if working else None
    check("recomputation", read.recompute_granularity, kind, problems)
    padded = read.make_vocab_size_divisible_by * read.tensor_model_parallel_size
    check("padded vocabulary", padded, model["vocabulary"], problems)
    config = module.core_transformer_config_from_args(read)
    check("layers of the core configuration", config.num_layers, model["layers"], problems)


def accept(folder, module, problems):
    saved = yaml.safe_load((folder / "plan.yaml").read_text())
    plan, workload = saved["plan"], saved["workload"]
    check_configuration(folder / "ds_config.json", plan, workload, problems)
    given = words(folder)
    at = next(index for index, word in enumerate(given) if word.endswith(".py"))
    own = given[at + 1:]
    gpus = sum(stage["nodes"] * stage["gpusPerNode"] for stage in plan["stages"])
    nodes = int(given[given.index("--nnodes") + 1]) if "--nnodes" in given[:at] else 1
    check("ranks", nodes * int(given[given.index("--nproc-per-node") + 1]), gpus, problems)
    if given[at] == "train.py":
        check_trainer(folder, own, plan, workload, problems)
        return "plain model"
    if module is None:
        return "Megatron-DeepSpeed's arguments not read: no source was given"
    check_megatron(module, own, plan, workload, problems)
    return "Megatron-DeepSpeed"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=pathlib.Path, metavar="FOLDER")
    folders = [path.resolve() for path in parser.parse_args().paths]
    source = folders.pop(0) if (folders[0] / "pretrain_gpt.py").exists() else None
    import deepspeed
    import transformers

    print(f"deepspeed {deepspeed.__version__}, transformers {transformers.__version__}")
    module = megatron_arguments(source) if source else None
    failures = 0
    for folder in folders:
        problems, how = [], ""
        try:
            how = accept(folder, module, problems)
        except (Exception, SystemExit) as error:  # the launcher's own refusal, whatever it is
            problems.append(f"refused: {type(error).__name__}: {error}")
        print(f"{folder.name}: " + (f"accepted ({how})" if not problems else "; ".join(problems)))
        failures += bool(problems)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
