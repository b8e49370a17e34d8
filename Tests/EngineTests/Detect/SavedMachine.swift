import Foundation

@testable import Engine

/// Saved outputs of machines, written as such machines print them; the files are beside the tests.
enum SavedMachine: String, CaseIterable {
  /// DGX A100: NVSwitch, eight ports of 200 Gb/s near the GPUs, two for storage, Ethernet; all outputs.
  case dgxA100 = "dgx-a100"
  /// HGX H100: the plain table, topology, NVLinks, `ibstat`.
  case hgxH100 = "hgx-h100"
  /// Eight L4 in a VM: query and topology; no adapter with RDMA.
  case l4VM = "l4-vm"
  /// Eight V100 16 GB of AWS p3: an old table with shortened names, and the topology.
  case p3V100 = "p3-v100"
  /// Four A100 PCIe with bridges in pairs, one port of 100 Gb/s, `ibv_devinfo -v`.
  case bridges = "a100-pcie-bridges"
  /// Eight A10G of AWS g5: the long form alone, EFA.
  case g5A10G = "g5-a10g"
  /// A login node: `scontrol show node` of CPU nodes and three kinds of GPU nodes, some drained.
  case slurmLogin = "slurm-login"
  /// Two A100 of which one is cut into MIG slices.
  case mig = "mig-a100"
  /// Four cards that the catalogue does not have.
  case unknown = "rtx-6000-ada"

  /// Path of the file.
  var path: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Machines/\(rawValue).txt").path
  }

  /// Its text.
  func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  /// What is read from it.
  func machine() throws -> DetectedMachine { DetectedMachine([try text()]) }

  /// The cluster that is made of it.
  func guess(gpu: String? = nil) throws -> ClusterGuess {
    try ClusterGuess(try machine(), wishes: ClusterGuess.Wishes(gpu: gpu), at: InputPlace(file: rawValue))
  }
}

extension ClusterGuess {
  /// The cluster that a reader makes of the file.
  func readBack() throws -> Cluster {
    let root = try ConfigNode.parse(yaml, file: "my.yaml").mapping(["brume", "cluster"])
    try root.checkFormat()
    return try ClusterReader.cluster(try root.required("cluster", "a cluster"))
  }

  /// The links, for tests.
  var links: LinkTable { cluster.nodeType.links }
}
