/// The model.
extension MegatronArguments {
  /// The shape that the arguments say; what they leave open is Megatron-LM's default, the vocabulary that of `--model`.
  mutating func model(_ degrees: MegatronDegrees) throws(InputError) -> ModelShape {
    let base = try named()
    let says = [MegatronOption.layers, .encoderLayers, .hidden, .heads].contains { options[$0.key] != nil }
    if !says {
      guard var base else {
        throw .missing(
          at: file, key: MegatronOption.layers.flag,
          expected: "in the script (with --hidden-size and --num-attention-heads), or give --model")
      }
      base.vocabulary = padded(base.vocabulary, try multiple(degrees))
      return base
    }
    var shape = try given(base, degrees)
    if let base {
      try compare(shape, base)
      (shape.name, shape.source) = (base.name, base.source)
    } else if let same = try Catalogue.models.first(where: { $0.isShaped(as: shape) }) {
      (shape.name, shape.source) = (same.name, same.source)
    }
    return shape
  }

  private func named() throws(InputError) -> ModelShape? {
    guard let model = context.model else { return nil }
    return try WorkloadSource.model(
      ConfigNode(place: InputPlace(file: "--model"), content: .scalar(model, quoted: false)), folder: nil)
  }

  private mutating func given(_ base: ModelShape?, _ degrees: MegatronDegrees) throws(InputError) -> ModelShape {
    func required(_ option: MegatronOption, _ value: Int?) throws(InputError) -> Int {
      guard let value else { throw .missing(at: file, key: option.flag, expected: "in the script") }
      return value
    }
    var layers = try count(.layers, 1...ModelReader.maximumLayers)
    if layers == nil { layers = try count(.encoderLayers, 1...ModelReader.maximumLayers) }
    let hidden = try required(.hidden, try count(.hidden, 1...ModelReader.maximumHidden))
    let heads = try required(.heads, try count(.heads, 1...100_000))
    let (swiglu, geglu) = (try isOn(.swiglu), try isOn(.quickGeglu))
    let plain = try isOn(.noLinearBias)
    let addsBias = try isOn(.queryKeyValueBias)
    let ffn = try count(.feedForward, 1...10_000_000) ?? (swiglu ? max(64, hidden * 8 / 3 / 64 * 64) : 4 * hidden)
    let shape = ModelShape(
      name: Self.name(of: context.file), hidden: hidden, feedForward: ffn, layers: try required(.layers, layers),
      heads: heads, keyValueHeads: try isOn(.groupQuery) ? try count(.queryGroups, 1...100_000) ?? 1 : heads,
      headWidth: try headWidth(hidden, heads), vocabulary: try vocabulary(base, degrees),
      gatedFeedForward: swiglu || geglu, normalization: try normalization(), queryKeyValueBias: !plain || addsBias,
      linearBias: !plain, positions: try positions(), tiedEmbeddings: try !isOn(.untied),
      source: "arguments in \(PlainText.line(context.file, most: 400))")
    try ModelReader.checkHeads(shape, at: place(of: .queryGroups))
    return shape
  }

  private func headWidth(_ hidden: Int, _ heads: Int) throws(InputError) -> Int {
    if let width = try count(.headWidth, 1...ModelReader.maximumHidden) { return width }
    guard hidden.isMultiple(of: heads) else {
      throw .conflict(
        at: place(of: .heads), problem: "--hidden-size \(hidden) is no multiple of \(heads) heads",
        remedy: "change one of them, or give --kv-channels")
    }
    return hidden / heads
  }

  private func normalization() throws(InputError) -> Normalization {
    switch try text(.normalization) {
    case nil, "LayerNorm": return .layerNorm
    case "RMSNorm": return .rmsNorm
    case let other?:
      throw .value(at: place(of: .normalization), found: "'\(other)'", expected: "LayerNorm or RMSNorm")
    }
  }

  private mutating func positions() throws(InputError) -> PositionEncoding {
    if try isOn(.rotary) { return .rotary }
    guard let option = options[MegatronOption.positions.key] else {
      assumed.append("learned positions: Megatron-LM's default")
      return .learned
    }
    switch option.values.first?.value {
    case "learned_absolute": return .learned
    case "rope", "yarn", "mrope": return .rotary
    case "none": return .none
    case "relative":
      throw .unsupported(
        at: option.place, what: "relative positions, a bias in every layer's attention",
        remedy: "they are not modelled: take rope or learned_absolute")
    default:
      throw .value(
        at: option.place, found: "'\(option.values.first?.text ?? "")'", expected: "learned_absolute, rope or none")
    }
  }

