/// What fills the memory that is missing.
public enum MemoryPart: String, Sendable, Equatable, CaseIterable {
  /// A part of device memory, as `MemoryBreakdown` names it.
  case weights, gradients, optimizer, activations, transient, buffers
  /// Pinned host memory.
  case host

  /// For people: `optimizer states`.
  public var label: String {
    switch self {
    case .weights: "weights"
    case .gradients: "gradients"
    case .optimizer: "optimizer states"
    case .activations: "activations"
    case .transient: "what a layer in work needs"
    case .buffers: "buffers"
    case .host: "host memory"
    }
  }
}

/// A change of the question that was tried: with it a plan fits.
public struct FittingChange: Sendable, Equatable {
  /// For people: `16 nodes instead of 8`.
  public var text: String
  /// `key=value` assignments of `--set`.
  public var set: [String]
  /// Other flags with their values, as words of a command line.
  public var flags: [String]

  /// A change.
  public init(_ text: String, set: [String] = [], flags: [String] = []) {
    self.text = text
    self.set = set
    self.flags = flags
  }

  /// What applies it on a command line: `--set cluster.nodes=16`.
  public var arguments: [String] { self.set.flatMap { ["--set", $0] } + flags }
}

/// Why no plan fits, and what would help.
public struct Infeasibility: Sendable, Equatable {
  /// The stage that misses the least, from 0.
  public var stage: Int
  /// What fills the memory that is missing: of the device the largest part at the fullest moment.
  public var part: MemoryPart
  /// Bytes missing in the configuration that misses the least.
  public var missingBytes: Double
  /// Changes that would fit, each tried.
  public var suggestions: [FittingChange]
  /// Pins that cannot all hold, where it is they that nothing fits under: then the stage and its bytes mean nothing.
  public var pins: [Pin] = []
  /// Constraints that cannot all hold, likewise, with `pins` or alone.
  public var constraints: [String] = []

  /// Why no plan fits.
  public init(stage: Int, part: MemoryPart, missingBytes: Double, suggestions: [FittingChange]) {
    self.stage = stage
    self.part = part
    self.missingBytes = missingBytes
    self.suggestions = suggestions
  }

  /// Host memory binds, not the device's.
  public var bindsHost: Bool { part == .host }
}

extension MemoryBreakdown {
  /// The largest part; of equal ones the first in the order of `MemoryPart`.
  var largestPart: MemoryPart {
    let parts: [(MemoryPart, Double)] = [
      (.weights, weights), (.gradients, gradients), (.optimizer, optimizer), (.activations, activations),
      (.transient, transient), (.buffers, buffers),
    ]
    var largest = parts[0]
    for part in parts.dropFirst() where part.1 > largest.1 { largest = part }
    return largest.0
  }
}
