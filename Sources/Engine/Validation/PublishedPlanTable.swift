/// Published plans, read from JSON lines (docs/formats.md, "Published plans").
public struct PublishedPlanTable: Sendable, Equatable {
  /// The plans, in the order of the file.
  public var plans: [PublishedPlan]

  /// The table in a file of at most 1 MB.
  public static func read(_ path: String) throws(InputError) -> PublishedPlanTable {
    try PublishedPlanTable(text: ConfigNode.readText(path), file: path)
  }

  /// A table of given plans.
  public init(plans: [PublishedPlan]) { self.plans = plans }

  /// Reads one JSON object a line; empty lines and unknown keys are passed over (the format is foreign).
  ///
  /// Errors name file, line and field. Complexity: O(length).
  public init(text: String, file: String) throws(InputError) {
    plans = []
    for node in try JSONLines.nodes(text, file: file) {
      plans.append(try PublishedPlanReader(mapping: try node.anyMapping()).plan())
    }
    guard !plans.isEmpty else {
      throw .unreadable(file: file, problem: "the table is empty", remedy: "it must hold one JSON object a line")
    }
  }
}
