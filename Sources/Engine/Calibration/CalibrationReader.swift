/// Reads measured points: the JSON lines of `brume profiler`, or tables of comma-separated values.
public enum CalibrationReader {
  /// The points of files of at most 1 MB each, put together.
  ///
  /// - Parameter gpu: of tables that hold several GPUs, the one that is wanted.
  public static func read(_ paths: [String], gpu: String? = nil) throws(InputError) -> CalibrationPoints {
    var points = CalibrationPoints()
    for (index, path) in paths.enumerated() where paths[..<index].contains(path) {
      throw .conflict(
        at: InputPlace(file: path), problem: "this file is given twice", remedy: "its points would count twice as much")
    }
    for path in paths { points.add(try self.points(try ConfigNode.readText(path), file: path, gpu: gpu)) }
    return points
  }

  /// The points in a text; what it is shows in its first line. Errors name file, line and field.
  public static func points(_ text: String, file: String, gpu: String? = nil) throws(InputError) -> CalibrationPoints {
    let first = text.first { !$0.isWhitespace }
    guard first != nil else {
      throw .unreadable(file: file, problem: "the file is empty", remedy: "it must hold measured points")
    }
    var points = first == "{" ? try lines(text, file: file) : try CalibrationTable(text, file: file, gpu: gpu).points
    guard points.count > 0 else {
      throw .unreadable(
        file: file, problem: "it holds no measured points",
        remedy: "it must be what the script of `brume profiler` wrote, or a table of docs/clusters.md")
    }
    points.files = [file]
    return points
  }

  /// Seconds that a single case may have taken.
  static let seconds = 1e-9...1e5
  /// Amounts of work and bytes.
  static let amounts = 0.0...1e15

  private static func lines(_ text: String, file: String) throws(InputError) -> CalibrationPoints {
    var points = CalibrationPoints()
    var hasEnd = false
    for node in try whole(text, file: file) {
      let mapping = try node.anyMapping()
      let kind = try mapping.required("kind", "what the line holds")
      switch try kind.choice(Kind.self) {
      case .machine: points.machine = try machine(mapping)
      case .gemm: points.products.append(try product(mapping))
      case .attention: points.attention.append(try attention(mapping))
      case .memoryBound:
        points.memoryBound.append(
          MemoryBoundPoint(
            name: try mapping.string("operator"), bytes: try mapping.double("bytes", 1...1e15),
            seconds: try mapping.double("seconds", seconds)))
      case .launch: points.launches.append(try mapping.double("seconds", seconds))
      case .collective: points.collectives.append(try collective(mapping))
      case .copy: points.copies.append(try copy(mapping))
      case .overlap: points.overlap.append(try overlap(mapping))
      case .memory:
        points.memory.append(
          MemoryPoint(
            isCommunicator: try mapping.required("what", "context or communicator").choice(What.self) == .communicator,
            bytes: try mapping.double("bytes", 0...1e12), ranks: try mapping.int("ranks", 1...1_000_000, or: 1)))
      case .failed: points.failed.append("\(try mapping.string("case")): \(mapping["error"]?.found ?? "")")
      case .end: hasEnd = true
      }
    }
    points.isCut = points.machine != nil && !hasEnd
    return points
  }

  /// The lines of a file; of one that was cut off while it was written, those before the cut.
  private static func whole(_ text: String, file: String) throws(InputError) -> [ConfigNode] {
    guard !text.hasSuffix("\n"), let end = text.lastIndex(of: "\n") else {
      return try JSONLines.nodes(text, file: file)
    }
    let last = text[text.index(after: end)...]
    return try JSONLines.nodes(last.hasSuffix("}") ? text : String(text[...end]), file: file)
  }

  /// What a line holds.
  private enum Kind: String, CaseIterable {
    case machine, gemm, attention, launch, collective, copy, overlap, memory, failed, end
    case memoryBound = "memory-bound"
  }

  private enum What: String, CaseIterable { case context, communicator }
  private enum Load: String, CaseIterable { case short, sustained }
  private enum Pass: String, CaseIterable { case forward, backward }
  private enum Direction: String, CaseIterable {
    case toDevice = "host-to-device"
    case toHost = "device-to-host"
  }

