import Foundation

/// The name of this machine, as it may stand in names of files.
public enum HostName {
  /// Letters, digits, dots and underscores, at most 48 of them; `host` where the machine has no name.
  public static var current: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "host" }
    return plain(String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  /// A name without what separates the parts of a file's name.
  static func plain(_ name: String) -> String {
    let kept = name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") }.prefix(48)
    return kept.isEmpty ? "host" : String(kept)
  }
}
