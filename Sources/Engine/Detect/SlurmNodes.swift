/// Nodes of a Slurm cluster, of `scontrol show node`: those with GPUs, the alike ones together.
struct SlurmNodes: Sendable, Equatable {
  /// Nodes that have the same GPUs and memory.
  struct Group: Sendable, Equatable {
    /// Names of the nodes that can be used, in their order.
    var usable: [String] = []
    /// Names of those that are down or drained.
    var unusable: [String] = []
    /// Type of the GPUs in lower case, as the site calls it: `a100`; empty where it gives none.
    var gpuType: String
    /// GPUs of a node.
    var gpus: Int
    /// The least RealMemory of the nodes, bytes; nil where it is not told.
    var memoryBytes: Double?
    /// Features of the first node, in lower case.
    var features: [String]
    /// A node has GPUs of several types; `gpuType` and `gpus` are those of the most.
    var isMixed = false

    /// The type and the features as words, for what they say of the GPU.
    var words: String { ([gpuType] + features).joined(separator: " ") }
    /// The GPUs are MIG slices.
    var isSliced: Bool { gpuType.contains("g.") && gpuType.hasSuffix("gb") }
  }

  /// Kinds of node with GPUs, in the order in which they appear.
  var groups: [Group]
  /// Nodes without GPUs.
  var nodesWithoutGPUs: Int

  /// The nodes of an output; no groups where it has none. Complexity: O(length).
  init(_ output: SavedOutput) {
    groups = []
    nodesWithoutGPUs = 0
    var record: [String: String] = [:]
    for line in output.lines {
      for word in line.split(whereSeparator: \.isWhitespace) {
        guard let equals = word.firstIndex(of: "=") else { continue }
        let key = String(word[..<equals])
        if key == "NodeName" {
          add(record)
          record = [:]
        }
        // The first wins: reasons and comments at the end may hold anything.
        if key == "NodeName" || !record.isEmpty, record[key] == nil {
          record[key] = String(word[word.index(after: equals)...].prefix(1_000))
        }
      }
    }
    add(record)
  }

  private mutating func add(_ record: [String: String]) {
    guard let name = record["NodeName"], !name.isEmpty else { return }
    let kinds = Self.gpus(record["Gres"] ?? "")
    guard let most = kinds.max(by: { $0.count < $1.count }) else {
      nodesWithoutGPUs += 1
      return
    }
    let megabytes = record["RealMemory"].flatMap(\.leadingNumber).flatMap { (1_000...5e8).contains($0) ? $0 : nil }
    // Slurm's megabytes are those of the kernel, MiB.
    let memory = megabytes.map { $0 * 1_048_576 }
    let features = (record["ActiveFeatures"] ?? record["AvailableFeatures"] ?? "").lowercased().split(separator: ",")
      .map(String.init)
    let isUsable = Self.isUsable(record["State"] ?? "")
    let index: Int
    if let known = groups.firstIndex(where: { $0.isAlike(most, features: features, kinds.count > 1, memory) }) {
      index = known
      groups[index].memoryBytes = [groups[index].memoryBytes, memory].compactMap { $0 }.min()
    } else {
      index = groups.count
      groups.append(
        Group(
          gpuType: most.type, gpus: most.count, memoryBytes: memory, features: features, isMixed: kinds.count > 1))
    }
    if isUsable { groups[index].usable.append(name) } else { groups[index].unusable.append(name) }
  }

  /// Types and numbers of `gpu:a100:8(S:0-1),gpu:v100:2,nvme:1`; a type is empty in `gpu:8`.
  private static func gpus(_ resources: String) -> [(type: String, count: Int)] {
    var kinds: [(type: String, count: Int)] = []
    var depth = 0
    // Commas inside brackets are lists of sockets or indices.
    let items = resources.split { character in
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      return character == "," && depth == 0
    }
    for item in items {
      let parts = item.prefix { $0 != "(" }.split(separator: ":").map { $0.lowercased() }
      guard parts.first == "gpu", let last = parts.last, (2...3).contains(parts.count),
        let count = Int(last), (1...1_024).contains(count)
      else { continue }
      kinds.append((parts.count == 3 ? parts[1] : "", count))
    }
    return kinds
  }

  /// `IDLE`, `MIXED+PLANNED`, `IDLE+CLOUD+POWERED_DOWN`: the node runs jobs, or can be woken for one.
  private static func isUsable(_ state: String) -> Bool {
    let bad: Set<String> = [
      "DOWN", "DRAIN", "DRAINED", "DRAINING", "FAIL", "FAILING", "FUTURE", "UNKNOWN", "ERROR", "INVAL",
      "NOT_RESPONDING",
      "INVALID_REG", "MAINT",
    ]
    let flags = state.split(separator: "+").map { $0.filter { $0.isLetter || $0 == "_" } }
    return !flags.isEmpty && !flags.contains { bad.contains($0) } && !state.contains("*")
  }
}

extension SlurmNodes.Group {
  /// The same GPUs, and memory that differs by less than a twentieth, as machines of one kind do.
  fileprivate func isAlike(
    _ kind: (type: String, count: Int), features: [String], _ isMixed: Bool, _ memory: Double?
  ) -> Bool {
    guard kind.type == gpuType, kind.count == gpus, isMixed == self.isMixed else { return false }
    // Features tell a100 of 40 GB from a100 of 80.
    guard GPUMatch(slurm: words) == GPUMatch(slurm: ([gpuType] + features).joined(separator: " "))
    else { return false }
    guard let memory, let memoryBytes else { return memory == nil && memoryBytes == nil }
    return abs(memory / memoryBytes - 1) < 0.05
  }
}
