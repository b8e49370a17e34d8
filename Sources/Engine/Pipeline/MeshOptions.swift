/// The points of every place of a `MeshPipelineProblem`, in one flat list.
///
/// Places stand in the order of `behind`, then not first before first, then kind, then layers.
public struct MeshOptions: Sendable, Equatable {
  /// Most stages: places have 0 to one less behind them.
  public let stages: Int
  /// Number of kinds.
  public let kinds: Int
  /// Most layers of a place.
  public let layers: Int
  /// All points.
  private(set) var points: [StagePoint] = []
  /// First point of each place, and one past the last: `start[index]..<start[index + 1]`.
  private(set) var start: [Int32] = [0]

  /// Options of up to `stages` stages; `fill` is asked once for each place, in order, and fills an empty list.
  ///
  /// A place without points is one that cannot be used.
  /// - Complexity: O(stages * kinds * layers) calls.
  public init(stages: Int, kinds: Int, layers: Int, _ fill: (MeshPlace, inout [StagePoint]) -> Void) {
    self.stages = max(0, stages)
    self.kinds = max(0, kinds)
    self.layers = max(0, layers)
    start.reserveCapacity(count + 1)
    var list: [StagePoint] = []
    for index in 0..<count {
      list.removeAll(keepingCapacity: true)
      fill(place(index), &list)
      points += list
      start.append(Int32(points.count))
    }
  }

  /// The points of a place.
  public subscript(place: MeshPlace) -> ArraySlice<StagePoint> { points[range(index(place))] }

  /// Number of places.
  var count: Int { stages * 2 * kinds * layers }

  /// Where a place stands.
  func index(_ place: MeshPlace) -> Int { index(place.behind, place.isFirst, place.kind) + place.layers - 1 }

  /// Where the places of a stage and kind begin: the one of a single layer.
  func index(_ behind: Int, _ isFirst: Bool, _ kind: Int) -> Int {
    ((behind * 2 + (isFirst ? 1 : 0)) * kinds + kind) * layers
  }

  /// The place that stands somewhere.
  func place(_ index: Int) -> MeshPlace {
    let (row, count) = index.quotientAndRemainder(dividingBy: layers)
    let (stage, kind) = row.quotientAndRemainder(dividingBy: kinds)
    return MeshPlace(behind: stage / 2, isFirst: stage % 2 == 1, kind: kind, layers: count + 1)
  }

  /// Points of the place that stands somewhere.
  func range(_ index: Int) -> Range<Int> { Int(start[index])..<Int(start[index + 1]) }

  /// True where a place of these sizes exists.
  func contains(_ place: MeshPlace) -> Bool {
    (0..<stages).contains(place.behind) && (0..<kinds).contains(place.kind)
      && (1...max(1, layers)).contains(place.layers)
  }
}
