#!/usr/bin/env python3
"""Reads exported folders with Accelerate's and transformers' own code.

    accept_accelerate.py FOLDER...

The script's words go to the parser of `accelerate launch` with the configuration that they name; the environment that it
would set makes the FSDP plugin; the program's arguments and training_arguments.json go to HfArgumentParser. Runs on a CPU.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import yaml


def words(folder, program):
    """The words that train.sh gives to a program, which is not started."""
    with tempfile.TemporaryDirectory() as tools:
        stand_in = pathlib.Path(tools) / program
        stand_in.write_text("#!/bin/sh\nprintf '%s\\0' \"$@\"\n")
        stand_in.chmod(0o755)
        path = tools + os.pathsep + os.environ["PATH"]
        done = subprocess.run(
            ["bash", "train.sh"], cwd=folder, env={"PATH": path}, capture_output=True, text=True, check=True)
    return done.stdout.split("\0")[:-1]


def plan_of(folder):
    """The plan and the workload in the exported plan's own file."""
    saved = yaml.safe_load((folder / "plan.yaml").read_text())
    return saved["plan"], saved["workload"]


def check(what, found, expected, problems):
    if found != expected:
        problems.append(f"{what}: the launcher has {found!r}, the plan {expected!r}")


def launch(folder, given, problems):
    """What `accelerate launch` makes of the words: its arguments, and the environment of the processes."""
    from accelerate.commands import launch as launcher
    from accelerate.utils.launch import prepare_multi_gpu_env

    parser = launcher.launch_command_parser()
    arguments = parser.parse_args(given)
    # It would look for GPUs, of which a plain machine has none.
    launcher.is_bf16_available = lambda *_: True
    arguments, _, _ = launcher._validate_launch_command(arguments)
    check("use_fsdp", bool(arguments.use_fsdp), True, problems)
    return arguments, prepare_multi_gpu_env(arguments)


def accept(folder, problems):
    import accelerate.utils.dataclasses as plugins
    from accelerate.commands.config.config_args import load_config_from_file
    from transformers import HfArgumentParser, TrainingArguments, training_args

    plan, workload = plan_of(folder)
    stage = plan["stages"][0]
    given = words(folder, "accelerate")
    if given[0] != "launch":
        problems.append(f"train.sh starts accelerate {given[0]}")
        return
    here = os.getcwd()
    os.chdir(folder)
    try:
        configuration = load_config_from_file("accelerate.yaml")
        arguments, environment = launch(folder, given[1:], problems)
        processes = sum(part["nodes"] * part["gpusPerNode"] for part in plan["stages"])
        check("processes", configuration.num_processes, processes, problems)
        check("machines", arguments.num_machines, max(1, stage["nodes"]), problems)
        saved = dict(os.environ)
        os.environ.update({key: value for key, value in environment.items() if key.startswith(("FSDP", "ACCELERATE"))})
        # Without a GPU the plugin has no device to broadcast from: FSDP2 needs none.
        plugin = plugins.FullyShardedDataParallelPlugin()
        os.environ.clear()
        os.environ.update(saved)
        check("fsdp_version", plugin.fsdp_version, 2, problems)
        check("reshard_after_forward", plugin.reshard_after_forward, stage["zero"] == 3, problems)
        check("activation_checkpointing", plugin.activation_checkpointing, stage["checkpointedLayers"] > 0, problems)
        check("cpu offload", type(plugin.cpu_offload).__name__ in ("NoneType", "OffloadPolicy", "bool"), True, problems)
        precision = workload["run"]["precision"]
        check("mixed_precision", configuration.mixed_precision, precision, problems)

        training_args.is_torch_bf16_gpu_available = lambda: True
        own = arguments.training_script_args
        namespace, rest = HfArgumentParser(TrainingArguments).parse_known_args(own)
        text = json.loads(pathlib.Path("training_arguments.json").read_text())
        for source, read in (("train.sh", vars(namespace)), ("training_arguments.json", text)):
            check(f"micro-batch of {source}", read["per_device_train_batch_size"], stage["microBatch"], problems)
            check(
                f"accumulation of {source}", read["gradient_accumulation_steps"], plan["gradientAccumulation"], problems)
            check(f"{precision} of {source}", read.get(precision), True, problems)
            check(f"recomputation of {source}", bool(read.get("gradient_checkpointing")), False, problems)
        unread = [word for word in rest if word.startswith("--")]
        mine = ["--model_name_or_path", "--dataset_name", "--max_length", "--attn_implementation"]
        check("arguments that Trainer does not have", unread, mine, problems)
        (made,) = HfArgumentParser(TrainingArguments).parse_json_file("training_arguments.json")
        check("sync_each_batch", made.accelerator_config.gradient_accumulation_kwargs, {"sync_each_batch": True}, problems)
    finally:
        os.chdir(here)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    folders = parser.parse_args().folders
    import accelerate
    import transformers

    print(f"accelerate {accelerate.__version__}, transformers {transformers.__version__}")
    failures = 0
    for folder in folders:
        problems = []
        try:
            accept(folder.resolve(), problems)
        except (Exception, SystemExit) as error:  # the launcher's own refusal, whatever it is
            problems.append(f"refused: {type(error).__name__}: {error}")
        print(f"{folder.name}: " + ("accepted" if not problems else "; ".join(problems)))
        failures += bool(problems)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