  /// Rows of the embedding: as they are given, or the tokenizer's padded as Megatron-LM pads them.
  private mutating func vocabulary(_ base: ModelShape?, _ degrees: MegatronDegrees) throws(InputError) -> Int {
    let range = 1...100_000_000
    if let rows = try count(.paddedVocabulary, range) { return rows }
    let multiple = try multiple(degrees)
    if let own = try count(.vocabulary, range) { return padded(own, multiple) }
    if let base {
      let rows = padded(base.vocabulary, multiple)
      assumed.append(
        "\(rows) rows of the embedding: the vocabulary of \(base.name), padded to a multiple of \(multiple)")
      return rows
    }
    let tokenizer = try text(.tokenizer)
    var known: (count: Int, whose: String)?
    if tokenizer == "GPT2BPETokenizer" || tokenizer == nil && options[MegatronOption.mergeFile.key] != nil {
      known = (50_257, "GPT-2's")
    } else if tokenizer == "Llama2Tokenizer" {
      known = (32_000, "Llama 2's")
    }
    guard let known else {
      throw .missing(
        at: place(of: .tokenizer), key: MegatronOption.vocabulary.flag,
        expected: "in the script, or give --model: the tokenizer is not read")
    }
    let rows = padded(known.count, multiple)
    assumed.append(
      "\(rows) rows of the embedding: \(known.whose) vocabulary of \(known.count), padded to a multiple of \(multiple)")
    return rows
  }

  private func multiple(_ degrees: MegatronDegrees) throws(InputError) -> Int {
    (try count(.vocabularyMultiple, 1...1_000_000) ?? 128) * degrees.tensor
  }

  private func padded(_ count: Int, _ multiple: Int) -> Int { (count + multiple - 1) / multiple * multiple }

  /// Notes where the table of learned positions is larger than the sequence.
  mutating func notePositions(_ shape: ModelShape, _ run: TrainingRun) throws(InputError) {
    guard let rows = try count(.maximumPositions) else { return }
    guard rows >= run.sequenceLength else {
      throw .conflict(
        at: place(of: .maximumPositions), problem: "\(rows) positions for sequences of \(run.sequenceLength) tokens",
        remedy: "Megatron-LM asks for at least as many")
    }
    guard shape.positions == .learned, rows > run.sequenceLength else { return }
    warnings.append(
      "\(MegatronOption.maximumPositions.flag) \(rows): the prediction has a table of \(run.sequenceLength) positions")
  }

  /// Throws where `--model` is not what the arguments say; a padded vocabulary is.
  private func compare(_ shape: ModelShape, _ base: ModelShape) throws(InputError) {
    let pairs: [(MegatronOption, String, String)] = [
      (.layers, "\(shape.layers)", "\(base.layers)"), (.hidden, "\(shape.hidden)", "\(base.hidden)"),
      (.feedForward, "\(shape.feedForward)", "\(base.feedForward)"), (.heads, "\(shape.heads)", "\(base.heads)"),
      (.queryGroups, "\(shape.keyValueHeads)", "\(base.keyValueHeads)"),
      (.headWidth, "\(shape.headWidth)", "\(base.headWidth)"),
      (.swiglu, "\(shape.gatedFeedForward)", "\(base.gatedFeedForward)"),
      (.normalization, shape.normalization.rawValue, base.normalization.rawValue),
      (.positions, shape.positions.rawValue, base.positions.rawValue),
      (.untied, "\(!shape.tiedEmbeddings)", "\(!base.tiedEmbeddings)"),
    ]
    for (option, own, other) in pairs where own != other {
      throw .conflict(
        at: place(of: option), problem: "\(option.flag) is \(own), but --model \(base.name) has \(other)",
        remedy: "change one of them, or leave --model out")
    }
  }

  /// The name of a file without folders and ending.
  private static func name(of file: String) -> String {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    let stem = last.split(separator: ".").first.map(String.init) ?? last
    return PlainText.name(stem, or: "megatron")
  }
}

extension ModelShape {
  /// Whether two models cost the same: all but name and source.
  func isShaped(as other: ModelShape) -> Bool {
    var same = other
    (same.name, same.source) = (name, source)
    return same == self
  }
}
