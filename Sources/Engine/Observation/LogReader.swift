/// Finds times and memory in the lines of one launcher, one line after the other.
protocol LogReader: Sendable {
  /// Who writes such logs.
  var writer: String { get }
  /// What it looks for, for errors.
  var looksLike: String { get }
  /// A line in which none of these stands says nothing.
  var marks: [StaticString] { get }

  /// Takes the next line that may say something.
  mutating func take(_ line: LogLine)
  /// What the lines so far say.
  var found: RunLog.Findings { get }
}
