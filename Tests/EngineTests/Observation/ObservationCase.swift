import Foundation
import Synchronization

@testable import Engine

/// Published runs of one kind of node, as if they were a person's own.
struct ObservationCase: Sendable {
  /// One run.
  struct Run: Sendable {
    /// Its name.
    var id: String
    /// What was measured, seconds.
    var seconds: Double
    /// What is predicted on a kind of node.
    var predicted: @Sendable (NodeType) -> Double?

    /// The run as a witness, its time multiplied.
    func witness(times factor: Double = 1) -> FigureWitness {
      FigureWitness(ids: [id], measured: log(seconds * factor), predicted: predicted)
    }
  }

  /// The kind of node.
  var type: NodeType
  /// The runs.
  var runs: [Run]

  /// How far off figures may be.
  static let errors = FigureErrors(records: .shipped)

  /// The core runs of a source that ships, by kind of node, in the order of the table.
  static func all(of source: String) throws -> [ObservationCase] {
    var found: [ObservationCase] = []
    let conventions = try RunConventions.shipped
    for row in try MeasuredTable.shipped(source: source).rows where row.isCore {
      guard let run = try? run(row, conventions) else { continue }
      if let index = found.firstIndex(where: { $0.type == run.type }) {
        found[index].runs.append(run.run)
      } else {
        found.append(ObservationCase(type: run.type, runs: [run.run]))
      }
    }
    return found
  }

  private static func run(_ row: MeasuredRow, _ conventions: RunConventions) throws -> (type: NodeType, run: Run)? {
    let seconds: (Workload) -> Double? = { workload in
      row.time.seconds(
        model: workload.model, gpus: row.gpuCount, sequenceLength: row.model.sequence,
        globalBatch: workload.run.globalBatch)
    }
    if row.stages.contains(where: { $0.operators != nil }) {
      let workload = try OperatorRow(row, conventions: conventions).workload
      guard let measured = seconds(workload) else { return nil }
      return (
        workload.cluster.nodeType,
        remembered(row.id, measured) { type in
          (try? OperatorRow(row, conventions: conventions, on: type))?.score.iterationSeconds
        }
      )
    }
    let found = try RowPlan(row, conventions: conventions)
    guard let measured = seconds(found.workload) else { return nil }
    let (workload, plan) = (found.workload, found.plan)
    return (
      workload.cluster.nodeType,
      remembered(row.id, measured) { type in
        var question = workload
        question.cluster.nodeType = type
        var scorer = PlanScorer(model: StageModel(workload: question))
        return (try? scorer.score(plan))?.iterationSeconds
      }
    )
  }

  /// Predictions on the first kinds of node that are asked for, kept: those that every fit asks for.
  private final class Memory: Sendable {
    let known = Mutex<[(type: NodeType, seconds: Double?)]>([])
  }

  /// A run that is not predicted twice on the same hardware.
  private static func remembered(
    _ id: String, _ seconds: Double, predicted: @escaping @Sendable (NodeType) -> Double?
  ) -> Run {
    let memory = Memory()
    return Run(id: id, seconds: seconds) { type in
      if let found = memory.known.withLock({ $0.first { $0.type == type } }) { return found.seconds }
      let answer = predicted(type)
      memory.known.withLock { if $0.count < 16 { $0.append((type, answer)) } }
      return answer
    }
  }
}
