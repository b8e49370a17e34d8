import Engine

/// What brute force walks through: written down from the rules of plans, nothing of the search is asked.
enum Enumeration {
  /// All ways to give `layers` layers to `stages` stages in order, at least one to each: [way][stage].
  static func splits(_ layers: Int, _ stages: Int) -> [[Int]] {
    if stages == 1 { return [[layers]] }
    guard layers >= stages else { return [] }
    return (1...(layers - stages + 1)).flatMap { first in
      splits(layers - first, stages - 1).map { [first] + $0 }
    }
  }

  /// Calls `body` with every choice of one option for each stage; `options` is [stage][option].
  static func each(_ options: [[StageChoice]], _ body: ([StageChoice]) throws -> Void) rethrows {
    func visit(_ index: Int, _ chosen: [StageChoice]) throws {
      if index == options.count { return try body(chosen) }
      for option in options[index] { try visit(index + 1, chosen + [option]) }
    }
    try visit(0, [])
  }
}
