/// What a configuration of torchtitan says, by the dotted names of its options: `parallelism.tensor_parallel_degree`.
///
/// TOML, Python and command lines all become this; names of older releases become those of release 0.3.
struct TorchtitanOptions {
  /// An option with its value.
  struct Entry {
    /// Its name, as of release 0.3.
    var name: String
    /// Its value; a called class or function is the text of its name.
    var node: ConfigNode
  }

  /// All options, in the order in which they were met.
  private(set) var entries: [Entry] = []
  /// Options whose values only a run would tell, with what is written and where.
  private(set) var unresolved: [(name: String, text: String, place: InputPlace)] = []
  private var index: [String: Int] = [:]

  /// Most options of a configuration.
  static let limit = 20_000

  /// The value of an option; nil where it is not there or null.
  subscript(name: String) -> ConfigNode? { index[name].flatMap { entries[$0].node.isNull ? nil : entries[$0].node } }

  /// The value of an option with its null.
  func stated(_ name: String) -> ConfigNode? { index[name].map { entries[$0].node } }

  /// Sets an option; the last value counts. Options below one that is set to a new object are not forgotten.
  mutating func set(_ name: String, _ node: ConfigNode) throws(InputError) {
    let name = Self.current(name)
    unresolved.removeAll { $0.name == name }
    if let known = index[name] {
      entries[known].node = node
      return
    }
    guard entries.count < Self.limit else { throw Self.tooMany(node.place) }
    index[name] = entries.count
    entries.append(Entry(name: name, node: node))
  }

  /// Notes an option whose value only a run would tell.
  mutating func leave(_ name: String, text: String, at place: InputPlace) throws(InputError) {
    guard entries.count + unresolved.count < Self.limit else { throw Self.tooMany(place) }
    unresolved.append((Self.current(name), text, place))
  }

  private static func tooMany(_ place: InputPlace) -> InputError {
    .unsupported(
      at: InputPlace(file: place.file, line: place.line), what: "more than \(limit) options",
      remedy: "leave out those that are not torchtitan's")
  }

  // MARK: sources

  /// Adds a mapping of TOML.
  mutating func add(_ node: ConfigNode, prefix: String = "") throws(InputError) {
    guard case .mapping(let mapped) = node.content else { return try set(prefix, node) }
    for entry in mapped {
      var value = entry.value
      value.place.line = entry.line ?? value.place.line
      try add(value, prefix: prefix.isEmpty ? entry.key : "\(prefix).\(entry.key)")
    }
  }

  /// Adds the arguments of a Python object and what is inside them.
  mutating func add(_ node: PythonNode, name: String, file: String) throws(InputError) {
    let place = InputPlace(file: file, line: node.line, field: name)
    switch node.value {
    case .unknown(let text): try leave(name, text: text, at: place)
    case .call(let call):
      if !name.isEmpty { try set(name, ConfigNode(place: place, content: .scalar(call.name, quoted: true))) }
      for (index, value) in call.positional.enumerated() {
        try add(value, name: Self.joined(name, "\(index + 1)"), file: file)
      }
      for keyword in call.keywords { try add(keyword.value, name: Self.joined(name, keyword.name), file: file) }
    case .list(let items):
      for (index, item) in items.enumerated() {
        if case .call = item.value { try add(item, name: Self.joined(name, "\(index + 1)"), file: file) }
      }
      if let text = Self.firstUnknown(items, depth: 0) {
        try leave(name, text: text, at: place)
      } else {
        try set(name, Self.node(node, place))
      }
    default: try set(name, Self.node(node, place))
    }
  }

  /// The first item that only a run would tell.
  private static func firstUnknown(_ items: [PythonNode], depth: Int) -> String? {
    for item in items {
      switch item.value {
      case .unknown(let text): return text
      case .list(let inner) where depth < 8:
        if let text = firstUnknown(inner, depth: depth + 1) { return text }
      default: continue
      }
    }
    return nil
  }

  private static func joined(_ prefix: String, _ name: String) -> String {
    prefix.isEmpty ? name : "\(prefix).\(name)"
  }

  private static func node(_ node: PythonNode, _ place: InputPlace) -> ConfigNode {
    let place = InputPlace(file: place.file, line: node.line, field: place.field)
    func scalar(_ text: String, quoted: Bool = false) -> ConfigNode {
      ConfigNode(place: place, content: .scalar(text, quoted: quoted))
    }
    return switch node.value {
    case .none: scalar("null")
    case .bool(let value): scalar(value ? "true" : "false")
    case .int(let value): scalar("\(value)")
    case .double(let value): scalar(Quantity.text(value))
    case .string(let text): scalar(text, quoted: true)
    case .list(let items): ConfigNode(place: place, content: .sequence(items.map { self.node($0, place) }))
    case .call(let call): scalar(call.name, quoted: true)
    case .name(let name): scalar(name, quoted: true)
    case .unknown(let text): scalar(text, quoted: true)
    }
  }

  // MARK: older names

  private static let degrees = [
    "data_parallel_replicate_degree", "data_parallel_shard_degree", "tensor_parallel_degree", "context_parallel_degree",
    "pipeline_parallel_degree", "pipeline_parallel_schedule", "pipeline_parallel_split_points",
    "pipeline_parallel_microbatches", "pipeline_parallel_microbatch_size", "pipeline_parallel_layers_per_stage",
    "pipeline_parallel_schedule_csv", "context_parallel_rotate_method", "fsdp_reshard_after_forward",
  ]

  private static let renamed = [
    "training.batch_size": "training.local_batch_size", "training.compile": "compile.enable",
    "parallelism.enable_async_tensor_parallel": "compile.enable_async_tensor_parallel",
    "experimental.enable_async_tensor_parallel": "compile.enable_async_tensor_parallel",
    "model.hf_assets_path": "hf_assets_path",
  ]

  /// The name of release 0.3 for one of an older release; others stay.
  static func current(_ name: String) -> String {
    if let new = renamed[name] { return new }
    let parts = name.split(separator: ".", maxSplits: 1)
    guard parts.count == 2, parts[0] == "training" || parts[0] == "experimental", degrees.contains(String(parts[1]))
    else {
      return name.hasPrefix("float8.") ? "quantize.linear.\(name)" : name
    }
    return "parallelism.\(parts[1])"
  }
}
