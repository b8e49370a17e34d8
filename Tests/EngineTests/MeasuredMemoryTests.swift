import Testing

@testable import Engine

/// Memory of the artifact's measured stages on L4 (docs/model.md, section 9.2), with the corrected rules.
@Suite struct MeasuredMemoryTests {
  /// Predicted over measured memory less 1, of all stages whose memory was told.
  private func errors(
    _ predicted: KeyPath<MemoryBreakdown, Double>, _ measured: KeyPath<MeasuredRun.Stage, Double?>
  ) throws -> [Double] {
    try MeasuredRun.all.flatMap { run in
      zip(try run.score().stages, run.stages).compactMap { stage, told in
        told[keyPath: measured].map { stage.memory[keyPath: predicted] / ($0 * 1_048_576) - 1 }
      }
    }
  }

  private func mean(_ errors: [Double]) -> Double { errors.map(abs).reduce(0, +) / Double(errors.count) }

  @Test("allocated memory is within 1 % of the measured stages on average, and within 3 % of each")
  func allocated() throws {
    let errors = try errors(\.allocated, \.allocated)
    #expect(errors.count == 13)
    #expect(mean(errors) < 0.01, "errors \(errors)")
    #expect(errors.allSatisfy { abs($0) < 0.03 }, "errors \(errors)")
  }

  @Test("reserved memory is within 4 % of the measured stages on average")
  func reserved() throws {
    let errors = try errors(\.reserved, \.reserved)
    #expect(errors.count == 13)
    #expect(mean(errors) < 0.04, "errors \(errors)")
  }
}
