/// The script that collects on a compute node what `brume detect` reads.
public enum DetectScript {
  /// POSIX shell; it reads, and writes one file of its own.
  public static let text = """
    #!/bin/sh
    # What brume detect reads of a compute node, in one file. It changes nothing on the machine.
    #   sh brume-detect.sh                                     (on a compute node, with all of its GPUs)
    #   srun -N1 --exclusive --gpus-per-node=8 sh brume-detect.sh   (from a Slurm login node; your number of GPUs)
    #   brume detect --from brume-detect.txt --out my-cluster.yaml
    out=${1:-brume-detect.txt}
    if [ -e "$out" ]; then
      echo "$out exists; give another name: sh $0 NAME" >&2
      exit 1
    fi
    run() {
      command -v "$1" >/dev/null 2>&1 || return 0
      echo "== $*"
      if command -v timeout >/dev/null 2>&1; then timeout 60 "$@" 2>/dev/null; else "$@" 2>/dev/null; fi
      echo
    }
    {
      run nvidia-smi --query-gpu=name,memory.total,pcie.link.gen.max,pcie.link.width.max,power.limit --format=csv
      run nvidia-smi -L
      run nvidia-smi
      run nvidia-smi -q -d MEMORY
      run nvidia-smi topo -m
      run nvidia-smi nvlink -s
      grep '^MemTotal:' /proc/meminfo 2>/dev/null
      for port in /sys/class/infiniband/*/ports/*; do
        for file in rate state link_layer; do
          [ -r "$port/$file" ] && echo "$port/$file:$(cat "$port/$file" 2>/dev/null)"
        done
      done
      run scontrol show node
    } >"$out"
    echo "wrote $out; next: brume detect --from $out --out my-cluster.yaml" >&2

    """
}
