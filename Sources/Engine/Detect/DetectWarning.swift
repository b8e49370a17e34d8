/// What a person should know of a detected cluster before they rely on it.
public enum DetectWarning: Sendable, Equatable {
  /// nvidia-smi could not reach the driver.
  case driverFailed
  /// Forms of nvidia-smi tell several numbers of GPUs; the largest was taken.
  case countsDiffer([Int])
  /// Outputs of further machines were given; the first one describes the node.
  case furtherMachines(Int)
  /// One GPU was seen: a job sees only what it was given.
  case oneGPU
  /// Slurm's nodes of that kind have more GPUs than were seen.
  case partOfNode(seen: Int, of: Int)
  /// Only Slurm was asked, which knows nothing of links.
  case onlySlurm
  /// How GPUs are connected was not seen.
  case insideUnseen(base: String)
  /// NVLink joins sets of so many GPUs; the others go over PCIe.
  case bridges(Int)
  /// No port of a fabric was seen.
  case fabricUnseen(base: String)
  /// Ports that were not counted into the fabric, by adapter.
  case portsLeftOut([String])
  /// The board's power limit is set below the usual one.
  case powerLimit(watts: Double, usual: Double)
  /// The catalogue has this card also with its clocks free.
  case clocks(gpu: String, free: String)
  /// The card is of the family, but another board or size.
  case otherBoard(card: String, gpu: String)
  /// The memory of the GPU was not told.
  case memoryUnsure(card: String, took: String, others: [String])
  /// A person named the GPU from which the figures come.
  case startedFrom(card: String, gpu: String)
  /// Nodes of other kinds, each described.
  case otherNodes([String])
  /// Nodes of the kind that are down or drained.
  case unusable(count: Int, first: String)
  /// All nodes of the kind are down or drained; they count as if they were not.
  case allUnusable(Int)
}

extension DetectWarning: CustomStringConvertible {
  /// Most adapters that are named.
  private static let mostNames = 12

  /// What it is, and what to do.
  public var description: String {
    switch self {
    case .driverFailed: "nvidia-smi could not reach the driver: run this on a compute node"
    case .countsDiffer(let counts):
      "the outputs name \(counts.map { "\($0)" }.joined(separator: " and ")) GPUs: the largest number was taken"
    case .furtherMachines(let count):
      "outputs of \(count) more \(count == 1 ? "machine" : "machines") of the same cards were passed over: set nodes to as many "
        + "as there are"
    case .oneGPU: "one GPU was seen; a job sees only the GPUs that it was given: ask for a whole node to see its links"
    case .partOfNode(let seen, let all):
      "\(seen) GPUs were seen, Slurm's nodes of that kind have \(all): ask for a whole node"
    case .onlySlurm:
      "Slurm says nothing of links: run what `brume detect --script` prints on a compute node, and give its output too"
    case .insideUnseen(let base): "how the GPUs are connected was not seen: as \(base)"
    case .bridges(let count):
      "NVLink joins sets of \(count) GPUs only: larger groups, and stages beside each other, go over PCIe"
    case .fabricUnseen(let base):
      "no InfiniBand, RoCE or EFA port was seen: the fabric between nodes is that of \(base); "
        + "set fabricBytesPerSecond to yours"
    case .portsLeftOut(let names):
      "not counted into the fabric (down, Ethernet beside InfiniBand, or far from all GPUs): "
        + names.prefix(Self.mostNames).map { PlainText.line($0, most: 64) }.joined(separator: ", ")
        + (names.count > Self.mostNames ? " and \(names.count - Self.mostNames) others" : "")
    case .powerLimit(let watts, let usual):
      "the power limit is \(Quantity.text(watts)) W, usually \(Quantity.text(usual)) W: predictions are too fast; "
        + "measure with brume profiler"
    case .clocks(let gpu, let free):
      "\(gpu) is an L4 whose clock is locked (nvidia-smi -lgc); where yours is not: --gpu \(free)"
    case .otherBoard(let card, let gpu):
      "\(card) is not the board of \(gpu), from which its figures are: they are marked assumed; measure with brume profiler"
    case .memoryUnsure(let card, let took, let others):
      "'\(card)' does not say its memory: took \(took); otherwise --gpu \(others.joined(separator: " or "))"
    case .startedFrom(let card, let gpu):
      "the figures of \(card) are those of \(gpu), marked assumed: measure yours with brume profiler and brume calibrate"
    case .otherNodes(let kinds): "left out: \(kinds.joined(separator: "; "))"
    case .unusable(let count, let first): "\(count) nodes of the kind are down or drained (\(first), ...): not counted"
    case .allUnusable(let count): "all \(count) nodes of the kind are down or drained: counted as if they were not"
    }
  }
}
