/// The cards of a node: how many, what they are called, which GPU of the catalogue they are.
struct SeenCards: Sendable, Equatable {
  /// GPUs of a node.
  var gpus: Int
  /// What the card is called: by nvidia-smi, else by Slurm.
  var card: String
  /// Which GPU of the catalogue it is.
  var match: GPUMatch
  /// The card as nvidia-smi told of it; nil where only Slurm was asked.
  var seen: SeenGPU?
  /// Nodes, of what Slurm says.
  var count: NodeCount
  /// What should be known.
  var warnings: [DetectWarning] = []

  /// Throws where the GPUs cannot make a cluster of whole, alike ones, or where nothing was seen.
  static func check(_ machine: DetectedMachine, at place: InputPlace) throws(InputError) {
    if let index = machine.gpus.firstIndex(where: \.isSliced) {
      throw .unsupported(
        at: place, what: "GPU \(index), \(machine.gpus[index].name), is cut into MIG slices",
        remedy:
          "switch MIG off (nvidia-smi -mig 0, as root), or take a node without: slices have no links to each other")
    }
    if let gpu = machine.gpus.first(where: \.isVirtual) {
      throw .unsupported(
        at: place, what: "'\(gpu.name)' is a virtual GPU of a shared card",
        remedy: "take a machine with whole GPUs: how fast a share is depends on its neighbours")
    }
    // A shortened name of an old table may stand for several cards.
    var kinds: [String] = []
    for gpu in machine.gpus where !kinds.contains(gpu.name) { kinds.append(gpu.name) }
    guard kinds.count < 2 else {
      let counts = kinds.map { kind in "\(machine.gpus.count { $0.name == kind }) x \(kind)" }
      throw .unsupported(
        at: place, what: "GPUs of several kinds in one node: \(counts.joined(separator: ", "))",
        remedy: "a node has GPUs of one kind here: keep the lines of those that train")
    }
    if let mixed = machine.slurm.groups.first, machine.gpuCount == 0,
      machine.slurm.groups.allSatisfy({ $0.isSliced || $0.isMixed })
    {
      throw .unsupported(
        at: place,
        what: mixed.isSliced
          ? "all GPUs of these nodes are MIG slices" : "all of these nodes have GPUs of several kinds",
        remedy: "take nodes with whole GPUs of one kind")
    }
  }

  /// The cards of a machine that passed the check; `gpu` is the GPU to start from, where a person named one.
  init(_ machine: DetectedMachine, gpu: String?, at place: InputPlace) throws(InputError) {
    if machine.gpuCount > 0 {
      try self.init(local: machine, gpu: gpu, at: place)
    } else if !machine.slurm.groups.isEmpty {
      try self.init(slurm: machine.slurm, gpu: gpu, at: place)
      warnings.append(.onlySlurm)
    } else {
      let what =
        machine.driverFailed
        ? "nvidia-smi could not reach the driver"
        : "no GPU was seen: neither by nvidia-smi nor as Gres of Slurm's nodes"
      throw .unreadable(
        file: place.file, problem: what,
        remedy: "run what `brume detect --script` prints on a compute node, then brume detect --from its output")
    }
    if machine.driverFailed { warnings.insert(.driverFailed, at: 0) }
  }

  private init(local machine: DetectedMachine, gpu: String?, at place: InputPlace) throws(InputError) {
    let first = machine.gpus.first
    card = first?.name ?? ""
    gpus = machine.gpuCount
    let own = card.isEmpty ? nil : GPUMatch(card, memoryBytes: first?.memoryBytes)
    match = try Self.match(own, card.isEmpty ? "GPUs without a name" : "'\(card)'", gpu: gpu, at: place)
    if card.isEmpty { card = match.name }
    seen = first
    count = NodeCount(like: own, gpus: gpus, in: machine.slurm)
    if machine.furtherMachines > 0 { warnings.append(.furtherMachines(machine.furtherMachines)) }
    if gpus == 1 { warnings.append(.oneGPU) }
    let counts = Set(machine.counts + (machine.topology.map { [$0.gpuCount] } ?? [])).sorted()
    if counts.count > 1 { warnings.append(.countsDiffer(counts)) }
    warn(of: own, gpu: gpu)
    if let watts = machine.gpus.compactMap(\.powerLimitWatts).min(), let usual = match.chip?.watts, match.isExact,
      watts < 0.95 * usual
    {
      warnings.append(.powerLimit(watts: watts, usual: usual))
    }
  }

  private init(slurm: SlurmNodes, gpu: String?, at place: InputPlace) throws(InputError) {
    count = NodeCount(largestIn: slurm, anyGPU: gpu != nil)
    let group = count.group ?? slurm.groups.first { !$0.isSliced && !$0.isMixed }
    gpus = group?.gpus ?? 1
    let type = group?.gpuType ?? ""
    let own = group.flatMap { GPUMatch(slurm: $0.words) }
    card = type.isEmpty ? own?.chip?.word ?? "GPU" : String(type.prefix(100))
    match = try Self.match(own, type.isEmpty ? "Slurm's Gres without a type" : "'\(card)'", gpu: gpu, at: place)
    warn(of: own, gpu: gpu)
  }

  private static func match(
    _ own: GPUMatch?, _ card: String, gpu: String?, at place: InputPlace
  ) throws(InputError) -> GPUMatch {
    if let gpu {
      let found = try Catalogue.gpu(named: gpu, at: InputPlace(file: "--gpu"))
      return GPUMatch(named: found.name, card: own)
    }
    if let own { return own }
    let known = try Catalogue.gpus.map(\.name).joined(separator: ", ")
    throw .unsupported(
      at: place, what: "\(card): no such GPU in the catalogue (\(known))",
      remedy: "start from the nearest with --gpu NAME, whose figures are then marked assumed, and measure yours with "
        + "brume profiler and brume calibrate")
  }

  private mutating func warn(of own: GPUMatch?, gpu: String?) {
    if gpu != nil, !match.isExact {
      warnings.append(.startedFrom(card: card, gpu: match.name))
    } else if gpu == nil, !match.isExact {
      warnings.append(.otherBoard(card: card, gpu: match.name))
    } else if gpu == nil, !match.others.isEmpty {
      warnings.append(.memoryUnsure(card: card, took: match.name, others: match.others))
    }
    if match.isExact, match.name == "l4" { warnings.append(.clocks(gpu: "l4", free: "l4-free-clock")) }
  }
}
