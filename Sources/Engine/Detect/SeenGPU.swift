/// A GPU as nvidia-smi told of it; what it did not tell is nil.
struct SeenGPU: Sendable, Equatable {
  /// The product's name: `NVIDIA A100-SXM4-80GB`; shortened, ending in `...`, in old tables.
  var name: String
  /// Total device memory, bytes.
  var memoryBytes: Double?
  /// What the driver keeps of it, bytes.
  var reservedBytes: Double?
  /// Largest PCIe generation that card and machine have together.
  var pcieGeneration: Int?
  /// Largest number of PCIe lanes.
  var pcieWidth: Int?
  /// Power limit in force, watts.
  var powerLimitWatts: Double?
  /// It is cut into MIG slices, or set to be.
  var isSliced = false
  /// It is a virtual GPU of a shared card.
  var isVirtual = false

  /// A GPU of that name; further than 100 characters names do not go.
  init(name: String) {
    self.name = String(name.trimmed.prefix(100))
    isVirtual = Self.looksVirtual(self.name)
  }

  /// Memory that a process can have, bytes: the total less what the driver keeps, where that was told.
  var usableBytes: Double? {
    guard let memoryBytes else { return nil }
    guard let reservedBytes, reservedBytes < memoryBytes / 4 else { return memoryBytes }
    return memoryBytes - reservedBytes
  }

  /// Takes what another output tells of the same GPU, where this one tells nothing.
  mutating func complete(from other: SeenGPU) {
    if name.hasSuffix("...") || name.isEmpty { name = other.name }
    memoryBytes = memoryBytes ?? other.memoryBytes
    reservedBytes = reservedBytes ?? other.reservedBytes
    pcieGeneration = pcieGeneration ?? other.pcieGeneration
    pcieWidth = pcieWidth ?? other.pcieWidth
    powerLimitWatts = powerLimitWatts ?? other.powerLimitWatts
    isSliced = isSliced || other.isSliced
    isVirtual = isVirtual || other.isVirtual
  }

  /// vGPU profiles: `GRID A100-40C`, `NVIDIA A40-48Q`: memory in GB and a letter at the end.
  private static func looksVirtual(_ name: String) -> Bool {
    if name.hasPrefix("GRID ") { return true }
    guard let last = name.last, "ABCQ".contains(last), let dash = name.lastIndex(of: "-") else { return false }
    let digits = name[name.index(after: dash)...].dropLast()
    return (1...3).contains(digits.count) && digits.allSatisfy { ("0"..."9").contains($0) }
  }
}
