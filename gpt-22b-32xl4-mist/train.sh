#!/usr/bin/env bash
# Mist for gpt-22b-32xl4, from the explorer, by brume 0.1.0
# on 4x8 l4-vm, sequence 2048, batch 512
#
# Predicted on the runtime mist:
#   119.8 s an iteration (by measured runs: 100.8 to 156.1 s), 8755 tokens/s, MFU 31.6 %
#   21.26 GiB reserved on the fullest GPU
# Left out: saving checkpoints, evaluation, loading of data, failures and restarts.
# Hardware figures: measured.
# Score it again: brume import mist.yaml --from mist
#
# For github.com/Dazz993/Mist at d69e530, which measures steps on made-up tokens.
#
set -euo pipefail

# EDIT: what only you know; the environment wins over these lines.
# The folder of Mist's repository.
: "${MIST_HOME:=/workspace}"

# As Mist's own scripts: a rank that fails ends the others.
export NCCL_ASYNC_ERROR_HANDLING=1

exec torchrun \
  --nnodes 4 \
  --node-rank "${SLURM_NODEID:-${NODE_RANK:-0}}" \
  --master-addr "${MASTER_ADDR:-localhost}" \
  --master-port "${MASTER_PORT:-29500}" \
  --nproc-per-node 8 \
  "$MIST_HOME/benchmark/mist/exec/benchmark_one_case.py" \
  --config-path "$(cd -- "$(dirname -- "$0")" && pwd)" \
  --config-name mist \
  "$@"
