/// A run of a plan that a person measured: one line of their own table (docs/observe.md).
public struct ObservedRun: Sendable, Equatable {
  /// Short name, made of what it holds; unique in its table.
  public var id: String
  /// The day on which it was observed, `2026-11-23`, where the caller told it: the engine has no clock.
  public var date: String?
  /// What was run; its hardware figures are those that nobody had adjusted yet.
  public var workload: Workload
  /// How it was run.
  public var plan: Plan
  /// Seconds of an iteration.
  public var seconds: Double
  /// Memory, where it was measured.
  public var memory: [MeasuredMemory]
  /// Where the figures are from: the launcher of the log and its number of iterations; nil where a person typed them.
  public var origin: String?

  /// A run whose id is made of what it holds and of how many like it there are already.
  public init(
    workload: Workload, plan: Plan, seconds: Double, memory: [MeasuredMemory] = [], date: String? = nil,
    origin: String? = nil, among others: [ObservedRun] = []
  ) {
    id = ""
    self.date = date
    self.workload = workload
    self.plan = plan
    self.seconds = seconds
    self.memory = memory
    self.origin = origin
    let taken = Set(others.map(\.id))
    var copies = 0
    repeat {
      id = Self.name(of: text, copy: copies)
      copies += 1
    } while taken.contains(id)
  }

  /// Its features, for error bars.
  public var features: RunFeatures { RunFeatures(workload: workload, plan: plan) }

  /// True of a run of the same plan for the same model, run and number of GPUs of that kind, whatever their figures.
  public func isOf(_ workload: Workload, _ plan: Plan) -> Bool {
    let (own, other) = (self.workload, workload)
    return self.plan == plan && own.model == other.model && own.run.sequenceLength == other.run.sequenceLength
      && own.run.globalBatch == other.run.globalBatch && own.run.precision == other.run.precision
      && own.run.attention == other.run.attention && own.run.runtime == other.run.runtime
      && own.run.dropout == other.run.dropout && own.cluster.nodes == other.cluster.nodes
      && own.cluster.gpusPerNode == other.cluster.gpusPerNode
      && NodeKey(own.cluster.nodeType) == NodeKey(other.cluster.nodeType)
  }

  /// True of a run that is more than 30 % off: it deserves a warning.
  public static func isOutlier(measured: Double, predicted: Double) -> Bool {
    predicted > 0 && measured > 0 && !(1 / farRatio...farRatio).contains(measured / predicted)
  }

  /// Measured over predicted, or the other way round, from which on a run is warned of.
  static let farRatio = 1.3

  /// Eight hexadecimal digits of a text (FNV-1a).
  private static func name(of text: String, copy: Int) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in Array(text.utf8) + Array("\(copy)".utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String((hash ^ (hash >> 32)) & 0xFFFF_FFFF, radix: 16)
    return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }
}
