#!/usr/bin/env python3
"""Asks Megatron-LM's own code whether it accepts exported training scripts.

    accept_megatron.py SOURCE FOLDER...

SOURCE is a checkout of Megatron-LM; each FOLDER holds a `train.sh` and, where there is one, the `plan.yaml` that it came
from. Bash runs the script with a `torchrun` that only notes its words. PyTorch's torchrun reads its own options;
Megatron-LM's parser, `validate_args`, and the configurations of the transformer, the optimizer and the stages read the
rest, on a machine without GPUs (what they ask CUDA is answered here). What arrived is compared with the plan.

Needs PyTorch and PyYAML. Exits with 1 where anything is refused or differs.
"""

import contextlib
import dataclasses
import importlib.machinery
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback
import types
import typing

NOTE = """#!{python}
import json, os, sys
keep = ("CUDA_DEVICE_MAX_CONNECTIONS", "PYTORCH_CUDA_ALLOC_CONF")
json.dump({{"words": sys.argv[1:], "environment": {{k: os.environ[k] for k in keep if k in os.environ}}}},
          open({path!r}, "w"))
"""


def words_of(folder, source):
    """What bash gives to torchrun, and the environment that the script sets."""
    with tempfile.TemporaryDirectory() as temporary:
        note = pathlib.Path(temporary, "note.json")
        fake = pathlib.Path(temporary, "torchrun")
        fake.write_text(NOTE.format(python=sys.executable, path=str(note)))
        fake.chmod(0o755)
        environment = {"PATH": f"{temporary}:/usr/bin:/bin", "HOME": temporary, "MEGATRON_PATH": str(source)}
        subprocess.run(["bash", str(folder / "train.sh")], check=True, env=environment, cwd=temporary)
        return json.loads(note.read_text())


def prepare(source):
    """Makes SOURCE importable where there is no GPU, no Triton and no Transformer Engine."""
    import torch

    sys.path.insert(0, str(source))
    if not hasattr(typing, "override"):
        typing.override = lambda method: method
    try:
        import triton  # noqa: F401
    except ImportError:
        sys.meta_path.append(Stand("triton"))
    # Nothing is computed: functions stay as they are written.
    torch.compile = lambda function=None, **_: function if function else lambda other: other
    device = types.SimpleNamespace(major=9, minor=0, multi_processor_count=132, name="H100", total_memory=80 << 30)
    torch.cuda.get_device_properties = lambda *_, **__: device
    torch.cuda.get_device_capability = lambda *_, **__: (device.major, device.minor)
    torch.cuda.current_device = lambda: 0


class Stand:
    """Finds modules of a package that is not installed: whatever is asked of them is there and does nothing."""

    def __init__(self, package):
        self.package = package

    def find_spec(self, name, path=None, target=None):
        if name == self.package or name.startswith(self.package + "."):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__ = []
        module.__getattr__ = self.attribute
        module.__version__ = "3.4.0"
        return module

    @staticmethod
    def attribute(name):
        """A class where the name looks like one, else something that can be called; no special names."""
        if name.startswith("__"):
            raise AttributeError(name)
        empty = {"__init__": lambda self, *_, **__: None}
        return type(name, (), empty) if name[0].isupper() else Nothing()

    def exec_module(self, module):
        pass


class Nothing:
    """Stands for any decorator, function or type."""

    def __call__(self, *arguments, **_):
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else self

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _):
        return self

    def __or__(self, _):
        return self

    __ror__ = __or__


def megatron_arguments(words, environment, world):
    """The words as Megatron-LM's own code reads them, with its configurations."""
    from megatron.core.models.common.embeddings import rope_utils
    from megatron.core.optimizer import OptimizerConfig
    from megatron.training import arguments
    from megatron.training.argument_utils import core_transformer_config_from_args

    for name in ("CUDA_DEVICE_MAX_CONNECTIONS", "PYTORCH_CUDA_ALLOC_CONF"):
        os.environ.pop(name, None)
    os.environ.update(environment, RANK="0", WORLD_SIZE=str(world))
    # Transformer Engine has the fused rotation; here it only has to be there.
    if rope_utils.fused_apply_rotary_pos_emb is None:
        rope_utils.fused_apply_rotary_pos_emb = rope_utils.fused_apply_rotary_pos_emb_thd = Nothing()
    sys.argv = ["pretrain_gpt.py"] + words
    args = arguments.parse_args()
    arguments.validate_args(args, {"tokenizer_type": "GPT2BPETokenizer"})
    config = core_transformer_config_from_args(args)
    names = [field.name for field in dataclasses.fields(OptimizerConfig)]
    optimizer = OptimizerConfig(**{name: getattr(args, name) for name in names if hasattr(args, name)})
    return args, config, optimizer


