/// Which GPU of the catalogue a card is, or comes nearest to.
struct GPUMatch: Sendable, Equatable {
  /// Name of the GPU in the catalogue.
  var name: String
  /// The family; nil for a card that is in none, where a person named the GPU to start from.
  var chip: KnownChip?
  /// The card is that of the catalogue: not a PCIe board, a sister, or one with other memory.
  var isExact: Bool
  /// Further GPUs of the catalogue that it may be, where its memory was not told.
  var others: [String] = []
  /// The board has a PCIe edge: NVLink can be there as bridges only.
  var isPCIeBoard = false

  /// The match of Slurm's words for a card, its type and features, which say nothing sure of the board.
  init?(slurm words: String) {
    self.init(words, memoryBytes: nil, isProduct: false)
  }

  /// The match of a name by nvidia-smi; nil for a card of no known family.
  ///
  /// - Parameters:
  ///   - memoryBytes: what nvidia-smi tells; where nil, an amount in the name such as `80gb` counts.
  ///   - isProduct: the name is that of the product, which says which board it is.
  init?(_ name: String, memoryBytes: Double?, isProduct: Bool = true) {
    let words = name.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    guard let chip = KnownChip.all.first(where: { words.contains($0.word) }), let first = chip.cards.first else {
      return nil
    }
    self.chip = chip
    isPCIeBoard =
      chip.links == 0 || words.contains { $0 == "pcie" || $0 == "pci" || $0 == "nvl" }
      || chip.namesBoard && isProduct && !words.contains { $0.hasPrefix("sx") || $0.hasPrefix("dgx") }
    let gibibytes = memoryBytes.map { $0 / 1_073_741_824 } ?? Self.gibibytes(words)
    guard let gibibytes else {
      self.name = first.name
      isExact = !chip.isSister && !(isPCIeBoard && chip.links > 0)
      others = chip.cards.dropFirst().map(\.name)
      return
    }
    func distance(_ card: KnownChip.Card) -> Double {
      max(0, card.gibibytes.lowerBound - gibibytes, gibibytes - card.gibibytes.upperBound)
    }
    let nearest = chip.cards.min { distance($0) < distance($1) } ?? first
    self.name = nearest.name
    isExact = !chip.isSister && !(isPCIeBoard && chip.links > 0) && distance(nearest) == 0
  }

  /// The GPU that a person named to start from, for a card; `card` is the card's own match.
  init(named name: String, card: GPUMatch?) {
    self.name = name
    chip = card?.chip
    // `l4-free-clock` is an L4 too.
    isExact =
      card.map { $0.isExact && (name == $0.name || name.hasPrefix($0.name + "-") || $0.others.contains(name)) } ?? false
    isPCIeBoard = card?.isPCIeBoard ?? false
  }

  /// The amount in words such as `80gb` or `gpumem80g`; nil where there is none.
  private static func gibibytes(_ words: [String]) -> Double? {
    for word in words {
      let body = word.hasSuffix("gb") ? word.dropLast(2) : word.hasSuffix("g") ? word.dropLast() : ""
      let digits = body.reversed().prefix { ("0"..."9").contains($0) }.reversed()
      if (2...3).contains(digits.count), let number = Double(String(digits)), number >= 10 { return number }
    }
    return nil
  }
}
