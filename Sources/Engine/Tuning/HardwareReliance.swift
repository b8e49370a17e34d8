/// A kind of figure that nobody measured on this hardware, and that the choice of a plan hangs on.
public struct HardwareReliance: Sendable, Equatable {
  /// The kind of figure.
  public var doubt: HardwareDoubt
  /// How it is known: vendor, derived or assumed.
  public var provenance: Provenance
  /// Which way it would have to be off: `links between nodes slower`.
  public var scenario: String
  /// What the chosen plan then loses against another one; 0.03 is 3 %.
  public var regret: Double
}

extension Cluster {
  /// The least sure origin of the figures of a kind; nil of reserved memory, which is the runtime's.
  public func origin(of doubt: HardwareDoubt) -> Provenance? {
    let (gpu, links) = (nodeType.gpu, nodeType.links)
    func least(_ origins: [Provenance]) -> Provenance? {
      origins.max { (Provenance.allCases.firstIndex(of: $0) ?? 0) < (Provenance.allCases.firstIndex(of: $1) ?? 0) }
    }
    func collectives(between: Bool) -> Provenance? {
      let known = links.measured.filter { ($0.key.nodes > 1) == between && $0.key.ranks > 1 }
      guard known.isEmpty else { return least(known.map(\.value.provenance)) }
      // What follows from a rate that nobody knows is no surer than the rate.
      let rate = between ? links.fabricBytesPerSecond : links.insideBytesPerSecond
      return rate.provenance == .assumed ? .assumed : .derived
    }
    switch doubt {
    case .products:
      return least([gpu.gemm.share, gpu.flashForwardShare, gpu.flashBackwardShare].map(\.provenance))
    case .bandwidth: return gpu.elementwiseShare.provenance
    case .linksInside: return gpusPerNode > 1 ? collectives(between: false) : nil
    case .linksBetween: return nodes > 1 ? collectives(between: true) : nil
    case .hostCopies: return least([links.hostToDevice.provenance, links.deviceToHost.provenance])
    case .reserved: return nil
    }
  }

  /// The kinds of figures that were not measured on this hardware, each with its origin.
  public var unmeasured: [RobustReport.Unmeasured] {
    HardwareDoubt.allCases.compactMap { doubt in
      origin(of: doubt).flatMap { $0 == .measured ? nil : .init(doubt: doubt, provenance: $0) }
    }
  }
}

extension RobustReport {
  /// A loss below this is no other choice.
  private static let least = 0.005

  /// What the choice of the plan hangs on: kinds of figures that were not measured, which, off alone by their error, make
  /// another plan faster, or this one not fit. The gravest first.
  public var reliances: [HardwareReliance] {
    var found: [HardwareReliance] = []
    for scenario in scenarios where scenario.shares.count(where: { $0 != 0 }) == 1 {
      guard let index = scenario.shares.firstIndex(where: { $0 != 0 }), HardwareDoubt.allCases.indices.contains(index),
        scenario.chosenRegret >= Self.least
      else { continue }
      let doubt = HardwareDoubt.allCases[index]
      guard let own = unmeasured.first(where: { $0.doubt == doubt }) else { continue }
      found.append(
        HardwareReliance(
          doubt: doubt, provenance: own.provenance, scenario: scenario.name, regret: scenario.chosenRegret))
    }
    return found.sorted { $0.regret > $1.regret }
  }

  /// A kind of figure that was not measured, with its origin.
  public struct Unmeasured: Sendable, Equatable {
    /// The kind.
    public var doubt: HardwareDoubt
    /// Its origin.
    public var provenance: Provenance

    /// A kind with its origin.
    public init(doubt: HardwareDoubt, provenance: Provenance) {
      self.doubt = doubt
      self.provenance = provenance
    }
  }
}