def layers_of(args, config):
    """Layers of each chunk of each stage, by Megatron-LM's own count."""
    from megatron.core import parallel_state
    from megatron.core.transformer.transformer_block import get_num_layers_to_build

    chunks = args.virtual_pipeline_model_parallel_size
    parallel_state.set_virtual_pipeline_model_parallel_world_size(chunks)
    stages = []
    for rank in range(args.pipeline_model_parallel_size):
        parallel_state.set_pipeline_model_parallel_rank(rank)
        stages.append([get_num_layers_to_build(config, vp_stage=chunk if chunks else None, pp_rank=rank)
                       for chunk in range(chunks or 1)])
    return stages


def expected(document):
    """What a plan file says, in Megatron-LM's terms."""
    plan, model, run = document["plan"], document["workload"]["model"], document["workload"]["run"]
    stages, first = plan["stages"], plan["stages"][0]
    recomputed = [stage for stage in stages if stage["checkpointedLayers"] > 0]
    return {
        "tensor_model_parallel_size": first["tensorParallel"],
        "pipeline_model_parallel_size": len(stages),
        "context_parallel_size": plan["contextParallel"],
        "data_parallel_size": first["dataParallel"],
        "micro_batch_size": first["microBatch"],
        "global_batch_size": run["batch"],
        "seq_length": run["sequence"],
        "sequence_parallel": plan["sequenceParallel"] and first["tensorParallel"] > 1,
        "use_distributed_optimizer": first["zero"] > 0 or first["offload"]["optimizer"] > 0,
        "layers": [[stage["layers"] // plan["interleave"]] * plan["interleave"] for stage in stages],
        "recompute_granularity": recomputed[0]["recompute"] if recomputed else None,
        "recomputed": [stage["checkpointedLayers"] // plan["interleave"] for stage in stages],
        "offload": first["offload"]["optimizer"],
        "micro_batches": plan["gradientAccumulation"],
        "hidden_size": model["hidden"], "num_layers": model["layers"], "ffn_hidden_size": model["feedForward"],
        "num_attention_heads": model["heads"], "kv_channels": model["headWidth"],
        "num_query_groups": model["keyValueHeads"], "padded_vocab_size": model["vocabulary"],
        "gated": model["gatedFeedForward"], "linear_bias": model["linearBias"],
        "qkv_bias": model["queryKeyValueBias"], "tied": model["tiedEmbeddings"],
    }


def arrived(args, config, optimizer):
    """The same of what Megatron-LM read."""
    layers = layers_of(args, config)
    if config.recompute_granularity == "full":
        recomputed = [min(config.recompute_num_layers, stage[0]) for stage in layers]
    else:
        recomputed = [stage[0] if config.recompute_granularity else 0 for stage in layers]
    step = args.micro_batch_size * args.data_parallel_size
    values = {name: getattr(args, name) for name in (
        "tensor_model_parallel_size", "pipeline_model_parallel_size", "context_parallel_size", "data_parallel_size",
        "micro_batch_size", "global_batch_size", "seq_length", "sequence_parallel", "use_distributed_optimizer",
        "recompute_granularity", "padded_vocab_size")}
    values.update({name: getattr(config, name) for name in (
        "hidden_size", "num_layers", "ffn_hidden_size", "num_attention_heads", "kv_channels", "num_query_groups")})
    values.update(
        layers=layers, recomputed=recomputed, micro_batches=args.global_batch_size / step,
        offload=optimizer.optimizer_offload_fraction if optimizer.optimizer_cpu_offload else 0.0,
        gated=config.gated_linear_unit, linear_bias=config.add_bias_linear,
        qkv_bias=config.add_bias_linear or config.add_qkv_bias, tied=not args.untie_embeddings_and_output_weights)
    return values


def accept(folder, source):
    """What is wrong with a folder's script: lines of text, none where all is well."""
    import yaml
    from torch.distributed.run import get_args_parser

    noted = words_of(folder, source)
    launcher = get_args_parser().parse_args(noted["words"])
    world = int(launcher.nnodes.split(":")[-1]) * int(launcher.nproc_per_node)
    quiet = io.StringIO()
    try:
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
            args, config, optimizer = megatron_arguments(launcher.training_script_args, noted["environment"], world)
            found = arrived(args, config, optimizer)
    except (Exception, SystemExit):
        last = traceback.format_exc().strip().splitlines()[-1]
        told = quiet.getvalue().strip().splitlines()[-1:]
        return [f"refused: {last} {' '.join(told)}".strip()]
    if not (folder / "plan.yaml").exists():
        return []
    wanted = expected(yaml.safe_load((folder / "plan.yaml").read_text()))
    return [f"{name}: Megatron-LM has {found[name]}, the plan {wanted[name]}" for name in wanted
            if found[name] != wanted[name]]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    source = pathlib.Path(sys.argv[1]).resolve()
    prepare(source)
    quiet = io.StringIO()
    with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet):
        from megatron.core.package_info import __version__ as version
        import torch
    print(f"Megatron Core {version}, PyTorch {torch.__version__}")
    failures = 0
    folders = [pathlib.Path(name).resolve() for name in sys.argv[2:]]
    for folder in folders:
        problems = accept(folder, source)
        failures += bool(problems)
        for problem in problems:
            print(f"{folder.name}: {problem}")
    print(f"{len(folders) - failures} of {len(folders)} accepted")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
