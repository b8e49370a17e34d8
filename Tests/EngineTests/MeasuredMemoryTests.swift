import Testing

@testable import Engine

/// Memory of the artifact's measured stages on L4 (docs/model.md, section 9.2), with the corrected rules.
@Suite struct MeasuredMemoryTests {
  /// Predicted over measured memory less 1, of all stages whose memory was told.
  private func errors(_ kind: MeasuredMemory.Kind) throws -> [Double] {
    let report = try ValidationReport(.shipped(source: "mist-artifact-l4"))
    return report.rows.flatMap(\.memory).filter { $0.kind == kind }.map(\.error)
  }

  private func mean(_ errors: [Double]) -> Double { errors.map(abs).reduce(0, +) / Double(errors.count) }

  @Test("allocated memory is within 1 % of the measured stages on average, and within 3 % of each")
  func allocated() throws {
    let errors = try errors(.allocated)
    #expect(errors.count == 13)
    #expect(mean(errors) < 0.01, "errors \(errors)")
    #expect(errors.allSatisfy { abs($0) < 0.03 }, "errors \(errors)")
  }

  @Test("reserved memory is within 4 % of the measured stages on average")
  func reserved() throws {
    let errors = try errors(.reserved)
    #expect(errors.count == 13)
    #expect(mean(errors) < 0.04, "errors \(errors)")
  }
}
