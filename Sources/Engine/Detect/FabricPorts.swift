/// What connects a node to others, as far as it was seen.
struct FabricPorts: Sendable, Equatable {
  /// All counted ports together, one direction, B/s; nil where none was seen.
  var bytesPerSecond: Double?
  /// The counted ports in words: `8 ports of 200 Gb/s InfiniBand`.
  var words = ""
  /// Which ports were counted, for the figure's source.
  var counted = ""
  /// The link layer is InfiniBand.
  var isInfiniBand = false
  /// Adapters of ports that have a rate and were not counted, each once.
  var leftOut: [String] = []

  /// The ports of a machine that training uses.
  init(_ machine: DetectedMachine) {
    // Without GPUs this is a login node: its ports are not those of the nodes that train.
    guard machine.gpuCount > 0 else { return }
    let near = machine.topology?.nearAdapters ?? []
    let ports = machine.ports.fabric(near: near)
    let rates = ports.compactMap(\.bytesPerSecond)
    guard !rates.isEmpty else { return }
    let total = rates.reduce(0, +)
    // What a cluster file may say; else the rates are no rates.
    guard NodeTypeReader.fabricRates.contains(total) else { return }
    bytesPerSecond = total
    isInfiniBand = ports.contains { $0.isInfiniBand }
    let layer = isInfiniBand ? "InfiniBand" : ports.allSatisfy { $0.isEthernet } ? "RoCE" : "RDMA"
    let kinds = Set(rates).sorted(by: >).map { rate in
      let count = rates.count { $0 == rate }
      return "\(count) \(count == 1 ? "port" : "ports") of \(Quantity.text(rate / 1.25e8)) Gb/s"
    }
    // More than two kinds are no fabric that a person would recognise.
    words = kinds.prefix(3).joined(separator: " and ") + (kinds.count > 3 ? " and others " : " ") + layer
    counted = ports.contains { near.contains($0.adapter) } ? "those that are up and near GPUs" : "those that are up"
    var told = Set(ports.map(\.adapter))
    for port in machine.ports.ports where told.insert(port.adapter).inserted { leftOut.append(port.adapter) }
  }
}
