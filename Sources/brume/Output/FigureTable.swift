import Engine

/// Figures of hardware for people: each with its value, how it is known, and where it stands.
struct FigureTable {
  /// The figures in their order.
  let figures: [HardwareFigure]

  /// One line a figure.
  var lines: [String] {
    var table = TextTable([("figure", .left), ("value", .right), ("", .left), ("origin", .left), ("source", .left)])
    for item in figures {
      let (value, unit) = Self.text(item.figure.value, item.unit)
      table.add([item.name, value, unit, item.figure.provenance.rawValue, item.figure.source])
    }
    return table.lines()
  }

  /// How many figures are of each origin: `9 measured, 3 vendor, 2 assumed`.
  var summary: String {
    Provenance.allCases.compactMap { origin in
      let count = figures.count { $0.figure.provenance == origin }
      return count > 0 ? "\(count) \(origin.rawValue)" : nil
    }.joined(separator: ", ")
  }

  /// For scripts.
  var value: JSONValue {
    .array(
      figures.map { item in
        [
          "name": .string(item.name), "value": .number(item.figure.value), "unit": .string(Self.base(item.unit)),
          "origin": .string(item.figure.provenance.rawValue), "source": .string(item.figure.source),
        ]
      })
  }

  private static func base(_ unit: Quantity.Unit) -> String {
    switch unit {
    case .bytes: "B"
    case .bytesPerSecond: "B/s"
    case .flops: "FLOP/s"
    case .seconds: "s"
    case .none: ""
    }
  }

  private static func text(_ value: Double, _ unit: Quantity.Unit) -> (String, String) {
    switch unit {
    case .bytes: (Decimals.gibibytes(value), "GiB")
    case .bytesPerSecond: (Decimals.significant(value / 1e9, 4), "GB/s")
    case .flops: (Decimals.significant(value / 1e12, 4), "TFLOP/s")
    case .seconds: (Decimals.significant(value * 1e6, 3), "us")
    case .none: (Decimals.significant(value, 4), "")
    }
  }
}
