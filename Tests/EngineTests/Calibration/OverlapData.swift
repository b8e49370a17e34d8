import Foundation

@testable import Engine

/// Measured overlap of three kinds of machine, as Mist's artifact publishes it (Zhu et al., EuroSys 2025): products beside
/// an all-gather and copies both ways.
enum OverlapData: String, CaseIterable {
  /// Eight L4 of one node.
  case l4
  /// A10G of up to four nodes; its groups of few GPUs a node are broken.
  case a10g
  /// A100 40 GB of up to four nodes.
  case a100 = "a100-40gb-sxm"

  /// Path of the table.
  var path: String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Overlap/\(rawValue).csv").path
  }

  /// Mean absolute error that the fit must reach.
  var bar: Double {
    switch self {
    case .l4: 0.03
    case .a10g: 0.085
    case .a100: 0.075
    }
  }

  /// The points.
  func points() throws -> [OverlapPoint] { try CalibrationReader.read([path]).overlap }
}
