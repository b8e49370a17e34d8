/// What a calibration starts from: hardware that is named, the kind of node that ships for the measured GPU, or, of a GPU
/// that nobody knows, figures that follow from the points.
public struct CalibrationBase: Sendable, Equatable {
  /// The cluster.
  public var cluster: Cluster
  /// What it is, for people.
  public var label: String

  /// A base that was named.
  public init(_ cluster: Cluster, label: String) {
    self.cluster = cluster
    self.label = label
  }

  /// The base of points, by the name of their GPU; throws where they tell neither GPU nor rates.
  public init(of points: CalibrationPoints) throws(InputError) {
    guard let machine = points.machine else {
      throw .conflict(
        at: InputPlace(file: points.files.first ?? "the points"), problem: "nothing says which GPU was measured",
        remedy: "name the hardware that it is, or is near to, with --cluster, as in --cluster 8xl4")
    }
    var match: String?
    if !machine.isDryRun { match = GPUMatch(machine.gpu, memoryBytes: machine.memoryBytes)?.name }
    if let match, let type = try Catalogue.nodeTypes.first(where: { $0.gpu.name == match }) {
      let gpus = min(machine.gpusPerNode, type.gpusPerNode)
      self.init(Cluster(nodes: machine.nodes, gpusPerNode: gpus, nodeType: type), label: type.name)
      return
    }
    let type = try Self.unknown(machine, points)
    self.init(
      Cluster(nodes: machine.nodes, gpusPerNode: machine.gpusPerNode, nodeType: type),
      label: "the points alone (\(machine.gpu) is not in the catalogue)")
  }

  /// A node of an unknown GPU: peaks a little above what was reached, the rest assumed.
  private static func unknown(_ machine: MeasuredMachine, _ points: CalibrationPoints) throws(InputError) -> NodeType {
    let flops = points.products.map { 2 * $0.m * $0.n * $0.k / $0.seconds }.max() ?? 0
    let bandwidth = points.memoryBound.map { $0.bytes / $0.seconds }.max() ?? 0
    guard flops > 0, bandwidth > 0, let memory = machine.memoryBytes else {
      throw .conflict(
        at: InputPlace(file: points.files.first ?? "the points"),
        problem:
          "\(machine.gpu) is not in the catalogue, and its products, memory-bound operators or memory were not measured",
        remedy: "name the nearest hardware with --cluster; brume clusters lists them")
    }
    func assumed(_ value: Double, _ why: String) -> Figure { Figure(value, .assumed, source: why) }
    func derived(_ value: Double, _ why: String) -> Figure { Figure(value, .derived, source: why) }
    let inside = points.collectives.filter { $0.group.nodes == 1 }.map { $0.bytes / $0.seconds }.max() ?? 12e9
    let between = points.collectives.filter { $0.group.nodes > 1 }.map { $0.bytes / $0.seconds }.max()
    let gpu = GPU(
      name: "gpu", title: machine.gpu, memoryBytes: Figure(memory, .measured, source: "as PyTorch reports it"),
      peakFlops: derived(flops / 0.8, "the fastest product over 0.8: the vendor's peak is not in the catalogue"),
      memoryBandwidth: derived(bandwidth / 0.8, "the fastest memory-bound operator over 0.8"),
      gemm: GEMMCurve(share: assumed(0.8, "by the derived peak"), halfDepth: assumed(150, "as other GPUs")),
      flashForwardShare: assumed(0.5, "as other GPUs"), flashBackwardShare: assumed(0.4, "as other GPUs"),
      elementwiseShare: assumed(0.8, "by the derived bandwidth"), launchSeconds: assumed(4e-6, "as other GPUs"),
      contextBytes: assumed(0.5 * Units.gibibyte, "as other GPUs"))
    let copies = Link(gibibytesPerSecond: 11, latencySeconds: 3e-5, provenance: .assumed)
    return NodeType(
      name: "measured",
      title: "\(machine.gpusPerNode) x \(machine.gpu)\(machine.isDryRun ? ", a dry run that says nothing" : "")",
      gpu: gpu, gpusPerNode: machine.gpusPerNode,
      links: LinkTable(
        measured: [:], measuredSource: "nothing was measured",
        insideBytesPerSecond: derived(inside / 0.75, "the fastest collective inside a node over 0.75"),
        fabricBytesPerSecond: between.map { derived($0 / 0.75, "the fastest collective between nodes over 0.75") }
          ?? assumed(12.5e9, "100 Gb/s a node: nothing was measured between nodes"),
        collectiveShare: assumed(0.75, "as other machines"), insideLatencySeconds: assumed(1e-4, "as other machines"),
        fabricLatencySeconds: assumed(2e-4, "as other machines"), hostToDevice: copies, deviceToHost: copies,
        hostSource: "PCIe 4.0 x16 shared by two GPUs, assumed"), interference: .none,
      interferenceOrigin: Figure(28, .assumed, source: "none: overlap was not measured"),
      hostMemoryBytes: machine.hostMemoryBytes.map { Figure($0, .measured, source: "as the system reports it") }
        ?? assumed(1e12, "a terabyte a node"))
  }
}
