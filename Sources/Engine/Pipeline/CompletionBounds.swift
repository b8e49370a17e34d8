/// Lower bounds on what the stages still to come must add, for each (stage, layers used before it).
///
/// Each is the optimum of a relaxation of its own: the sum takes the fastest points, the bottleneck the least slow split,
/// the whole the lightest extras. They may be used together, and they hold for every cap on the slowest stage.
struct CompletionBounds {
  /// Layers to distribute [N].
  let layers: Int
  /// Least sum of `stable` of this and the later stages, seconds.
  private(set) var sum: [Double]
  /// Least pace of the slowest of this and the later stages, seconds.
  private(set) var bottleneck: [Double]
  /// Least V of this and the later stages if the pipeline began with this one, seconds.
  private(set) var whole: [Double]

  /// Index of (stage, layers used before it), stages 0...S.
  func index(_ stage: Int, _ used: Int) -> Int { stage * (layers + 1) + used }

  /// The bounds of all states, by one backward pass.
  ///
  /// - Complexity: O(S * (N - S)^2).
  init(_ options: StageOptions) {
    layers = options.layers
    let states = (options.stages + 1) * (layers + 1)
    sum = [Double](repeating: .infinity, count: states)
    bottleneck = sum
    whole = sum
    let end = states - 1
    sum[end] = 0
    bottleneck[end] = -.infinity
    whole[end] = -.infinity
    for stage in stride(from: options.stages - 1, through: 0, by: -1) { relax(stage, options) }
  }

  /// Fills in the states before one stage from those after it.
  private mutating func relax(_ stage: Int, _ options: StageOptions) {
    let (here, next, row) = (index(stage, 0), index(stage + 1, 0), options.slot(stage, 0))
    let (stages, layers) = (options.stages, layers)
    sum.withUnsafeMutableBufferPointer { sum in
      bottleneck.withUnsafeMutableBufferPointer { bottleneck in
        whole.withUnsafeMutableBufferPointer { whole in
          options.fastest.withUnsafeBufferPointer { fastest in
            options.lightest.withUnsafeBufferPointer { lightest in
              options.quickest.withUnsafeBufferPointer { quickest in
                for used in stage...(layers - stages + stage) {
                  var (least, narrow, full) = (Double.infinity, Double.infinity, Double.infinity)
                  for after in (used + 1)...(layers - stages + stage + 1) {
                    let rest = sum[next + after]
                    let option = row + after - used
                    let seconds = fastest[option] + rest
                    least = seconds < least ? seconds : least
                    let slowest = bottleneckOf(quickest[option], bottleneck[next + after])
                    narrow = slowest < narrow ? slowest : narrow
                    let heavy = bottleneckOf(lightest[option] + rest, whole[next + after])
                    full = heavy < full ? heavy : full
                  }
                  sum[here + used] = least
                  bottleneck[here + used] = narrow
                  whole[here + used] = full
                }
              }
            }
          }
        }
      }
    }
  }
}

/// The larger of two numbers, neither of them NaN; the standard `max` does not become one instruction.
@inline(__always)
private func bottleneckOf(_ first: Double, _ second: Double) -> Double { first > second ? first : second }
