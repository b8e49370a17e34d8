/// What was measured on a machine, for a hardware file to be fitted to it (docs/profiler.md has the format).
public struct CalibrationPoints: Sendable, Equatable {
  /// The machine, where the file tells.
  public var machine: MeasuredMachine?
  /// Matrix products.
  public var products: [ProductPoint] = []
  /// Attention.
  public var attention: [AttentionPoint] = []
  /// Memory-bound operators.
  public var memoryBound: [MemoryBoundPoint] = []
  /// Launches of an empty kernel, seconds.
  public var launches: [Double] = []
  /// Collectives and point-to-point transfers.
  public var collectives: [CollectivePoint] = []
  /// Copies between host and device.
  public var copies: [CopyPoint] = []
  /// Channels that ran at once.
  public var overlap: [OverlapPoint] = []
  /// Device memory outside the allocator.
  public var memory: [MemoryPoint] = []
  /// Cases that failed where they were measured, with the reason.
  public var failed: [String] = []
  /// A file of the script's has no last line: it was stopped.
  public var isCut = false
  /// Files, for sources.
  public var files: [String] = []

  /// No points.
  public init() {}

  /// All that was measured.
  public var count: Int {
    products.count + attention.count + memoryBound.count + launches.count + collectives.count + copies.count
      + overlap.count + memory.count
  }

  /// These points, with what channels took alone in measurements of overlap as points of products, collectives and
  /// copies: all GPUs of the group were busy then, as in training.
  var withSingleChannels: CalibrationPoints {
    var points = self
    for point in overlap where point.channels.count == 1 && point.isSteady {
      guard let channel = point.channels.first else { continue }
      let work = point.work[channel.rawValue]
      switch channel {
      case .compute:
        let width = OverlapPoint.productWidth
        points.products.append(
          ProductPoint(m: work, n: width, k: width, isSustained: false, seconds: point.seconds))
      case .collective:
        guard point.group.ranks > 1 else { continue }
        points.collectives.append(
          CollectivePoint(
            operation: .allGather, group: point.group, isAlone: false, bytes: work * Units.mebibyte,
            seconds: point.seconds))
      case .hostToDevice, .deviceToHost:
        points.copies.append(
          CopyPoint(
            isToDevice: channel == .hostToDevice, bytes: work * Units.mebibyte,
            gpusAtOnce: max(machine?.gpusPerNode ?? 0, copies.map(\.gpusAtOnce).max() ?? 0, point.group.gpusPerNode),
            seconds: point.seconds))
      }
    }
    return points
  }

  /// These points and those of another file.
  mutating func add(_ other: CalibrationPoints) {
    machine = machine ?? other.machine
    products += other.products
    attention += other.attention
    memoryBound += other.memoryBound
    launches += other.launches
    collectives += other.collectives
    copies += other.copies
    overlap += other.overlap
    memory += other.memory
    failed += other.failed
    isCut = isCut || other.isCut
    files += other.files
  }
}

/// The machine that points were measured on.
public struct MeasuredMachine: Sendable, Equatable {
  /// What the driver calls the GPU: `NVIDIA A100-SXM4-40GB`.
  public var gpu: String
  /// Device memory as PyTorch reports it, bytes.
  public var memoryBytes: Double?
  /// RAM of a node, bytes.
  public var hostMemoryBytes: Double?
  /// Nodes that were measured together.
  public var nodes: Int
  /// GPUs of each.
  public var gpusPerNode: Int
  /// When, and with which software; for sources.
  public var software: String
  /// True where no GPU was there: the script was only tried out.
  public var isDryRun: Bool
}

/// A matrix product of (m x n), summed over k, in 16 bits.
public struct ProductPoint: Sendable, Equatable {
  /// Rows.
  public var m: Double
  /// Columns.
  public var n: Double
  /// Depth of the sum.
  public var k: Double
  /// Run back to back for seconds, under the board's power limit.
  public var isSustained: Bool
  /// Seconds of one.
  public var seconds: Double
}

/// One pass of causal attention.
public struct AttentionPoint: Sendable, Equatable {
  /// Samples.
  public var batch: Double
  /// Heads.
  public var heads: Double
  /// Width of a head.
  public var headWidth: Int
  /// Tokens.
  public var sequence: Double
  /// True where the kernel was FlashAttention.
  public var isFlash: Bool
  /// The backward pass, alone.
  public var isBackward: Bool
  /// Seconds.
  public var seconds: Double
}

/// A memory-bound operator.
public struct MemoryBoundPoint: Sendable, Equatable {
  /// Name of the operator.
  public var name: String
  /// Bytes that it moves.
  public var bytes: Double
  /// Seconds.
  public var seconds: Double
}

/// A collective or a transfer between GPUs.
public struct CollectivePoint: Sendable, Equatable {
  /// What was run.
  public enum Operation: String, Sendable, CaseIterable {
    /// Every rank gets all parts.
    case allGather = "all-gather"
    /// Every rank gets the sum of its part.
    case reduceScatter = "reduce-scatter"
    /// Every rank gets the sum.
    case allReduce = "all-reduce"
    /// One rank to another.
    case pointToPoint = "point-to-point"
  }

  /// What was run.
  public var operation: Operation
  /// The group.
  public var group: GroupShape
  /// Only this group was busy.
  public var isAlone: Bool
  /// Bytes of the full tensor; of a point-to-point transfer those sent.
  public var bytes: Double
  /// Seconds of the slowest rank.
  public var seconds: Double
}

/// A copy between host and device.
public struct CopyPoint: Sendable, Equatable {
  /// True from the host to the device.
  public var isToDevice: Bool
  /// Bytes of one GPU.
  public var bytes: Double
  /// GPUs of the node that copied at once.
  public var gpusAtOnce: Int
  /// Seconds of the slowest.
  public var seconds: Double
}

/// Device memory that PyTorch's allocator does not see.
public struct MemoryPoint: Sendable, Equatable {
  /// True of a communicator's buffers, false of the CUDA context.
  public var isCommunicator: Bool
  /// Bytes.
  public var bytes: Double
  /// Ranks of the communicator.
  public var ranks: Int
}
