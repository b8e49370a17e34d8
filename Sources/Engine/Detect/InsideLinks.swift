/// What connects the GPUs inside a node, as far as it was seen.
struct InsideLinks: Sendable, Equatable {
  /// What a ring through all GPUs of the node goes over.
  enum Kind: Sendable, Equatable {
    /// NVLink.
    case nvlink
    /// PCIe; NVLink joins at most some of the GPUs.
    case pcie
    /// Nothing was seen, or there is one GPU.
    case unseen
  }

  /// What it goes over.
  var kind: Kind
  /// One GPU to its peers on that ring, one direction, B/s; 0 where nothing was seen.
  var bytesPerSecond = 0.0
  /// The rate was seen, not taken from the card's datasheet.
  var isRateSeen = true
  /// Where the rate stands.
  var source = ""
  /// GPUs that NVLink bridges join on a PCIe machine; 1 without bridges.
  var bridged = 1
  /// NVLink inside such a bridge, one GPU, one direction, B/s.
  var bridgeBytesPerSecond = 0.0
  /// Some GPUs reach each other through the host's bridges or sockets.
  var crossesHost = false

  /// What the outputs say; `chip` tells rates of NVLinks, and PCIe where its generation was not told.
  init(_ machine: DetectedMachine, match: GPUMatch?) {
    let topology = machine.topology.flatMap { $0.gpuCount > 1 ? $0 : nil }
    crossesHost = topology?.crossesHost ?? false
    let islands = topology?.islands ?? []
    guard machine.gpuCount > 1 else {
      kind = .unseen
      return
    }
    if let largest = islands.first, largest == topology?.gpuCount {
      kind = .nvlink
      setLinks(machine, topology, match)
    } else if topology == nil, machine.nvlinks != nil {
      kind = .nvlink
      setLinks(machine, topology, match)
    } else if topology != nil || match?.isPCIeBoard == true {
      kind = .pcie
      setLinks(machine, topology, match)
      bridgeBytesPerSecond = bytesPerSecond
      bridged = islands.last ?? 1
      setPCIe(machine, match)
    } else {
      kind = .unseen
    }
  }

  private mutating func setLinks(_ machine: DetectedMachine, _ topology: TopologyMatrix?, _ match: GPUMatch?) {
    let rate = machine.nvlinks?.bytesPerSecond ?? match?.chip?.linkBytesPerSecond ?? 25e9
    let most = match?.chip.flatMap { $0.links > 0 ? $0.links : nil } ?? KnownChip.mostLinks
    var count = machine.nvlinks?.count ?? 0
    var origin = "nvidia-smi nvlink -s"
    if let topology, machine.nvlinks == nil {
      origin = "nvidia-smi topo -m; the rate of a link is the vendor's"
      count = (0..<topology.gpuCount).map { Self.links(topology.nvlinks(of: $0), most: most) }.min() ?? 0
    }
    bytesPerSecond = Double(count) * rate
    source = "NVLink: \(count) links of \(Quantity.text(rate / 1e9)) GB/s; \(origin)"
  }

  /// Links of one GPU: those to its peers together, or to a switch, behind which each peer shows all of them.
  private static func links(_ toPeers: [Int], most: Int) -> Int {
    let sum = toPeers.reduce(0, +)
    return sum > most ? toPeers.max() ?? 0 : sum
  }

  private mutating func setPCIe(_ machine: DetectedMachine, _ match: GPUMatch?) {
    if let generation = machine.gpus.compactMap(\.pcieGeneration).min(),
      let width = machine.gpus.compactMap(\.pcieWidth).min(),
      let rate = PCIe.bytesPerSecond(generation: generation, width: width)
    {
      bytesPerSecond = rate
      source = "PCIe \(generation).0 x\(width), nvidia-smi"
    } else {
      let generation = match?.chip?.pcieGeneration ?? 4
      bytesPerSecond = PCIe.bytesPerSecond(generation: generation, width: 16) ?? 31.5e9
      isRateSeen = false
      source = "PCIe \(generation).0 x16, the card's: what the machine gives it was not seen"
    }
  }
}
