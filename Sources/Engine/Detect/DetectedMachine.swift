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

  /// Texts of further machines that were passed over: a node is described by one.
  var furtherMachines = 0

  /// Reads outputs; of several machines with GPUs the first describes the node. Complexity: O(length).
  public init(_ texts: [String]) {
    // Several texts may be of one machine, a form of nvidia-smi each; a second topology is that of another one.
    var used: [Int] = []
    var others: [Int] = []
    for index in texts.indices {
      let isFurther = used.contains { texts[$0] == texts[index] || Self.areTwoMachines(texts[$0], texts[index]) }
      if isFurther { others.append(index) } else { used.append(index) }
    }
    let output = SavedOutput(used.map { texts[$0] }.joined(separator: "\n"))
    let smi = NvidiaSMI(output)
    // Cards of another kind are kept, so that they are refused.
    let own = smi.gpus.first?.name
    gpus = smi.gpus + others.flatMap { Self.gpus(in: texts[$0]) }.filter { $0.name != own }
    furtherMachines = others.count
    counts = smi.counts
    driverFailed = smi.hasFailed
    topology = TopologyMatrix(output)
    nvlinks = NVLinkStatus.links(output)
    ports = InfiniBandPorts(output)
    hostMemoryBytes = HostMemory.bytes(output)
    slurm = SlurmNodes(output)
  }

  private static func areTwoMachines(_ a: String, _ b: String) -> Bool {
    TopologyMatrix(SavedOutput(a)) != nil && TopologyMatrix(SavedOutput(b)) != nil
  }

  private static func gpus(in text: String) -> [SeenGPU] { NvidiaSMI(SavedOutput(text)).gpus }

  /// GPUs of the machine itself; 0 on a login node.
  var gpuCount: Int { max(gpus.count, topology?.gpuCount ?? 0) }

  /// The slowest PCIe link of its GPUs, B/s; nil where generation or width was not told.
  var pcieBytesPerSecond: Double? {
    guard let generation = gpus.compactMap(\.pcieGeneration).min(), let width = gpus.compactMap(\.pcieWidth).min()
    else { return nil }
    return PCIe.bytesPerSecond(generation: generation, width: width)
  }
}
