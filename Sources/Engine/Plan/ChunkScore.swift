/// Times of one chunk of an interleaved stage: a v-th of its layers, with the embedding in the first chunk of the first
/// stage and the head in the last chunk of the last one.
public struct ChunkScore: Sendable, Equatable {
  /// Forward of the first micro-batch.
  public var forwardFirst = PassTimes()
  /// Forward of the others.
  public var forward = PassTimes()
  /// Backward of all but the last micro-batch.
  public var backward = PassTimes()
  /// Backward of the last micro-batch; of chunk 0, the stage's last pass, with all that its runtime does at the end.
  public var backwardLast = PassTimes()
  /// Point-to-point to the stage that has the next layers, one direction, seconds (0 where there is none).
  public var pointToPointSeconds: Double = 0

  /// No time at all.
  public init() {}
}

extension StageScore {
  /// The stage as a row of chunks: its own passes where it is not interleaved.
  var passes: [ChunkScore] {
    guard chunks.isEmpty else { return chunks }
    var whole = ChunkScore()
    whole.forwardFirst = forwardFirst
    whole.forward = forward
    whole.backward = backward
    whole.backwardLast = backwardLast
    whole.pointToPointSeconds = pointToPointSeconds
    return [whole]
  }

  /// Sets the passes of the whole stage, and its point-to-point, to the sums over the chunks.
  mutating func setChunks(_ chunks: [ChunkScore]) {
    self.chunks = chunks
    func sum(_ pass: KeyPath<ChunkScore, PassTimes>) -> PassTimes {
      chunks.reduce(PassTimes()) { $0 + $1[keyPath: pass] }
    }
    forwardFirst = sum(\.forwardFirst)
    forward = sum(\.forward)
    backward = sum(\.backward)
    backwardLast = sum(\.backwardLast)
    pointToPointSeconds = chunks.reduce(0) { $0 + $1.pointToPointSeconds }
  }
}

extension PassTimes {
  /// Two passes one after the other.
  static func + (a: PassTimes, b: PassTimes) -> PassTimes {
    var sum = a
    sum.elapsed += b.elapsed
    sum.compute += b.compute
    sum.recomputed += b.recomputed
    sum.tensorParallel += b.tensorParallel
    sum.collective += b.collective
    sum.hostToDevice += b.hostToDevice
    sum.deviceToHost += b.deviceToHost
    return sum
  }
}
