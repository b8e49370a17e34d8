import Engine

/// A bar of one stage's device memory: letters and colours for the parts, then what is free, kept free, and the capacity.
struct MemoryBar {
  /// One part of the bar.
  struct Part: Equatable, Sendable {
    /// Its letter, which tells it without colours.
    var letter: Character
    /// Its name.
    var name: String
    /// Bytes.
    var bytes: Double
    /// Its colours.
    var role: Role
  }

  /// The parts from the left; they add up to reserved plus context.
  static func parts(_ memory: MemoryBreakdown) -> [Part] {
    [
      Part(letter: "w", name: "weights", bytes: memory.weights, role: .weights),
      Part(letter: "g", name: "gradients", bytes: memory.gradients, role: .gradients),
      Part(letter: "o", name: "optimizer", bytes: memory.optimizer, role: .optimizer),
      Part(letter: "a", name: "activations", bytes: memory.activations, role: .activations),
      Part(letter: "t", name: "transient", bytes: memory.transient, role: .transient),
      Part(letter: "b", name: "buffers", bytes: memory.buffers, role: .buffers),
      Part(letter: "r", name: "reserve", bytes: max(0, memory.reserved - memory.allocated), role: .reserve),
      Part(letter: "c", name: "CUDA", bytes: memory.context, role: .context),
    ]
  }

  /// Bytes of the parts as they are shown in tenths of a GiB: those of the allocator add up to what is shown of it.
  static func shownBytes(_ memory: MemoryBreakdown) -> [Double] {
    let parts = parts(memory).map { $0.bytes / Format.gibibyte }
    let shown = Apportion.rounded(
      Array(parts.prefix(allocatorParts)), total: memory.allocated / Format.gibibyte, decimals: 1)
    return (shown + parts.dropFirst(allocatorParts)).map { $0 * Format.gibibyte }
  }

  /// Parts that add up to what is allocated.
  static let allocatorParts = 6

  /// What is drawn.
  var memory: MemoryBreakdown
  /// Bytes that the whole width stands for; the same for all bars of a picture.
  var scale: Double

  /// What the whole width may stand for, as multiples of the capacity: always more, so that a stage that is a little over
  /// moves no other stage's bar.
  private static let steps = [7.0 / 6, 4.0 / 3, 5.0 / 3, 2, 3, 4, 6, 8]

  /// The scale of the bars of these stages: it changes in steps only.
  static func scale(_ stages: [MemoryBreakdown]) -> Double {
    let capacity = stages.reduce(1) { max($0, $1.capacity) }
    let most = stages.reduce(0) { max($0, used($1)) }
    return steps.map { $0 * capacity }.first { $0 >= most } ?? most
  }

  /// Bytes that are in use at the peak: reserved by the allocator and the context beside it.
  static func used(_ memory: MemoryBreakdown) -> Double { max(memory.reserved, memory.allocated) + memory.context }

  /// Bytes that may be used: what is used and what is spare.
  static func limit(_ memory: MemoryBreakdown) -> Double {
    min(memory.capacity, used(memory) + memory.spare)
  }

  /// Bytes that the allocator may reserve at most.
  static func reservable(_ memory: MemoryBreakdown) -> Double { limit(memory) - memory.context }

  /// Draws into one row.
  func draw(_ canvas: inout Canvas, _ area: Rect) {
    guard area.width > 0, area.height > 0, scale > 0 else { return }
    let width = Double(area.width)
    func column(_ bytes: Double) -> Int { min(area.width, max(0, Int(bounded: (bytes / scale * width).rounded()))) }
    canvas.inside(area) { canvas in
      let capacity = column(memory.capacity)
      let limit = column(MemoryBar.limit(memory))
      for x in stride(from: limit, to: capacity, by: 1) { canvas.put("░", x: area.x + x, y: area.y, .headroom) }
      drawParts(&canvas, area)
      let line = min(area.width - 1, max(0, capacity - (capacity == area.width ? 1 : 0)))
      canvas.put("▕", x: area.x + line, y: area.y, MemoryBar.isOver(memory) ? .bad : .text)
    }
  }

  /// True when the stage needs more than it may use.
  static func isOver(_ memory: MemoryBreakdown) -> Bool { memory.spare < 0 }

  /// Whole cells by largest remainder, and an eighth block at the end where the charset has one.
  private func drawParts(_ canvas: inout Canvas, _ area: Rect) {
    let parts = MemoryBar.parts(memory)
    let exact = max(0, min(1, MemoryBar.used(memory) / scale)) * Double(area.width)
    var cells = Int(bounded: exact.rounded(.down))
    var eighths = Int(bounded: ((exact - Double(cells)) * 8).rounded())
    if eighths == 8 || canvas.look.charset == .ascii {
      cells += eighths >= 4 ? 1 : 0
      eighths = 0
    }
    var x = area.x
    var last = Role.text
    for (part, count) in zip(parts, Apportion.cells(parts.map(\.bytes), cells: cells)) where count > 0 {
      canvas.put(String(repeating: part.letter, count: count), x: x, y: area.y, part.role)
      x += count
      last = part.role
    }
    guard eighths > 0 else { return }
    let blocks: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    var style = canvas.look.style(.text)
    let background = canvas.look.style(last).background
    if background != .terminal { style.foreground = background }
    canvas.put(String(blocks[eighths - 1]), x: x, y: area.y, style: style)
  }
}
