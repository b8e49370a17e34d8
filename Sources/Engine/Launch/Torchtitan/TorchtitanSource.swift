/// A configuration of torchtitan as its files say it: TOML of releases up to 0.2, Python of 0.3, and the command line.
struct TorchtitanSource {
  /// Its options.
  var options = TorchtitanOptions()
  /// It is of release 0.3 or later, where the configuration is Python.
  var isPython = false
  /// The function `model_registry` is that of torchtitan's llama3.
  var isLlama = true
  /// What was not followed, with its line.
  var notes: [String] = []
  /// Nodes and GPUs of each that torchrun is told.
  var place = LaunchPlace()

  /// Kinds of text.
  private enum Kind {
    case toml
    case python
    case shell
  }

  /// Reads a text by its kind: the ending of the file's name, or what its first lines look like.
  static func read(_ text: String, _ context: LaunchContext) throws(InputError) -> TorchtitanSource {
    var source = TorchtitanSource()
    switch kind(text, context.file) {
    case .toml: try source.options.add(try TOMLReader.parse(text, file: context.file))
    case .python: try source.addPython(text, function: nil, file: context.file)
    case .shell: try source.addScript(text, context, depth: 0)
    }
    return source
  }

  private static func kind(_ text: String, _ file: String) -> Kind {
    let name = file.lowercased()
    if name.hasSuffix(".toml") { return .toml }
    if name.hasSuffix(".py") { return .python }
    if [".sh", ".slurm", ".sbatch", ".bash"].contains(where: name.hasSuffix) { return .shell }
    let lines = text.split(whereSeparator: \.isNewline).prefix(400).map { line in
      line.drop { $0 == " " || $0 == "\t" }
    }
    guard let first = lines.first(where: { !$0.isEmpty && !$0.hasPrefix("#") }) else { return .shell }
    if first.hasPrefix("["), first.contains("]"), !first.hasPrefix("[[ ") { return .toml }
    let isPython = lines.contains { $0.hasPrefix("def ") || $0.hasPrefix("from torchtitan") }
    return isPython ? .python : .shell
  }

  // MARK: Python

  /// Adds what a function of a Python file returns; where none is named, the only one that returns a configuration.
  mutating func addPython(_ text: String, function: String?, file: String) throws(InputError) {
    isPython = true
    var evaluator = try PythonEvaluator(text, file: file)
    var chosen: (name: String, call: PythonCall, line: Int)?
    if let function {
      guard case .call(let call)? = evaluator.call(function)?.value else {
        throw .unknownName(
          at: InputPlace(file: file), kind: "configuration function", name: function, suggestion: nil,
          known: evaluator.functions)
      }
      chosen = (function, call, evaluator.line(of: function) ?? 1)
    } else {
      var found: [(name: String, call: PythonCall, line: Int)] = []
      for name in evaluator.functions {
        var own = evaluator
        guard case .call(let call)? = own.call(name)?.value, Self.isConfiguration(call.name) else { continue }
        found.append((name, call, evaluator.line(of: name) ?? 1))
      }
      guard found.count <= 1 else { throw Self.several(found.map(\.name), file) }
      chosen = found.first
      if let chosen { _ = evaluator.call(chosen.name) }
    }
    guard let chosen else {
      throw .unsupported(
        at: InputPlace(file: file), what: "no function that returns Trainer.Config(...) is in it",
        remedy: "name the file of the configuration: config_registry.py")
    }
    notes += evaluator.notes
    isLlama = Self.isLlama(evaluator.imports, function: chosen.name)
    try add(chosen.call, of: chosen.name, at: InputPlace(file: file, line: chosen.line))
  }

  /// Whether a file's `model_registry` makes Llama 3: it comes from there, or from the file's own package, which is
  /// about Llama 3.
  private static func isLlama(_ imports: [(module: String, name: String)], function: String) -> Bool {
    guard let registry = imports.last(where: { $0.name == "model_registry" }) else { return true }
    if registry.module.contains("llama3") { return true }
    guard registry.module.hasPrefix(".") else { return false }
    return function.hasPrefix("llama3") || imports.contains { $0.name.hasPrefix("Llama3") }
  }

  private static func isConfiguration(_ name: String) -> Bool {
    name.hasSuffix("Trainer.Config") || TorchtitanShipped.options(last(name)) != nil
  }

  private static func last(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }

  private static func several(_ names: [String], _ file: String) -> InputError {
    let stem = file.split(separator: "/").last.map { $0.hasSuffix(".py") ? $0.dropLast(3) : $0 } ?? ""
    return .unsupported(
      at: InputPlace(file: file), what: "it has several configurations: \(names.prefix(12).joined(separator: ", "))",
      remedy: "import a line that names one, in a file beside it: "
        + "torchrun -m torchtitan.train --module \(stem) --config \(names[0])")
  }

  private mutating func add(_ call: PythonCall, of function: String, at place: InputPlace) throws(InputError) {
    if let shipped = TorchtitanShipped.options(Self.last(call.name)) {
      try add(shipped, at: place)
    } else {
      guard Self.isConfiguration(call.name) else {
        throw .unsupported(
          at: place, what: "\(function) returns \(call.name)(...), which only a run would tell",
          remedy: "return Trainer.Config(...) with its values")
      }
    }
    for keyword in call.keywords { try options.add(keyword.value, name: keyword.name, file: place.file) }
  }

  private mutating func add(_ shipped: [(name: String, value: String)], at place: InputPlace) throws(InputError) {
    for option in shipped {
      try options.set(
        option.name,
        ConfigNode(
          place: InputPlace(file: place.file, line: place.line, field: option.name),
          content: .scalar(option.value, quoted: false)))
    }
  }

  // MARK: what a command names

  /// Adds the configuration that `--module` and `--config` name: a shipped one, or one in a file beside.
  mutating func addModule(
    _ module: String, _ config: String, at place: InputPlace, _ context: LaunchContext
  ) throws(InputError) {
    isPython = true
    guard TorchtitanShipped.modules.contains(module) else {
      guard !module.contains(".") else {
        throw .unsupported(
          at: place, what: "the module '\(module)' is in another folder",
          remedy: "only files beside it are read: copy the module there and name it without dots")
      }
      let file = module + ".py"
      return try addPython(try LaunchSibling.text(file, at: place, context), function: config, file: file)
    }
    guard let shipped = TorchtitanShipped.options(config) else {
      throw .unknownName(
        at: place, kind: "configuration of torchtitan's llama3", name: config,
        suggestion: nil, known: ["llama3_debugmodel", "llama3_8b", "llama3_70b", "llama3_405b"])
    }
    try add(shipped, at: place)
  }

  /// Adds the TOML file that `--job.config_file` names, which lies beside.
  mutating func addFile(_ name: String, at place: InputPlace, _ context: LaunchContext) throws(InputError) {
    try options.add(try TOMLReader.parse(try LaunchSibling.text(name, at: place, context), file: name))
  }
}
