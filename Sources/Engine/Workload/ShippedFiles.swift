import CShipped

/// The files that ship inside the binary: samples, models, hardware, themes.
public enum ShippedFiles {
  /// Paths from the repository's root, in a fixed order.
  public static let paths: [String] = (0..<brume_shipped_count()).map {
    String(cString: brume_shipped_file_at($0).path)
  }

  /// The text of one of `paths`, or nil for another path.
  ///
  /// Complexity: O(number of files + size of the file).
  public static func text(_ path: String) -> String? {
    guard let index = paths.firstIndex(of: path) else { return nil }
    let file = brume_shipped_file_at(index)
    return String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.count), as: UTF8.self)
  }
}
