import Foundation

/// Points from a published table of comma-separated values, known by its columns (docs/clusters.md):
/// channels that ran at once (`matmul_rows, ...`), collectives in a node (`gpu, collective, ...`), or operators of GPT
/// layers (`gpu, hidden, ...`).
struct CalibrationTable {
  /// What it holds.
  private(set) var points = CalibrationPoints()

  private let file: String
  private let header: [Substring]
  private let gpu: String?

  private static let overlap = [
    "matmul_rows", "allgather_MiB", "host_to_device_MiB", "device_to_host_MiB", "group_gpus_per_node", "group_nodes",
    "elapsed_ms", "std_ms",
  ]
  private static let collectives = ["gpu", "collective", "gpus_one_node", "MiB", "ms"]
  private static let operators = [
    "gpu", "hidden", "ffn", "heads", "seq", "micro_batch", "tensor_parallel", "operator", "forward_us",
  ]

  /// Reads a table; `gpu` chooses among several of a column `gpu`.
  init(_ text: String, file: String, gpu: String?) throws(InputError) {
    self.file = file
    self.gpu = gpu
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    header = Self.cells(lines.first ?? "")
    let rows = lines.enumerated().dropFirst().filter { !$0.element.allSatisfy(\.isWhitespace) }
    if has(Self.overlap) {
      for (index, line) in rows { try addOverlap(Self.cells(line), line: index + 1) }
    } else if has(Self.collectives) || has(Self.operators) {
      let chosen = try chosenGPU(rows.map { Self.cells($0.element) })
      for (index, line) in rows {
        let cells = Self.cells(line)
        guard try self.text(cells, "gpu", line: index + 1) == chosen else { continue }
        if has(Self.collectives) {
          try addCollective(cells, line: index + 1)
        } else {
          try addOperator(cells, line: index + 1)
        }
      }
    } else {
      throw .unreadable(
        file: file, problem: "its first line names no columns that are known",
        remedy: "they must hold \(Self.overlap.joined(separator: ", ")); or \(Self.collectives.joined(separator: ", "))"
          + "; or \(Self.operators.joined(separator: ", ")); JSON lines begin with {")
    }
  }

  private static func cells(_ line: Substring) -> [Substring] {
    line.split(separator: ",", omittingEmptySubsequences: false).map {
      Substring($0.trimmingCharacters(in: .whitespaces))
    }
  }

  private func has(_ columns: [String]) -> Bool { columns.allSatisfy { header.contains(Substring($0)) } }

  private func text(_ cells: [Substring], _ column: String, line: Int) throws(InputError) -> String {
    guard let index = header.firstIndex(of: Substring(column)), index < cells.count else {
      throw .missing(
        at: InputPlace(file: file, line: line), key: column, expected: "as many cells as the first line has")
    }
    return String(cells[index])
  }

  private func number(
    _ cells: [Substring], _ column: String, _ range: ClosedRange<Double>, line: Int
  ) throws(InputError) -> Double {
    let text = try text(cells, column, line: line)
    guard let value = Double(text), range.contains(value) else {
      throw .value(
        at: InputPlace(file: file, line: line, field: column), found: "'\(text)'",
        expected: "a number from \(Quantity.text(range.lowerBound)) to \(Quantity.text(range.upperBound))")
    }
    return value
  }

  private func chosenGPU(_ rows: [[Substring]]) throws(InputError) -> String? {
    guard let column = header.firstIndex(of: "gpu") else { return nil }
    let known = Set(rows.compactMap { $0.count > column ? String($0[column]) : nil }).sorted()
    if let gpu {
      guard known.contains(gpu) else {
        throw .unknownName(
          at: InputPlace(file: file, field: "gpu"), kind: "GPU of this table", name: gpu,
          suggestion: Suggestion.nearest(to: gpu, in: known), known: known)
      }
      return gpu
    }
    guard known.count == 1 else {
      throw .conflict(
        at: InputPlace(file: file, field: "gpu"),
        problem: "it holds \(known.count) GPUs: \(known.joined(separator: ", "))",
        remedy: "choose one, as in --gpu \(known.first ?? "L4")")
    }
    return known.first
  }

  private mutating func addOverlap(_ cells: [Substring], line: Int) throws(InputError) {
    var work = SIMD4<Double>.zero
    for (channel, column) in Self.overlap.prefix(4).enumerated() {
      work[channel] = try number(cells, column, CalibrationReader.amounts, line: line)
    }
    let group = GroupShape(
      nodes: Int(try number(cells, "group_nodes", 1...1e5, line: line)),
      gpusPerNode: Int(try number(cells, "group_gpus_per_node", 1...1_024, line: line)))
    points.overlap.append(
      OverlapPoint(
        work: work, group: group, seconds: try number(cells, "elapsed_ms", 1e-6...1e8, line: line) / 1e3,
        deviation: try number(cells, "std_ms", 0...1e8, line: line) / 1e3))
  }

  private mutating func addCollective(_ cells: [Substring], line: Int) throws(InputError) {
    let name = try text(cells, "collective", line: line).replacing("_", with: "-")
    // All-to-all is no collective of this model.
    guard let operation = CollectivePoint.Operation(rawValue: name) else { return }
    let ranks = Int(try number(cells, "gpus_one_node", 2...1_024, line: line))
    // All-gathers of these tables tell each rank's part: only so do they and reduce-scatters take alike on NVLink.
    let parts = operation == .allGather ? Double(ranks) : 1
    points.collectives.append(
      CollectivePoint(
        operation: operation, group: GroupShape(nodes: 1, gpusPerNode: ranks), isAlone: false,
        bytes: try number(cells, "MiB", 1e-6...1e9, line: line) * Units.mebibyte * parts,
        seconds: try number(cells, "ms", 1e-6...1e8, line: line) / 1e3))
  }

  /// The forward product of an operator of a layer; the backward columns of such tables are not of whole passes.
  private mutating func addOperator(_ cells: [Substring], line: Int) throws(InputError) {
    func count(_ column: String) throws(InputError) -> Double { try number(cells, column, 1...1e9, line: line) }
    let slice = try count("tensor_parallel")
    let (hidden, wide) = (try count("hidden"), try count("ffn"))
    let shapes: [String: (n: Double, k: Double)] = [
      "enc-attention-qkv": (3 * hidden / slice, hidden), "enc-attention-dense": (hidden, hidden / slice),
      "enc-MLP-GEMM-1": (wide / slice, hidden), "enc-MLP-GEMM-2": (hidden, wide / slice),
    ]
    guard let shape = shapes[try text(cells, "operator", line: line)] else { return }
    // Sharded rows and columns end in a collective, which is timed with them in such tables.
    guard slice == 1 else { return }
    points.products.append(
      ProductPoint(
        m: try count("micro_batch") * (try count("seq")), n: shape.n, k: shape.k, isSustained: false,
        seconds: try number(cells, "forward_us", 1e-3...1e9, line: line) / 1e6))
  }
}
