/// Finds the name that a person probably meant.
public enum Suggestion {
  /// The candidate nearest to `word`, where it is near enough to be a slip; the first of equals.
  ///
  /// Near enough: at most one edit for each three letters (two at least), letter case and separators aside.
  /// Complexity: O(candidates x length squared); words longer than 64 letters get no suggestion.
  public static func nearest(to word: String, in candidates: [String]) -> String? {
    let plain = normalized(word)
    guard !plain.isEmpty, plain.count <= 64 else { return nil }
    let limit = max(min(2, plain.count - 1), plain.count / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let other = normalized(candidate)
      guard abs(other.count - plain.count) <= limit else { continue }
      let distance = editDistance(plain, other)
      if distance <= limit, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that turn `left` into `right`.
  static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    if left.isEmpty { return right.count }
    if right.isEmpty { return left.count }
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in 1...left.count {
      var current = [Int](repeating: row, count: right.count + 1)
      for column in 1...right.count {
        let same = left[row - 1] == right[column - 1]
        current[column] = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
          current[column] = min(current[column], beforeLast[column - 2] + 1)
        }
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }

  private static func normalized(_ text: String) -> [UInt8] {
    text.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: " ") }
  }
}
