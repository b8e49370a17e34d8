import Testing

@testable import Engine

/// Iteration times of the artifact's measured runs on L4 (docs/model.md, section 9.3): the product's own operators,
/// links and schedule, with the shipped figures.
@Suite struct MeasuredTimeTests {
  @Test("predicted iterations are within 6 % of the measured ones on average, and within 13 % of each")
  func iterations() throws {
    let report = try ValidationReport(.shipped(source: "mist-artifact-l4"))
    let errors = report.rows.compactMap { $0.error.map(abs) }
    #expect(errors.count == 7)
    let text = report.rows.map {
      "\($0.row.id): \($0.predictedSeconds ?? .nan) s, measured \($0.measuredSeconds ?? .nan)"
    }
    let comment = Comment(rawValue: text.joined(separator: "\n"))
    #expect(errors.reduce(0, +) / Double(errors.count) < 0.06, comment)
    #expect(errors.allSatisfy { $0 < 0.13 }, comment)
  }

  @Test("kernels of a layer and of the head are within 4 % of the operators measured on L4", arguments: [8, 2])
  func operators(microBatch: Int) throws {
    let measured = try #require(ArtifactOperators(microBatch: microBatch))
    let variables = StrategyVariables(ExpressionGraph())
    let place = InputPlace(file: "test")
    let operators = ModelOperators(
      model: try Catalogue.model(named: "gpt-1.3b", at: place), run: PublishedStage.run,
      gpu: try Catalogue.gpu(named: "l4", at: place), runtime: .mist, variables: variables)
    var values = variables.undivided(microBatch: microBatch)
    values.merge([variables.tensorParallel: 1, variables.accumulationShare: 0]) { $1 }
    func error(_ traced: Expression, _ seconds: Double) -> Double { abs(traced.evaluate(values) / seconds - 1) }
    #expect(error(operators.layer.forward, measured.measuredLayer.forward) < 0.04)
    #expect(error(operators.layer.backward, measured.measuredLayer.backward) < 0.04)
    #expect(error(operators.head.forward, measured.head.forward + measured.loss.forward) < 0.04)
    #expect(error(operators.head.backward, measured.head.backward + measured.loss.backward) < 0.04)
  }
}
