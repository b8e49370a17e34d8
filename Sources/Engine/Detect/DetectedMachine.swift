/// What saved or live outputs tell of a machine, and of the nodes of a Slurm cluster.
///
/// `DetectedMachine([text])` reads outputs of nvidia-smi, ibstat, ibv_devinfo, scontrol, and files of /proc and /sys, one
/// after another in any order. What is not there is nil or empty; nothing in a text is an error by itself.
public struct DetectedMachine: Sendable, Equatable {
  /// The GPUs by nvidia-smi.
  var gpus: [SeenGPU]
  /// Numbers of GPUs by the forms of nvidia-smi, where they differ.
  var counts: [Int]
  /// nvidia-smi could not reach the driver.
  var driverFailed: Bool
  /// Ways between GPUs.
  var topology: TopologyMatrix?
  /// Active NVLinks.
  var nvlinks: NVLinkStatus.Links?
  /// Ports of network adapters.
  var ports: InfiniBandPorts
  /// Memory of the host, bytes.
  var hostMemoryBytes: Double?
  /// Nodes of a Slurm cluster.
  var slurm: SlurmNodes

  /// Reads outputs. Complexity: O(length).
  public init(_ texts: [String]) {
    let output = SavedOutput(texts.joined(separator: "\n"))
    let smi = NvidiaSMI(output)
    gpus = smi.gpus
    counts = smi.counts
    driverFailed = smi.hasFailed
    topology = TopologyMatrix(output)
    nvlinks = NVLinkStatus.links(output)
    ports = InfiniBandPorts(output)
    hostMemoryBytes = HostMemory.bytes(output)
    slurm = SlurmNodes(output)
  }

  /// GPUs of the machine itself; 0 on a login node.
  var gpuCount: Int { max(gpus.count, topology?.gpuCount ?? 0) }

  /// The slowest PCIe link of its GPUs, B/s; nil where generation or width was not told.
  var pcieBytesPerSecond: Double? {
    guard let generation = gpus.compactMap(\.pcieGeneration).min(), let width = gpus.compactMap(\.pcieWidth).min()
    else { return nil }
    return PCIe.bytesPerSecond(generation: generation, width: width)
  }
}
