import Engine
import Testing

@testable import TUI

/// What is shown of parts adds up to what is shown of their total.
@Suite struct ShownSumTests {
  /// What a person reads, in units of the last decimal.
  private func units(_ text: String) throws -> Int {
    try #require(Int(text.filter { $0 != "." }), "\(text)")
  }

  @Test("parts rounded by largest remainder add up to their rounded total, each less than one off")
  func rounded() {
    var noise = SyntheticPipelines.Sequence(seed: 51)
    for trial in 0..<5_000 {
      let decimals = trial % 4
      let power = [1.0, 10, 100, 1000][decimals]
      let parts = (0..<1 + trial % 9).map { _ in
        noise.unit() < 0.2 ? 0 : (noise.unit() - (trial % 3 == 0 ? 0.5 : 0)) * [0.01, 3, 40_000][trial % 3]
      }
      let total = parts.reduce(0, +)
      let shown = Apportion.rounded(parts, total: total, decimals: decimals)
      let sum = shown.reduce(0) { $0 + ($1 * power).rounded() }
      #expect(sum == (total * power).rounded(), "\(parts)")
      for (part, shown) in zip(parts, shown) {
        #expect(abs(part - shown) * power < 1 + 1e-5, "\(part) shown as \(shown)")
        if part == 0 { #expect(shown == 0) }
      }
    }
    #expect(Apportion.rounded([0.04, 0.04, 0.04], total: 0.12, decimals: 1) == [0.1, 0, 0])
    #expect(Apportion.rounded([1, 2], total: 9, decimals: 0) == [1, 2])
    #expect(Apportion.rounded([.nan, 2.04], total: .nan, decimals: 1)[1] == 2.04)
  }

  @Test("the parts of a stage's memory, in tenths of a GiB, add up to what is allocated")
  func memory() throws {
    var noise = SyntheticPipelines.Sequence(seed: 52)
    var plain = 0
    for _ in 0..<300 {
      var memory = MemoryBreakdown()
      func bytes() -> Double { noise.unit() < 0.2 ? 0 : noise.unit() * 9 * Format.gibibyte }
      (memory.weights, memory.gradients, memory.optimizer) = (bytes(), bytes(), bytes())
      (memory.activations, memory.transient, memory.buffers) = (bytes(), bytes(), bytes())
      let parts = MemoryBar.parts(memory).prefix(MemoryBar.allocatorParts).map(\.bytes)
      memory.allocated = parts.reduce(0, +)
      memory.reserved = memory.allocated * 1.1
      memory.capacity = 80 * Format.gibibyte
      memory.spare = memory.capacity - memory.reserved
      let rows = MemoryPartRows(memory: memory).rows.prefix(MemoryBar.allocatorParts + 1)
      let texts = rows.map { Format.gibibytes($0.shownBytes ?? $0.bytes) }
      let total = try #require(texts.last)
      #expect(try texts.dropLast().reduce(0) { try $0 + units($1) } == units(total))
      plain += try parts.reduce(0, { try $0 + units(Format.gibibytes($1)) }) == units(total) ? 0 : 1
    }
    // Rounded each for itself they often do not.
    #expect(plain > 100)
  }

  @Test("kernels, serial collectives and what is exposed of a pass add up to what is elapsed, in tenths of a ms")
  func passes() throws {
    var noise = SyntheticPipelines.Sequence(seed: 53)
    for _ in 0..<300 {
      var times = PassTimes()
      (times.compute, times.tensorParallel) = (noise.unit(), noise.unit() < 0.3 ? 0 : noise.unit() * 0.1)
      times.elapsed = times.compute + times.tensorParallel + (noise.unit() < 0.3 ? 0 : noise.unit() * 0.01)
      let texts = PassTable.texts(times)
      #expect(texts.count == PassTable.parts.count)
      #expect(try texts[1...3].reduce(0) { try $0 + units($1) } == units(texts[0]), "\(texts)")
    }
  }
}
