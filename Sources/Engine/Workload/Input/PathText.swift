/// Paths as text.
///
/// Not by Foundation's `NSString`, whose `deletingLastPathComponent` ends the process for a name of one letter (Swift 6.3
/// on Linux).
public enum PathText {
  /// The folder of a path: `a/b` for `a/b/c`, `/` for `/a`, and nothing for a name alone.
  public static func folder(of path: String) -> String {
    let bytes = Array(path.utf8)
    guard let end = bytes.lastIndex(where: { $0 != slash }) else { return bytes.isEmpty ? "" : "/" }
    guard let last = bytes[...end].lastIndex(of: slash) else { return "" }
    guard let start = bytes[...last].lastIndex(where: { $0 != slash }) else { return "/" }
    return String(decoding: bytes[...start], as: UTF8.self)
  }

  private static let slash = UInt8(ascii: "/")
}