  private static func machine(_ mapping: ConfigMapping) throws(InputError) -> MeasuredMachine {
    try mapping.checkFormat()
    var memory: Double?
    var host: Double?
    if let node = mapping["memoryBytes"] {
      let bytes = try mapping.double("memoryBytes", 0...1e14)
      // As a GPU of a cluster file may have.
      guard bytes == 0 || bytes >= 1e6 else { throw node.wrong("the GPU's bytes, 1e6 or more, or 0 where not known") }
      memory = bytes
    }
    if mapping["hostMemoryBytes"] != nil { host = try mapping.double("hostMemoryBytes", 0...1e15) }
    let software = ["torch", "nccl", "started"].compactMap { key in
      mapping[key].flatMap { node in (try? node.string()).map { "\(key) \($0)" } }
    }
    return MeasuredMachine(
      gpu: try mapping.string("gpu"), memoryBytes: memory.flatMap { $0 > 0 ? $0 : nil },
      hostMemoryBytes: host.flatMap { $0 > 0 ? $0 : nil }, nodes: try mapping.int("nodes", 1...100_000),
      gpusPerNode: try mapping.int("gpusPerNode", 1...1_024), software: software.joined(separator: ", "),
      isDryRun: try mapping.bool("dryRun", or: false))
  }

  private static func product(_ mapping: ConfigMapping) throws(InputError) -> ProductPoint {
    ProductPoint(
      m: try mapping.double("m", 1...1e9), n: try mapping.double("n", 1...1e9), k: try mapping.double("k", 1...1e9),
      isSustained: try mapping.choice("load", or: Load.short) == .sustained,
      seconds: try mapping.double("seconds", seconds))
  }

  private static func attention(_ mapping: ConfigMapping) throws(InputError) -> AttentionPoint {
    AttentionPoint(
      batch: try mapping.double("batch", 1...1e6), heads: try mapping.double("heads", 1...1e6),
      headWidth: try mapping.int("headWidth", 1...4_096), sequence: try mapping.double("sequence", 1...1e9),
      isFlash: try mapping.string("implementation") == "flash",
      isBackward: try mapping.required("pass", "forward or backward").choice(Pass.self) == .backward,
      seconds: try mapping.double("seconds", seconds))
  }

  private static func group(_ mapping: ConfigMapping) throws(InputError) -> GroupShape {
    GroupShape(
      nodes: try mapping.int("nodes", 1...100_000), gpusPerNode: try mapping.int("gpusPerNode", 1...1_024))
  }

  private static func collective(_ mapping: ConfigMapping) throws(InputError) -> CollectivePoint {
    let operation = try mapping.required("operation", "a collective").choice(CollectivePoint.Operation.self)
    let group = try group(mapping)
    guard group.ranks > 1 else {
      throw .value(at: mapping.place, found: "a group of one rank", expected: "a group of two ranks or more")
    }
    return CollectivePoint(
      operation: operation, group: group, isAlone: try mapping.bool("alone", or: false),
      bytes: try mapping.double("bytes", 1...1e15), seconds: try mapping.double("seconds", seconds))
  }

  private static func copy(_ mapping: ConfigMapping) throws(InputError) -> CopyPoint {
    CopyPoint(
      isToDevice: try mapping.required("direction", "a direction").choice(Direction.self) == .toDevice,
      bytes: try mapping.double("bytes", 1...1e15), gpusAtOnce: try mapping.int("gpusAtOnce", 1...1_024),
      seconds: try mapping.double("seconds", seconds))
  }

  private static func overlap(_ mapping: ConfigMapping) throws(InputError) -> OverlapPoint {
    func mebibytes(_ key: String) throws(InputError) -> Double {
      try mapping.double(key, amounts, or: 0) / Units.mebibyte
    }
    return OverlapPoint(
      work: SIMD4(
        try mapping.double("rows", amounts, or: 0), try mebibytes("allGatherBytes"),
        try mebibytes("hostToDeviceBytes"), try mebibytes("deviceToHostBytes")), group: try group(mapping),
      seconds: try mapping.double("seconds", seconds), deviation: try mapping.double("deviation", 0...1e5, or: 0))
  }
}
