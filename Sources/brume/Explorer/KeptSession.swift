/// What is on the disk of a session that was left.
struct KeptSession: Equatable {
  /// The file.
  var path: String
  /// It holds the last state, not an earlier one.
  var isWhole: Bool

  /// What a writer has written; nil where that is nothing.
  init?(_ writer: SessionWriter) {
    let kept = writer.kept
    guard kept != .nothing else { return nil }
    path = writer.path
    isWhole = kept == .all
  }
}
