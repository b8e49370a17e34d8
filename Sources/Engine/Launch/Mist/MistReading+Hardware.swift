/// The hardware block.
extension MistReading {
  /// The cluster: a node type by the block's `gpu_type`, by `--cluster`, or by its memory; its links, its interference
  /// and its memory as the block has them.
  mutating func cluster(_ hardware: ConfigMapping) throws(InputError) -> Cluster {
    let nodes = try hardware.int("num_nodes", 1...ClusterReader.maximumNodes)
    let gpus = try hardware.int("num_gpus_per_node", 1...1_024)
    var cluster = try base(hardware, nodes: nodes, gpus: gpus)
    try lay(hardware, over: &cluster)
    return cluster
  }

  private mutating func base(_ hardware: ConfigMapping, nodes: Int, gpus: Int) throws(InputError) -> Cluster {
    if let name = context.cluster {
      let given = try WorkloadSource.cluster(name, at: InputPlace(file: "--cluster"))
      guard nodes <= given.nodes, gpus == given.gpusPerNode else {
        throw .conflict(
          at: hardware.place, problem: "the file has \(nodes) x \(gpus) GPUs, --cluster \(name) is \(given.label)",
          remedy: "change one of them")
      }
      if let node = hardware["gpu_type"], let named = try? nodeType(hardware), named.name != given.nodeType.name {
        throw .conflict(
          at: node.place, problem: "the file has nodes of type \(named.name), --cluster \(name) is \(given.label)",
          remedy: "change one of them")
      }
      if nodes < given.nodes { assumed.append("nodes \(nodes + 1) to \(given.nodes) of the cluster stay idle") }
      return given
    }
    let type = try nodeType(hardware)
    guard gpus <= type.gpusPerNode else {
      throw .conflict(
        at: hardware["num_gpus_per_node"]?.place ?? hardware.place,
        problem: "\(gpus) GPUs a node, a node of type \(type.name) has \(type.gpusPerNode)",
        remedy: "give --cluster with a node type that has them")
    }
    return Cluster(nodes: nodes, gpusPerNode: gpus, nodeType: type)
  }

  private mutating func nodeType(_ hardware: ConfigMapping) throws(InputError) -> NodeType {
    if let node = hardware["gpu_type"] {
      return try Catalogue.nodeType(named: try node.string("the name of a node type"), at: node.place)
    }
    let memory = try hardware.double("memory_capacity", 0.1...10_000) * MistHardware.gibibyte
    var found: [NodeType] = []
    for type in try Catalogue.nodeTypes where abs(type.gpu.memoryBytes.value / memory - 1) < 0.02 { found.append(type) }
    // Of several with such memory the one whose measured links the block has.
    if found.count > 1 {
      for type in found {
        let cluster = Cluster(nodes: 1, gpusPerNode: type.gpusPerNode, nodeType: type)
        guard try Self.unlike(hardware, cluster).isEmpty else { continue }
        found = [type]
        break
      }
    }
    guard let type = found.first, found.count == 1 else {
      throw .missing(
        at: hardware.place, key: "gpu_type",
        expected: "the name of a node type, or give --cluster: "
          + (found.isEmpty ? "none has such memory" : found.map(\.name).joined(separator: ", ") + " have such memory"))
    }
    assumed.append("node type \(type.name), by hardware.memory_capacity")
    return type
  }

  // MARK: figures

  /// Links of the block that the cluster does not have, by shape; the placeholders of shapes that nobody measured are
  /// left out.
  private static func unlike(_ hardware: ConfigMapping, _ cluster: Cluster) throws(InputError) -> [GroupShape: Link] {
    guard let node = hardware["gpu_gpu_comm_params"] else { return [:] }
    let items = try node.list(32...32)
    var found: [GroupShape: Link] = [:]
    for (index, shape) in MistHardware.shapes.enumerated() {
      let (rate, latency) = (try items[2 * index].double(0...1e6), try items[2 * index + 1].double(0...1e6))
      guard shape.ranks > 1, rate > 0, (rate, latency) != MistHardware.placeholder else { continue }
      _ = try items[2 * index].double(NodeTypeReader.measuredRates)
      _ = try items[2 * index + 1].double(NodeTypeReader.latencies)
      let own = MistHardware.link(shape, cluster)
      if own.rate != rate || own.latency != latency {
        found[shape] = Link(gibibytesPerSecond: rate, latencySeconds: latency, provenance: .assumed)
      }
    }
    return found
  }

  private mutating func lay(_ hardware: ConfigMapping, over cluster: inout Cluster) throws(InputError) {
    let source = "from \(PlainText.line(context.file, most: 400))"
    var changed: [String] = []
    let memory = try hardware.double("memory_capacity", 0.1...10_000, or: -1) * MistHardware.gibibyte
    if memory > 0, memory != cluster.nodeType.gpu.memoryBytes.value {
      cluster.nodeType.gpu.memoryBytes = Figure(memory, .assumed, source: source)
      changed.append("memory")
    }
    let links = try Self.unlike(hardware, cluster)
    if !links.isEmpty {
      cluster.nodeType.links.measured.merge(links) { _, new in new }
      cluster.nodeType.links.measuredSource += "; others \(source)"
      changed.append("\(links.count) collectives")
    }
    let table = cluster.nodeType.links
    for (key, path, own) in [
      ("cpu_gpu_comm_params", \LinkTable.hostToDevice, table.hostToDevice),
      ("gpu_cpu_comm_params", \LinkTable.deviceToHost, table.deviceToHost),
    ] {
      guard let node = hardware[key] else { continue }
      let pair = try node.list(2...2)
      let link = Link(
        gibibytesPerSecond: try pair[0].double(NodeTypeReader.measuredRates),
        latencySeconds: try pair[1].double(NodeTypeReader.latencies), provenance: .assumed)
      guard link.gibibytesPerSecond != own.gibibytesPerSecond || link.latencySeconds != own.latencySeconds else {
        continue
      }
      cluster.nodeType.links[keyPath: path] = link
      cluster.nodeType.links.hostSource = source
      changed.append(key)
    }
    if let node = hardware["interference_model_params"] {
      let interference = try NodeTypeReader.factors(node)
      if interference.published != cluster.nodeType.interference.published {
        cluster.nodeType.interference = interference
        cluster.nodeType.interferenceOrigin = Figure(28, .assumed, source: source)
        changed.append("interference")
      }
    }
    if !changed.isEmpty {
      assumed.append(
        "figures of the hardware block, in place of those of \(cluster.nodeType.name): "
          + changed.joined(separator: ", "))
    }
  }
}
