/// The stages of a configuration: how many layers each has, in how many parts, and the schedule.
struct TorchtitanPipeline {
  /// Layers of each stage.
  var layers: [Int]
  /// Parts of a stage.
  var chunks = 1
  /// The schedule.
  var schedule = PipelineSchedule.oneForwardOneBackward
  /// What was taken by default.
  var assumed: [String] = []

  /// Reads the stages; `place` is for messages about what is missing.
  static func read(
    _ options: TorchtitanOptions, stages: Int, layers: Int, at place: InputPlace
  ) throws(InputError) -> TorchtitanPipeline {
    guard stages > 1 else { return TorchtitanPipeline(layers: [layers]) }
    let schedule = options["parallelism.pipeline_parallel_schedule"]
    let name = try schedule?.string() ?? "1F1B"
    let parts = try parts(options, stages: stages, layers: layers, isSingle: isSingle(name), at: place)
    let where_ = parts.place ?? place
    guard parts.counts.count.isMultiple(of: stages) else {
      throw .conflict(
        at: where_, problem: "\(parts.counts.count) parts of the model do not divide over \(stages) stages",
        remedy: "give each stage equally many")
    }
    let chunks = parts.counts.count / stages
    var found = TorchtitanPipeline(layers: parts.counts, chunks: chunks)
    found.assumed = parts.assumed
    if chunks > 1 {
      guard let first = parts.counts.first, parts.counts.allSatisfy({ $0 == first }) else {
        throw .unsupported(
          at: where_,
          what: "parts of \(parts.counts.map(String.init).joined(separator: ", ")) layers that stages hold in turns",
          remedy: "give all parts equally many layers: only such are modelled")
      }
      found.layers = Array(repeating: first * chunks, count: stages)
    }
    found.schedule = try plan(name, chunks: chunks, at: schedule?.place ?? place)
    return found
  }

  /// A schedule of one part a stage.
  private static func isSingle(_ name: String) -> Bool { ["1f1b", "gpipe"].contains(name.lowercased()) }

  private static func plan(_ name: String, chunks: Int, at place: InputPlace) throws(InputError) -> PipelineSchedule {
    switch (name.lowercased(), chunks) {
    case ("1f1b", 1), ("interleaved1f1b", _): return .oneForwardOneBackward
    case ("gpipe", 1), ("loopedbfs", 1): return .gpipe
    case ("interleavedzerobubble", 1): return .zeroBubble
    case ("1f1b", _), ("gpipe", _):
      throw .conflict(
        at: place, problem: "\(chunks) parts a stage with the schedule \(name)", remedy: "take Interleaved1F1B")
    default:
      throw .unsupported(
        at: place, what: "the schedule '\(name)'\(chunks > 1 ? " of \(chunks) parts a stage" : "") is not modelled",
        remedy: "known: 1F1B, Interleaved1F1B, GPipe, InterleavedZeroBubble of one part a stage")
    }
  }

  // MARK: parts

  private struct Parts {
    var counts: [Int]
    var place: InputPlace?
    var assumed: [String] = []
  }

  private static func parts(
    _ options: TorchtitanOptions, stages: Int, layers: Int, isSingle: Bool, at place: InputPlace
  ) throws(InputError) -> Parts {
    if let node = options["parallelism.module_fqns_per_model_part"] { return try named(node, layers: layers) }
    if let node = options["parallelism.pipeline_parallel_split_points"], !(try TorchtitanReading.words(node)).isEmpty {
      return try split(node, layers: layers)
    }
    let first = try options["parallelism.pipeline_parallel_first_stage_less_layers"]?.int(0...10_000) ?? 1
    let last = try options["parallelism.pipeline_parallel_last_stage_less_layers"]?.int(0...10_000) ?? 1
    let all = layers + first + last
    var count = stages * (isSingle ? 1 : 2)
    if let each = try options["parallelism.pipeline_parallel_layers_per_stage"]?.int(1...100_000) {
      count = (all + each - 1) / each
    }
    guard (2...layers).contains(count), all / count >= max(first, last) else {
      throw .conflict(
        at: place, problem: "\(layers) layers do not divide into \(count) parts",
        remedy: "change pipeline_parallel_layers_per_stage or the number of stages")
    }
    // Embedding and head count as layers, so that the first and the last part have fewer.
    var counts = (0..<count).map { all / count + ($0 < all % count ? 1 : 0) }
    counts[0] -= first
    counts[count - 1] -= last
    guard counts.allSatisfy({ $0 > 0 }) else {
      throw .unsupported(
        at: place, what: "a stage without layers (\(counts.map(String.init).joined(separator: ", ")))",
        remedy: "give module_fqns_per_model_part with a layer in each")
    }
    return Parts(
      counts: counts,
      assumed: ["stages of \(counts.map(String.init).joined(separator: ", ")) layers, torchtitan's default"])
  }

  /// `[["tok_embeddings", "layers.0"], ["layers.1", "norm", "lm_head"]]`.
  private static func named(_ node: ConfigNode, layers: Int) throws(InputError) -> Parts {
    var (counts, next) = ([Int](), 0)
    for part in try node.list(1...10_000) {
      let before = next
      for module in try part.list(0...100_000) {
        let name = try module.string()
        guard name.hasPrefix("layers.") else { continue }
        guard name == "layers.\(next)" else {
          throw .conflict(
            at: module.place, problem: "'\(name)' stands where layers.\(next) is due",
            remedy: "name all layers once, in their order")
        }
        next += 1
      }
      counts.append(next - before)
    }
    guard next == layers else {
      throw .conflict(
        at: node.place, problem: "\(next) layers are named, the model has \(layers)", remedy: "name all layers once")
    }
    guard counts.allSatisfy({ $0 > 0 }) else {
      throw .unsupported(
        at: node.place, what: "a part of the model without layers",
        remedy: "give each part at least one: only such "
          + "are modelled")
    }
    return Parts(counts: counts, place: node.place)
  }

  /// `layers.8,layers.16`: the first layer of each part but the first.
  private static func split(_ node: ConfigNode, layers: Int) throws(InputError) -> Parts {
    var bounds = [0]
    for point in try TorchtitanReading.words(node) {
      let parts = point.split(separator: ".")
      guard parts.count == 2, parts[0] == "layers", let layer = Int(parts[1]), layer > bounds[bounds.count - 1],
        layer < layers
      else { throw node.wrong("rising names of layers, such as layers.8, below layers.\(layers)") }
      bounds.append(layer)
    }
    bounds.append(layers)
    return Parts(counts: zip(bounds.dropFirst(), bounds).map { $0 - $1 }, place: node.place)
  }
}
