/// A choice of a workload that a person edits in place.
///
/// The model is not among them: another model is another question, opened as a file.
public enum WorkloadKnob: String, Sendable, Hashable, CaseIterable {
  /// The kind of node.
  case cluster
  /// How many of them.
  case nodes
  /// GPUs used on each.
  case gpusPerNode
  /// Tokens of one sample.
  case sequence
  /// Samples of one optimizer step, over all ranks.
  case batch
  /// Number format.
  case precision
  /// Attention kernel.
  case attention
  /// The program that will run it; its runtime follows (`Launcher.workload`), and its space is the caller's to set.
  case launcher
  /// Share of the device memory that may be used.
  case memoryShare
}

extension WorkloadKnob {
  /// What screens call it.
  public var title: String {
    switch self {
    case .sequence: "seq"
    case .gpusPerNode: "GPUs per node"
    case .memoryShare: "memory limit"
    case .cluster, .nodes, .batch, .precision, .attention, .launcher: rawValue
    }
  }

  /// Values are numbers, which have a next one; the others are words.
  public var isNumber: Bool { words == nil && self != .cluster }

  /// The words that it may be; nil for numbers, and for kinds of node, which come from files.
  public var words: [String]? {
    switch self {
    case .precision: Precision.allCases.map(\.rawValue)
    case .attention: AttentionKernel.allCases.map(\.rawValue)
    case .launcher: Launcher.allCases.map(\.rawValue) + [Self.noLauncher]
    case .cluster, .nodes, .gpusPerNode, .sequence, .batch, .memoryShare: nil
    }
  }

  /// The word for a run of which nobody said what will run it.
  static let noLauncher = "none"

  /// What a typed value must be, for messages.
  public var expected: String {
    switch self {
    case .cluster: "a kind of node, such as h100-sxm, or \(ClusterReader.expectedSpec)"
    case .nodes: "a whole number of nodes"
    case .gpusPerNode: "a whole number of GPUs"
    case .sequence: "a whole number of tokens"
    case .batch: BatchReader.expected
    case .precision, .attention, .launcher: "one of \((words ?? []).joined(separator: ", "))"
    case .memoryShare:
      "a share from \(Self.share(WorkloadSource.memoryShares.lowerBound)) to "
        + "\(Self.share(WorkloadSource.memoryShares.upperBound))"
    }
  }

  /// The keys on the way to it in a workload file.
  var path: [String] {
    switch self {
    case .cluster: ["cluster"]
    case .nodes, .gpusPerNode: ["cluster", rawValue]
    case .sequence, .batch, .precision, .attention, .launcher: ["run", rawValue]
    case .memoryShare: ["limits", rawValue]
    }
  }

  /// Its value as a person writes it: `WorkloadEditor.setting` reads it as the same value.
  public func text(of workload: Workload) -> String {
    let run = workload.run
    switch self {
    case .cluster: return workload.cluster.nodeType.name
    case .nodes: return "\(workload.cluster.nodes)"
    case .gpusPerNode: return "\(workload.cluster.gpusPerNode)"
    case .sequence: return "\(run.sequenceLength)"
    case .batch: return run.batchChoices.isEmpty ? "\(run.globalBatch)" : BatchReader.text(run.batchChoices)
    case .precision: return run.precision.rawValue
    case .attention: return run.attention.rawValue
    case .launcher: return run.launcher?.rawValue ?? Self.noLauncher
    case .memoryShare: return Self.share(workload.limits.memoryShare)
    }
  }

  /// Its value where that is a number: of several batches the largest; a share from 0 to 1.
  public func number(of workload: Workload) -> Double? {
    switch self {
    case .nodes: Double(workload.cluster.nodes)
    case .gpusPerNode: Double(workload.cluster.gpusPerNode)
    case .sequence: Double(workload.run.sequenceLength)
    case .batch: Double(workload.run.globalBatch)
    case .memoryShare: workload.limits.memoryShare
    case .cluster, .precision, .attention, .launcher: nil
    }
  }

  /// A share as people write it: `90 %`, or the plain number where that is none of whole per cents.
  static func share(_ value: Double) -> String {
    let whole = (value * 100).rounded()
    return whole / 100 == value ? "\(Quantity.text(whole)) %" : Quantity.text(value)
  }
}
