/// The table that `nvidia-smi` prints alone: three lines a GPU.
enum NvidiaSMITable {
  /// The GPUs of the first table in the text, their names as short as the table has them.
  ///
  /// A line `|   0  NVIDIA A100-SXM4-80GB   On | 00000000:07:00.0 Off | ...` begins one, the next has power and memory,
  /// the third says whether MIG is on.
  static func gpus(_ lines: [String]) -> [SeenGPU] {
    var gpus: [SeenGPU] = []
    var sinceName = 0
    for line in lines where line.hasPrefix("|") {
      let cells = line.split(separator: "|").map(\.trimmed)
      if line.contains("MIG devices:") || line.contains("Processes:") { break }
      if cells.count >= 2, isBusAddress(cells[1]), cells[0].leadingCount == gpus.count {
        gpus.append(SeenGPU(name: name(cells[0])))
        sinceName = 0
      } else if !gpus.isEmpty {
        sinceName += 1
        takeFurther(cells, line: sinceName, into: &gpus[gpus.count - 1])
      }
    }
    return gpus.allSatisfy({ $0.name.isEmpty }) ? [] : gpus
  }

  private static func takeFurther(_ cells: [String], line: Int, into gpu: inout SeenGPU) {
    if line == 1, cells.count >= 2 {
      let memory = cells[1].split(separator: "/")
      if memory.count == 2 { gpu.memoryBytes = NvidiaSMI.mebibytes(memory[1].trimmed) }
      let power = cells[0].split(separator: "/")
      if let limit = power.last, power.count >= 2, limit.hasSuffix("W") { gpu.powerLimitWatts = limit.leadingNumber }
    } else if line == 2 {
      gpu.isSliced = cells.last == "Enabled"
    }
  }

  /// The name between the number and the persistence mode (`On` or `Off`).
  private static func name(_ cell: String) -> String {
    var words = cell.split(separator: " ").dropFirst()
    if let last = words.last, last == "On" || last == "Off" { words = words.dropLast() }
    return words.joined(separator: " ")
  }

  /// `00000000:07:00.0 Off`.
  private static func isBusAddress(_ cell: String) -> Bool {
    let parts = cell.prefix { $0 != " " }.split(separator: ":")
    return parts.count == 3 && parts[2].contains(".") && parts[0].count >= 4
  }
}
