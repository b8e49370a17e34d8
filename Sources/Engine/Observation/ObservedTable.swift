/// A person's own table of measured runs: JSON lines, each a run with its plan (docs/observe.md).
///
/// What stands in it is kept to the last byte: a change adds or takes away whole lines, and a damaged line stays where it
/// is, named by `problems` and used by nobody.
public struct ObservedTable: Sendable, Equatable {
  private struct Line: Sendable, Equatable {
    var text: String
    var run: ObservedRun?
  }

  private var lines: [Line] = []
  /// What is wrong with lines that cannot be read: file, line and field each.
  public private(set) var problems: [InputError] = []

  /// Largest file that is read, bytes: some ten thousand runs.
  public static let mostBytes = 64 << 20

  /// Most damaged lines that are named; behind them nothing is read: this is no table of runs.
  static let mostProblems = 100

  /// An empty table.
  public init() {}

  /// Reads the text of a table; complexity: O(length).
  public init(text: String, file: String) {
    var ids: Set<String> = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard !line.allSatisfy(\.isWhitespace) else { continue }
      var found: ObservedRun?
      guard problems.count < Self.mostProblems else {
        lines.append(Line(text: String(line), run: nil))
        continue
      }
      do throws(InputError) {
        let node = try JSONLines.node(String(line), file: file, line: index + 1)
        let run = try ObservedRun(node)
        guard ids.insert(run.id).inserted else {
          throw .conflict(
            at: InputPlace(file: file, line: index + 1, field: "id"), problem: "two runs are called '\(run.id)'",
            remedy: "rename one of them")
        }
        found = run
      } catch {
        problems.append(error)
      }
      lines.append(Line(text: String(line), run: found))
    }
  }

  /// The runs, in the order in which they were observed.
  public var runs: [ObservedRun] { lines.compactMap(\.run) }

  /// The text of the file.
  public var text: String { lines.map { $0.text + "\n" }.joined() }

  /// Adds a run at the end.
  public mutating func append(_ run: ObservedRun) { lines.append(Line(text: run.text, run: run)) }

  /// Takes the last run away, the last one for which `condition` holds; nil where there is none.
  public mutating func removeLast(where condition: (ObservedRun) -> Bool = { _ in true }) -> ObservedRun? {
    guard let index = lines.lastIndex(where: { $0.run.map(condition) ?? false }) else { return nil }
    return lines.remove(at: index).run
  }
}
