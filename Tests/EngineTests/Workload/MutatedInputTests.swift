import Testing

@testable import Engine

@Suite struct MutatedInputTests {
  /// SplitMix64: the same inputs on every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
  }

  private let pieces = [
    "-1", "0", "1e309", ".nan", "inf", "9999999999999999999999", "[", "]", "{", "}", ":", ": ", "\n", "- ", "? ", "&a ",
    "*a", "!!x ", "\"", "'", "#", "\t", "null", "~", "true", "%", "@", "`", "|\n", ">\n", "---\n", "...\n", "\u{0}",
    "\u{FEFF}", "\u{2028}", "é", "1x1", "x", "..", "1_", "0.5", "<<: ", "\\", "\r",
  ]

  private func mutate(_ text: String, _ generator: inout Generator) -> String {
    var units = Array(text.unicodeScalars)
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let at = Int.random(in: 0..<max(1, units.count), using: &generator)
      let length = min(Int.random(in: 0...6, using: &generator), units.count - at)
      let piece = pieces.randomElement(using: &generator) ?? ""
      switch Int.random(in: 0...3, using: &generator) {
      case 0: units.replaceSubrange(at..<at + length, with: [])
      case 1: units.replaceSubrange(at..<at + length, with: Array(piece.unicodeScalars))
      case 2: units.insert(contentsOf: Array(piece.unicodeScalars), at: at)
      default: units.insert(contentsOf: units[at..<at + length], at: Int.random(in: 0...units.count, using: &generator))
      }
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: units)
    return String(result)
  }

  @Test("mutated workloads are read or refused with a place, never trapped on, and what is read can be written")
  func workloads() throws {
    var generator = Generator(state: 7)
    let texts = try [
      WorkloadWriter.yaml(of: WorkloadSource.load("gpt-7b-8xl4")), ShippedFiles.text("samples/gpt-7b-8xl4.yaml") ?? "",
    ]
    var read = 0
    for round in 0..<600 {
      let text = mutate(texts[round % 5 == 0 ? 0 : 1], &generator)
      do {
        let workload = try WorkloadSource.load("-", standardInput: text)
        #expect(try WorkloadSource.load("-", standardInput: WorkloadWriter.yaml(of: workload)) == workload)
        read += 1
      } catch {
        let message = "\(error)"
        #expect(message.contains("stdin") || message.contains("no such file"), "\(message)")
      }
    }
    #expect(read > 20 && read < 580)
  }

  @Test("mutated config.json files are read or refused, never trapped on")
  func configs() throws {
    var generator = Generator(state: 11)
    let families = HuggingFaceConfig.families.map(\.modelType)
    var read = 0
    for round in 0..<1_600 {
      let text =
        "{\"model_type\": \"\(families[round % families.count])\", \"hidden_size\": 64, \"intermediate_size\": 128, "
        + "\"num_attention_heads\": 4, \"num_hidden_layers\": 2, \"vocab_size\": 100, \"n_embd\": 64, \"n_layer\": 2, "
        + "\"n_head\": 4, \"d_model\": 64, \"n_heads\": 4, \"n_layers\": 2, \"expansion_ratio\": 4, \"ffn_dim\": 9, "
        + "\"num_key_value_heads\": 2, \"attn_config\": {\"attn_type\": \"multihead_attention\"}, \"bias\": true}"
      let input = round < families.count ? text : mutate(text, &generator)
      do {
        let root = try ConfigNode.parse(input, file: "config.json")
        let shape = try HuggingFaceConfig.read(root, name: "m").shape
        #expect(shape.parameterCount(sequenceLength: 16).isFinite && shape.heads % shape.keyValueHeads == 0)
        read += 1
      } catch {
        #expect("\(error)".hasPrefix("config.json"))
      }
    }
    #expect(read > 100)
  }
}
