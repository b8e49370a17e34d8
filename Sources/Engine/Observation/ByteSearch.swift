import Foundation

/// Looks for a few words in many bytes, all at once.
struct ByteSearch: Sendable {
  private let words: [StaticString]
  /// Of each byte the words that begin with it, a bit each.
  private var beginning = [UInt32](repeating: 0, count: 256)

  /// A search for words, at most 32 and none empty.
  init(_ words: [StaticString]) {
    precondition(words.count <= 32 && words.allSatisfy { $0.utf8CodeUnitCount > 0 })
    self.words = words
    for (index, word) in words.enumerated() { beginning[Int(word.utf8Start[0])] |= 1 << index }
  }

  /// Where the first of the words stands that comes first; nil where none does.
  ///
  /// Complexity: O(bytes), where few places begin as a word does.
  func first(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    beginning.withUnsafeBufferPointer { beginning in
      for index in bytes.indices {
        var candidates = beginning[Int(bytes[index])]
        while candidates != 0 {
          let word = words[candidates.trailingZeroBitCount]
          if Self.stands(word, in: bytes, at: index) { return index }
          candidates &= candidates - 1
        }
      }
      return nil
    }
  }

  /// Where a word first stands; nil where it does not.
  static func first(_ word: StaticString, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    var start = 0
    while start < bytes.count, let found = memchr(base + start, Int32(word.utf8Start[0]), bytes.count - start) {
      let place = UnsafeRawPointer(found) - UnsafeRawPointer(base)
      if stands(word, in: bytes, at: place) { return place }
      start = place + 1
    }
    return nil
  }

  private static func stands(_ word: StaticString, in bytes: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
    let count = word.utf8CodeUnitCount
    guard let base = bytes.baseAddress, bytes.count - place >= count else { return false }
    return memcmp(base + place, word.utf8Start, count) == 0
  }
}
