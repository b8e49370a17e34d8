/// Something that a person does again and again, and what it may cost.
struct MeasuredAction {
  /// What is done.
  var name: String
  /// Keys that lead there, once.
  var before: String
  /// Keys that do it, one after the other, again from the first after the last.
  var keys: [String]
  /// Keys that lead back.
  var after = ""
  /// Times that it is done, as a share of what was asked for.
  var share = 1.0
  /// Most bytes of one; nil without a bar.
  var mostBytes: Int?
  /// Most milliseconds to the last byte, of 99 in 100; nil without a bar.
  var mostMilliseconds: Double?
  /// It starts searches: each is waited for before the next.
  var searches = false

  /// The first stage's layers: from the row of the run down to the first stage, and to the left end.
  private static let cell = "2gjj" + String(repeating: "h", count: 14)

  /// What is measured; a full screen may cost 40 KB.
  static let all = [
    MeasuredAction(name: "a key that means nothing", before: "", keys: ["Y"], share: 0.25, mostBytes: 0),
    MeasuredAction(
      name: "cursor in the stage table", before: cell, keys: ["l", "h", "j", "k"], share: 2, mostBytes: 200,
      mostMilliseconds: 16),
    MeasuredAction(
      name: "edit: + and - on a cell", before: cell, keys: ["-", "+"], share: 3, mostBytes: 1_500,
      mostMilliseconds: 16),
    MeasuredAction(
      name: "edit: a layer moved, and back", before: cell, keys: ["]", "u"], mostBytes: 1_500, mostMilliseconds: 16),
    MeasuredAction(
      name: "undo, redo", before: cell + "-", keys: ["u", "U"], after: "u", mostBytes: 1_500, mostMilliseconds: 16),
    MeasuredAction(name: "pin, unpin", before: cell, keys: ["p"], mostBytes: 1_500, mostMilliseconds: 16),
    MeasuredAction(
      name: "list of values, to its first frame", before: cell, keys: ["\r", "\u{1B}"], share: 0.5, mostBytes: 40_000),
    MeasuredAction(name: "another pane", before: "", keys: ["3", "4", "1", "2"], mostBytes: 40_000),
    MeasuredAction(
      name: "step along the frontier", before: "1", keys: ["h", "h", "l", "l"], after: "\u{1B}", mostBytes: 40_000),
    MeasuredAction(
      name: "timeline cursor", before: "4", keys: ["l", "l", "h", "h"], mostBytes: 200, mostMilliseconds: 16),
    MeasuredAction(name: "theme", before: "", keys: ["T"], share: 0.5, mostBytes: 40_000),
    MeasuredAction(name: "full redraw", before: "", keys: ["\u{C}"], share: 0.5, mostBytes: 40_000),
    MeasuredAction(
      name: "edit of the workload, and undo", before: "2g", keys: ["+", "u"], after: "", share: 0.1, searches: true),
  ]
}
