import Engine

/// Layers of passes for tests of screens: equal kernels, transfers beside them, and what is exposed at the end.
enum LayerSamples {
  /// The layers of all stages of a plan.
  static func layers(_ plan: Plan, _ stages: [StageScore]) -> [[StageLayers]] {
    zip(plan.stages, stages).map { choice, score in
      let kept = choice.layers - choice.checkpointedLayers
      func pass(_ times: PassTimes, isForward: Bool, step: Bool = false) -> PassLayers {
        self.pass(times, layers: choice.layers, kept: isForward ? choice.layers : kept, isForward, step: step)
      }
      var layers = StageLayers()
      layers.forwardFirst = pass(score.forwardFirst, isForward: true, step: true)
      layers.forward = pass(score.forward, isForward: true)
      layers.backward = pass(score.backward, isForward: false)
      layers.backwardLast = pass(score.backwardLast, isForward: false)
      return [layers]
    }
  }

  private static func pass(
    _ times: PassTimes, layers: Int, kept: Int, _ isForward: Bool, step: Bool
  ) -> PassLayers {
    let kernels = times.compute / Double(layers)
    let tensor = times.tensorParallel / Double(layers)
    let exposed = max(0, times.elapsed - times.compute - times.tensorParallel)
    var pieces: [LayerPiece] = []
    var now = 0.0
    func add(_ channel: Channel, _ work: LayerWork, _ part: LayerPart, _ start: Double, _ seconds: Double) {
      pieces.append(LayerPiece(channel: channel, work: work, part: part, start: start, end: start + seconds))
    }
    for index in 0..<layers {
      let layer = isForward ? index : layers - 1 - index
      let repeated = layer >= kept ? kernels / 3 : 0
      add(.compute, step ? .optimizerStep : .recomputation, .layer(layer), now, step ? kernels / 4 : repeated)
      let own = step ? kernels / 4 : repeated
      add(.compute, isForward ? .forward : .backward, .layer(layer), now + own, kernels - own)
      func beside(_ seconds: Double) -> Double { min(kernels, seconds / Double(layers)) }
      add(.collective, isForward ? .gather : .reduction, .layer(layer), now, beside(times.collective - exposed))
      add(.hostToDevice, .copyIn, .layer(layer), now, beside(times.hostToDevice))
      add(.deviceToHost, .copyOut, .layer(layer), now, beside(times.deviceToHost))
      now += kernels
      pieces.append(
        LayerPiece(
          channel: .collective, work: .tensorParallel, part: .layer(layer), start: now, end: now + tensor,
          isExposed: true))
      now += tensor
    }
    pieces.append(
      LayerPiece(
        channel: .collective, work: isForward ? .gather : .reduction, part: .stage, start: now, end: now + exposed,
        isExposed: true))
    return PassLayers(seconds: now + exposed, pieces: pieces)
  }
}
