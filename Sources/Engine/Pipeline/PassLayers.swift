/// A part of the model on a stage.
public enum LayerPart: Sendable, Hashable {
  /// The embedding.
  case embedding
  /// A layer of the stage, from 0.
  case layer(Int)
  /// Final norm, output matrix and loss.
  case head
  /// All of the stage together.
  case stage
}

/// What one channel does for a while during a pass.
public struct LayerPiece: Sendable, Hashable {
  /// The channel.
  public var channel: Channel
  /// What it does.
  public var work: LayerWork
  /// The layer in whose slot it lies: a fetch beside layer 3 is for the layer that comes next.
  public var part: LayerPart
  /// Start, seconds from the start of the pass.
  public var start: Double
  /// End, seconds from the start of the pass.
  public var end: Double
  /// True where no kernels run meanwhile; kernels themselves never are.
  public var isExposed: Bool

  /// One piece.
  public init(
    channel: Channel, work: LayerWork, part: LayerPart, start: Double, end: Double, isExposed: Bool = false
  ) {
    self.channel = channel
    self.work = work
    self.part = part
    self.start = start
    self.end = end
    self.isExposed = isExposed
  }

  /// Seconds.
  public var seconds: Double { end - start }
}

/// One pass of a micro-batch through a stage, layer by layer, in the four channels (docs/model.md, section 4).
public struct PassLayers: Sendable, Equatable {
  /// Elapsed seconds.
  public private(set) var seconds = 0.0
  /// Per channel, by `Channel.rawValue`, its pieces in time order; they never overlap.
  public private(set) var lanes: [[LayerPiece]] = Channel.allCases.map { _ in [] }

  /// A pass that does nothing.
  public init() {}

  /// A pass of these pieces, in any order.
  public init(seconds: Double, pieces: [LayerPiece]) {
    self.seconds = seconds
    for piece in pieces where piece.end > piece.start { lanes[piece.channel.rawValue].append(piece) }
    for lane in lanes.indices { lanes[lane].sort { $0.start < $1.start } }
  }

  /// The pieces of a channel, in time order.
  public func pieces(_ channel: Channel) -> [LayerPiece] { lanes[channel.rawValue] }

  /// The pieces of a channel between two moments, cut there; seconds from `start` on.
  ///
  /// - Complexity: O(log pieces) and the pieces found.
  public func pieces(_ channel: Channel, from start: Double, to end: Double) -> [LayerPiece] {
    let lane = pieces(channel)
    var low = 0
    var high = lane.count
    while low < high {
      let middle = (low + high) / 2
      if lane[middle].end <= start { low = middle + 1 } else { high = middle }
    }
    var found: [LayerPiece] = []
    while low < lane.count, lane[low].start < end {
      var piece = lane[low]
      piece.start = max(piece.start, start) - start
      piece.end = min(piece.end, end) - start
      found.append(piece)
      low += 1
    }
    return found
  }
}

/// The four passes of a stage, or of a chunk of one, layer by layer.
public struct StageLayers: Sendable, Equatable {
  /// Forward of the first micro-batch.
  public var forwardFirst = PassLayers()
  /// Forward of the others.
  public var forward = PassLayers()
  /// Backward of all but the last micro-batch.
  public var backward = PassLayers()
  /// Backward of the last micro-batch.
  public var backwardLast = PassLayers()

  /// Passes that do nothing.
  public init() {}
}
