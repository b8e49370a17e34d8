/// `nvidia-smi topo -m`: what lies between each two GPUs, and between GPUs and network adapters.
struct TopologyMatrix: Sendable, Equatable {
  /// A way between two devices, from the fastest to the slowest.
  enum Path: Sendable, Equatable {
    /// So many bonded NVLinks.
    case nvlink(Int)
    /// PCIe through switches alone (PIX, PXB).
    case pcieSwitch
    /// PCIe through the host: its bridges, its node or its sockets (PHB, NODE, SYS).
    case host
  }

  /// GPUs that the matrix has rows and columns of.
  var gpuCount: Int
  /// Ways between GPUs by row and column; nil on the diagonal and where the text is cut off.
  var paths: [[Path?]]
  /// Names of network adapters that reach some GPU through PCIe switches alone.
  var nearAdapters: Set<String>
  /// Names of all network adapters.
  var adapters: [String]

  /// The first matrix in an output; nil where there is none.
  init?(_ output: SavedOutput) {
    let lines = output.lines
    guard let start = lines.firstIndex(where: { Self.isHeading($0) }) else { return nil }
    let columns = lines[start].split(whereSeparator: \.isWhitespace).prefix { $0 != "CPU" && $0 != "NUMA" }.map(
      String.init)
    let gpus = columns.prefix { Self.index($0, after: "GPU") != nil }.count
    var paths = [[Path?]](repeating: [Path?](repeating: nil, count: gpus), count: gpus)
    var near: Set<String> = []
    for line in lines[(start + 1)...] {
      let cells = line.split(whereSeparator: \.isWhitespace).map(String.init)
      guard let first = cells.first else { break }
      guard let row = Self.index(first, after: "GPU"), row < gpus else { continue }
      for (column, cell) in cells.dropFirst().prefix(columns.count).enumerated() {
        guard let path = Self.path(cell) else { continue }
        if column < gpus { paths[row][column] = path } else if path == .pcieSwitch { near.insert(columns[column]) }
      }
    }
    let legend = Self.legend(lines)
    gpuCount = gpus
    self.paths = paths
    nearAdapters = Set(near.map { legend[$0] ?? $0 })
    adapters = columns.dropFirst(gpus).map { legend[$0] ?? $0 }
  }

  /// The way between two GPUs: of the two cells the one that was read.
  func path(_ first: Int, _ second: Int) -> Path? { paths[first][second] ?? paths[second][first] }

  /// Each GPU's number of bonded NVLinks to each other one.
  func nvlinks(of gpu: Int) -> [Int] {
    (0..<gpuCount).compactMap { other in
      guard other != gpu, case .nvlink(let count) = path(gpu, other) else { return nil }
      return count
    }
  }

  /// Sizes of the sets of GPUs that NVLinks connect, largest first; of single GPUs 1.
  ///
  /// Complexity: O(GPUs squared).
  var islands: [Int] {
    var seen = [Bool](repeating: false, count: gpuCount)
    var sizes: [Int] = []
    for start in 0..<gpuCount where !seen[start] {
      seen[start] = true
      var waiting = [start]
      var size = 0
      while let gpu = waiting.popLast() {
        size += 1
        for other in 0..<gpuCount where !seen[other] {
          guard case .nvlink = path(gpu, other) else { continue }
          seen[other] = true
          waiting.append(other)
        }
      }
      sizes.append(size)
    }
    return sizes.sorted(by: >)
  }

  /// Some two GPUs reach each other through the host alone.
  var crossesHost: Bool {
    (0..<gpuCount).contains { first in (0..<gpuCount).contains { path(first, $0) == .host } }
  }

  private static func isHeading(_ line: String) -> Bool {
    let words = line.split(whereSeparator: \.isWhitespace)
    return words.first == "GPU0" && words.dropFirst().allSatisfy { path(String($0)) == nil && $0 != "X" }
  }

  private static func index(_ word: String, after prefix: String) -> Int? {
    guard word.hasPrefix(prefix), let index = Int(word.dropFirst(prefix.count)), (0..<1_024).contains(index) else {
      return nil
    }
    return index
  }

  private static func path(_ cell: String) -> Path? {
    switch cell {
    case "PIX", "PXB", "PSB": .pcieSwitch
    case "PHB", "NODE", "SYS", "SOC", "QPI": .host
    default: index(cell, after: "NV").flatMap { (1...100).contains($0) ? .nvlink($0) : nil }
    }
  }

  /// `NIC0: mlx5_0` of the legend.
  private static func legend(_ lines: [String]) -> [String: String] {
    var names: [String: String] = [:]
    for line in lines {
      guard let (key, value) = line.keyAndValue, index(key, after: "NIC") != nil, !value.isEmpty else { continue }
      names[key] = names[key] ?? value
    }
    return names
  }
}
