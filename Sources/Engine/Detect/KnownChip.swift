/// What is known of a family of GPUs beside the catalogue: how to tell its cards apart, and what connects them.
///
/// Link rates, PCIe generations and power limits are those of the vendor's datasheets.
struct KnownChip: Sendable, Equatable {
  /// A GPU of the catalogue and the memory by which it is told, GiB.
  struct Card: Sendable, Equatable {
    /// Its name in the catalogue.
    var name: String
    /// Memory of such cards, GiB.
    var gibibytes: ClosedRange<Double>
  }

  /// The word in names: `a100`.
  var word: String
  /// The word is that of a sister with other links or clocks: its figures are those of the cards below, assumed.
  var isSister = false
  /// The product's name has `SXM` where the card is no PCIe board.
  var namesBoard = false
  /// Cards of the catalogue, the smallest first.
  var cards: [Card]
  /// NVLinks of one GPU; 0 where it has none.
  var links: Int
  /// One direction of one NVLink, B/s.
  var linkBytesPerSecond = 25e9
  /// PCIe generation of the card.
  var pcieGeneration: Int
  /// Usual power limit of the catalogue's card, watts.
  var watts: Double

  /// The families of the catalogue and their sisters.
  static let all: [KnownChip] = {
    let a100 = [Card(name: "a100-40", gibibytes: 36...42), Card(name: "a100-80", gibibytes: 76...84)]
    let h100 = [Card(name: "h100", gibibytes: 76...84), Card(name: "h100-96", gibibytes: 90...98)]
    let v100 = [Card(name: "v100-16", gibibytes: 14...17), Card(name: "v100-32", gibibytes: 30...34)]
    let l4 = [Card(name: "l4", gibibytes: 21...25)]
    let a10g = [Card(name: "a10g", gibibytes: 21...25)]
    let h200 = [Card(name: "h200", gibibytes: 132...146)]
    let b200 = [Card(name: "b200", gibibytes: 170...194)]
    return [
      KnownChip(word: "l4", cards: l4, links: 0, pcieGeneration: 4, watts: 72),
      KnownChip(word: "a10g", cards: a10g, links: 0, pcieGeneration: 4, watts: 300),
      KnownChip(word: "a100", namesBoard: true, cards: a100, links: 12, pcieGeneration: 4, watts: 400),
      KnownChip(word: "a800", isSister: true, namesBoard: true, cards: a100, links: 8, pcieGeneration: 4, watts: 400),
      KnownChip(word: "v100", namesBoard: true, cards: v100, links: 6, pcieGeneration: 3, watts: 300),
      KnownChip(word: "v100s", isSister: true, cards: v100, links: 0, pcieGeneration: 3, watts: 250),
      KnownChip(word: "h100", cards: h100, links: 18, pcieGeneration: 5, watts: 700),
      KnownChip(word: "h800", isSister: true, cards: h100, links: 8, pcieGeneration: 5, watts: 700),
      KnownChip(word: "h200", cards: h200, links: 18, pcieGeneration: 5, watts: 700),
      KnownChip(word: "b200", cards: b200, links: 18, linkBytesPerSecond: 50e9, pcieGeneration: 5, watts: 1_000),
    ]
  }()

  /// The most NVLinks that any GPU has: more to its peers together means that a switch is between.
  static let mostLinks = 18
}

/// Rates of PCIe.
enum PCIe {
  /// One direction of so many lanes, B/s, after the line code; nil for a generation or width that there is not.
  ///
  /// 16 lanes: 4, 8, 15.75, 31.5, 63 and 121 GB/s of generations 1 to 6 (PCI-SIG).
  static func bytesPerSecond(generation: Int, width: Int) -> Double? {
    let full: [Int: Double] = [1: 4e9, 2: 8e9, 3: 15.75e9, 4: 31.5e9, 5: 63e9, 6: 121e9]
    guard let rate = full[generation], [1, 2, 4, 8, 12, 16, 32].contains(width) else { return nil }
    return rate * Double(width) / 16
  }
}
