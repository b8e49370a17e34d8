/// Why predictions of measured runs are off, as far as it is known (`samples/measured/reasons.yaml`).
public struct ErrorReasons: Sendable {
  /// The reasons, by the name of a run, or of its source or the start of it.
  var reasons: [(key: String, text: String)]

  private static let path = "samples/measured/reasons.yaml"

  /// Those that ship.
  public static func shipped() throws(InputError) -> ErrorReasons {
    try ErrorReasons(try ConfigNode.parse(ShippedFiles.text(path) ?? "", file: path))
  }

  /// Reads a parsed file.
  init(_ root: ConfigNode) throws(InputError) {
    let mapping = try root.mapping(["brume", "reasons"])
    try mapping.checkFormat()
    reasons = []
    for entry in try mapping.required("reasons", "name of a run or source: why").anyMapping().entries {
      reasons.append((entry.key, try entry.value.string("a reason", maximum: 2_000)))
    }
  }

  /// The reason for a run: that of the longest key with which its name begins; nil where nobody knows.
  public func reason(for row: MeasuredRow) -> String? {
    reasons.filter { row.id.hasPrefix($0.key) }.max { $0.key.count < $1.key.count }?.text
  }
}

extension ValidationReport {
  /// The core runs whose predicted times are farthest off, worst first.
  public func worst(_ count: Int) -> [RowPrediction] {
    let off = rows.indices.filter { rows[$0].row.isCore && rows[$0].error != nil }
    let order = off.sorted { a, b in
      let (x, y) = (abs(rows[a].error ?? 0), abs(rows[b].error ?? 0))
      return x == y ? a < b : x > y
    }
    return order.prefix(count).map { rows[$0] }
  }

  /// Errors of memory by source and by what was read, in the order of the table; core runs.
  public var memoryErrors: [(source: String, kind: MeasuredMemory.Kind, errors: [Double])] {
    summary.flatMap { statistics in
      MeasuredMemory.Kind.allCases.compactMap { kind in
        let errors = rows.filter { $0.row.isCore && $0.row.source == statistics.source }.flatMap(\.memory)
          .filter { $0.kind == kind }.map(\.error)
        return errors.isEmpty ? nil : (statistics.source, kind, errors)
      }
    }
  }
}
