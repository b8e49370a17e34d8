/// What nvidia-smi says of the GPUs of a machine: its query, its list, its long form and its table.
///
/// Each form is recognised by its content, wherever it stands in the text. A form that is cut off gives the GPUs that it
/// still names.
struct NvidiaSMI: Sendable, Equatable {
  /// The GPUs in their order.
  var gpus: [SeenGPU]
  /// The numbers of GPUs that the forms tell, where they differ.
  var counts: [Int]
  /// It ran and could not reach the driver.
  var hasFailed: Bool

  /// The GPUs of an output; each figure from the surest form that has it. Complexity: O(length).
  init(_ output: SavedOutput) {
    let forms = [
      Self.query(output.lines), Self.longForm(output.lines), Self.list(output.lines), NvidiaSMITable.gpus(output.lines),
    ].filter { !$0.isEmpty }
    // The fullest form counts: one that was cut off names fewer.
    let count = forms.map(\.count).max() ?? 0
    counts = Array(Set(forms.map(\.count))).sorted()
    var gpus = forms.first { $0.count == count } ?? []
    for form in forms where form.count == count {
      for index in gpus.indices { gpus[index].complete(from: form[index]) }
    }
    self.gpus = gpus
    hasFailed =
      gpus.isEmpty
      && output.lines.contains {
        $0.contains("NVIDIA-SMI has failed") || $0.hasPrefix("Failed to initialize NVML")
          || $0.contains("couldn't communicate with the NVIDIA driver")
      }
  }

  /// Rows of `--query-gpu=... --format=csv` behind their heading, in any order of columns.
  ///
  /// Of several such tables the first: one machine's.
  private static func query(_ lines: [String]) -> [SeenGPU] {
    guard let heading = lines.firstIndex(where: { fields($0).contains("name") && $0.contains("memory.total") }) else {
      return []
    }
    // A unit in brackets belongs to the heading where the rows have none.
    let columns = fields(lines[heading]).map { String($0.prefix { $0 != " " }) }
    var gpus: [SeenGPU] = []
    for line in lines[(heading + 1)...] {
      let values = fields(line)
      guard values.count > 1, values.count <= columns.count, values != fields(lines[heading]) else { break }
      var gpu = SeenGPU(name: "")
      for (column, value) in zip(columns, values) { take(value, of: column, into: &gpu) }
      guard !gpu.name.isEmpty else { break }
      gpus.append(gpu)
    }
    return gpus
  }

  private static func take(_ value: String, of column: String, into gpu: inout SeenGPU) {
    switch column {
    case "name", "gpu_name":
      let named = SeenGPU(name: value)
      gpu.name = named.name
      gpu.isVirtual = named.isVirtual
    case "memory.total": gpu.memoryBytes = mebibytes(value)
    case "memory.reserved": gpu.reservedBytes = mebibytes(value)
    case "pcie.link.gen.max": gpu.pcieGeneration = value.leadingCount
    case "pcie.link.width.max": gpu.pcieWidth = value.leadingCount
    case "power.limit", "enforced.power.limit": gpu.powerLimitWatts = value.leadingNumber
    case "mig.mode.current": gpu.isSliced = value == "Enabled"
    default: break
    }
  }

  /// `nvidia-smi -L`, also as headings of `nvidia-smi nvlink -s`; indented lines are MIG slices.
  private static func list(_ lines: [String]) -> [SeenGPU] {
    var gpus: [Int: SeenGPU] = [:]
    var current: Int?
    for line in lines {
      if line.hasPrefix("GPU "), let (key, value) = line.keyAndValue, let index = key.dropFirst(4).leadingCount,
        let uuid = value.range(of: " (UUID:")
      {
        if gpus[index] == nil { gpus[index] = SeenGPU(name: String(value[..<uuid.lowerBound])) }
        current = index
      } else if line.trimmed.hasPrefix("MIG "), line.contains("Device"), let current {
        gpus[current]?.isSliced = true
      }
    }
    let indices = gpus.keys.sorted()
    guard indices == Array(0..<indices.count) else { return [] }
    return indices.compactMap { gpus[$0] }
  }

  /// `nvidia-smi -q`, whole or of some sections: `GPU 00000000:07:00.0`, then `key : value` under headings.
  private static func longForm(_ lines: [String]) -> [SeenGPU] {
    var gpus: [SeenGPU] = []
    var indices: [String: Int] = [:]
    var current: Int?
    var headings: [(indent: Int, text: String)] = []
    for line in lines {
      if line.hasPrefix("GPU "), line.split(separator: ":").count == 3, line.last?.isNumber == true {
        // A second listing of the same card adds to the first.
        current = indices[line] ?? gpus.count
        if indices.updateValue(current ?? 0, forKey: line) == nil { gpus.append(SeenGPU(name: "")) }
        headings = []
      }
      guard let current, line.first == " " || line.first == "\t" else { continue }
      let indent = line.prefix { $0.isWhitespace }.count
      while let last = headings.last, last.indent >= indent { headings.removeLast() }
      guard let (key, value) = line.keyAndValue else {
        headings.append((indent, line.trimmed))
        continue
      }
      take(key, value, under: headings.map(\.text), into: &gpus[current])
    }
    return gpus
  }

  private static func take(_ key: String, _ value: String, under headings: [String], into gpu: inout SeenGPU) {
    switch (headings.last ?? "", key) {
    case (_, "Product Name"):
      gpu.name = SeenGPU(name: value).name
      gpu.isVirtual = gpu.isVirtual || SeenGPU(name: value).isVirtual
    case ("FB Memory Usage", "Total"): gpu.memoryBytes = mebibytes(value)
    case ("FB Memory Usage", "Reserved"): gpu.reservedBytes = mebibytes(value)
    case ("MIG Mode", "Current"): gpu.isSliced = value == "Enabled"
    case (_, "Virtualization Mode"): gpu.isVirtual = gpu.isVirtual || value == "VGPU"
    case ("PCIe Generation", "Max"): gpu.pcieGeneration = value.leadingCount
    case ("Link Width", "Max"): gpu.pcieWidth = value.leadingCount
    case (_, "Enforced Power Limit"), (_, "Current Power Limit"):
      if headings.contains(where: { $0.hasSuffix("Power Readings") }) {
        gpu.powerLimitWatts = gpu.powerLimitWatts ?? value.leadingNumber
      }
    default: break
    }
  }

  private static func fields(_ line: String) -> [String] {
    line.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
  }

  /// Bytes of `81920 MiB`, or of a bare number of MiB; nil for `[N/A]` and for what no card has.
  static func mebibytes(_ text: String) -> Double? {
    guard let number = text.leadingNumber, (1...5e7).contains(number) else { return nil }
    return number * 1_048_576
  }
}
