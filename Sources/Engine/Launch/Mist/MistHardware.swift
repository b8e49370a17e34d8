/// The hardware block of Mist's YAML.
struct MistHardware {
  /// Nodes, and GPUs of each, for which Mist has figures of collectives: 16 shapes, GPUs within nodes.
  static let sizes = [1, 2, 4, 8]
  /// The shapes in the order of `gpu_gpu_comm_params`; the first, of one GPU, is a placeholder.
  static let shapes = sizes.flatMap { nodes in sizes.map { GroupShape(nodes: nodes, gpusPerNode: $0) } }
  /// What the published files have where nothing was measured: GiB/s and seconds.
  static let placeholder = (rate: 4.5, latency: 0.0)
  /// Bytes in a unit of `memory_capacity`.
  static let gibibyte = 1_073_741_824.0
  /// The rate inside a node above which it is not PCIe 5.0 x16, bytes per second one way.
  static let fastestPCIe = 64e9

  /// What is written.
  let job: LaunchJob

  private var type: NodeType { job.workload.cluster.nodeType }

  /// The block.
  var node: ConfigNode {
    let links = type.links
    return .object([
      ("gpu_type", .text(type.name)), ("num_nodes", .number(job.nodes)),
      ("num_gpus_per_node", .number(job.gpusPerNode)), ("gpu_gpu_comm_params", .list(collectives)),
      ("cpu_gpu_comm_params", Self.pair(links.hostToDevice)), ("gpu_cpu_comm_params", Self.pair(links.deviceToHost)),
      ("interference_model_params", .list(type.interference.published.map(Self.number))),
      ("nvlink", .flag(links.insideBytesPerSecond.value > Self.fastestPCIe)),
      ("memory_capacity", Self.number(type.gpu.memoryBytes.value / Self.gibibyte)),
    ])
  }

  private var collectives: [ConfigNode] {
    Self.shapes.flatMap { shape -> [ConfigNode] in
      let link = Self.link(shape, job.workload.cluster)
      return [Self.number(link.rate), Self.number(link.latency)]
    }
  }

  /// What a cluster has for a shape, as Mist's files say it.
  static func link(_ shape: GroupShape, _ cluster: Cluster) -> (rate: Double, latency: Double) {
    guard shape.ranks > 1 else { return placeholder }
    let link = cluster.collectiveLink(shape)
    return (link.gibibytesPerSecond, link.latencySeconds)
  }

  private static func pair(_ link: Link) -> ConfigNode {
    .list([number(link.gibibytesPerSecond), number(link.latencySeconds)])
  }

  /// A number that YAML readers of any version see as one: with a dot, also before an exponent.
  static func number(_ value: Double) -> ConfigNode {
    var text = "\(value)"
    if let mark = text.firstIndex(of: "e"), !text[..<mark].contains(".") { text.insert(contentsOf: ".0", at: mark) }
    if let mark = text.firstIndex(of: "e"), text[text.index(after: mark)] != "-" {
      text.insert("+", at: text.index(after: mark))
    }
    return .word(text)
  }
}
