import Engine

/// One reader of files or of words, with real texts for it and what is done with what it reads.
public struct FuzzedReader: Sendable {
  /// What the input is written in: how it can be changed.
  public enum Form: Sendable {
    /// YAML: texts and trees are changed.
    case yaml
    /// One JSON document.
    case json
    /// JSON lines.
    case lines
    /// Anything else: texts are changed.
    case plain
  }

  /// How an input ended.
  public enum Outcome: Sendable {
    /// It was read, and what it says was used.
    case read
    /// It says nothing, without an error: a log without times, a machine of which nothing was seen.
    case nothing
  }

  /// Its name, for messages and to replay an input.
  public let name: String
  /// Real texts.
  let corpus: [String]
  /// How they are changed.
  let form: Form
  /// Its part of a sweep beside the others; 1 of the dearest.
  let weight: Int
  /// With what each error's text starts; nil where the error names no file (words of the command line).
  let place: String?
  /// Reads and uses; the number is that of the input, so that dear uses may be kept for some of them. Throws what the
  /// module says, and `FuzzFinding` where what was read is wrong.
  let read: @Sendable (String, Int) throws -> Outcome
  /// The parsed texts, where the form has trees.
  private let trees: [ConfigNode]

  /// A reader.
  public init(
    _ name: String, _ form: Form, weight: Int = 1, place: String?, corpus: [String],
    read: @escaping @Sendable (String, Int) throws -> Outcome
  ) {
    self.name = name
    self.form = form
    self.weight = weight
    self.place = place
    self.corpus = corpus
    self.read = read
    trees =
      switch form {
      case .yaml, .json: corpus.compactMap { try? ConfigNode.parse($0, file: name) }
      case .lines:
        corpus.flatMap { $0.split(separator: "\n") }.prefix(200).compactMap {
          try? ConfigNode.parse(String($0), file: name)
        }
      case .plain: []
      }
  }

  /// The input of a number; always the same. No longer than the program reads a file.
  public func input(_ index: Int) -> String {
    guard index >= corpus.count else { return corpus[index] }
    let text = mutation(index)
    return text.utf8.count <= ConfigNode.maximumBytes
      ? text : String(decoding: text.utf8.prefix(ConfigNode.maximumBytes), as: UTF8.self)
  }

  private func mutation(_ index: Int) -> String {
    var seed: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var random = SyntheticPipelines.Sequence(seed: seed &+ UInt64(index) &* 0x2545_F491_4F6C_DD1D)
    if let tree = trees.randomElement(using: &random), Int.random(in: 0..<5, using: &random) < 3 {
      let text = TreeMutator.mutate(tree, asJSON: form != .yaml, &random)
      guard form == .lines else { return text }
      let lines = corpus.randomElement(using: &random)?.split(separator: "\n") ?? []
      return (lines.dropLast(Int.random(in: 0...lines.count, using: &random)).map(String.init) + [text])
        .joined(separator: "\n") + "\n"
    }
    let (text, other) = (corpus.randomElement(using: &random) ?? "", corpus.randomElement(using: &random) ?? "")
    return TextMutator.mutate(text, other, &random)
  }
}

/// What a sweep found wrong with what was read.
public struct FuzzFinding: Error, CustomStringConvertible {
  /// What is wrong.
  public let description: String

  /// A finding.
  public init(_ description: String) { self.description = description }

  /// Throws where something does not hold.
  public static func check(_ holds: Bool, _ text: @autoclosure () -> String) throws(FuzzFinding) {
    guard holds else { throw FuzzFinding(text()) }
  }
}

extension FuzzedReader {
  /// What is said of real texts that are not read: the mutations would start from what is wrong already.
  public func failuresOfCorpus() -> [String] {
    corpus.indices.compactMap { index in
      do {
        _ = try read(corpus[index], index)
        return nil
      } catch {
        return "\(name):\(index): \(error)"
      }
    }
  }
}
