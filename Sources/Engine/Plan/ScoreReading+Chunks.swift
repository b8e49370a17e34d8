extension ScoreReading {
  /// The passes of a stage's `count` chunks, in the order of their layers (docs/model.md, section 5).
  ///
  /// Each chunk is a stage of its own in the formulas: a `count`-th of the layers and of the recomputed ones, the
  /// embedding before the first chunk, the head after the last. What a runtime does after the last backward is done
  /// once for the whole stage, after its last pass, which is the last backward of chunk 0.
  /// - Parameter pointToPointSeconds: from this stage to the one with the next layers; the head's chunk sends nothing.
  func chunks(_ count: Int, pointToPointSeconds: Double) -> [ChunkScore] {
    var end = PassTimes()
    var chunks: [ChunkScore] = []
    for index in 0..<count {
      let position = formula.position.chunk(index, of: count)
      let part = ScoreReading(
        values: values, formula: StageFormula(position: position, constants: formula.constants, tied: formula.tied),
        checkpointed: checkpointed / count)
      let passes = part.passes()
      var chunk = ChunkScore()
      chunk.forwardFirst = passes.forwardFirst
      chunk.forward = passes.forward
      chunk.backward = passes.backward
      let own = part.endWork()
      chunk.backwardLast = passes.backwardLast + own.negated
      chunk.pointToPointSeconds = position.isLast ? 0 : pointToPointSeconds
      end = end + own
      chunks.append(chunk)
    }
    chunks[0].backwardLast = chunks[0].backwardLast + end
    return chunks
  }
}

extension PassTimes {
  /// The same times, to be taken away.
  fileprivate var negated: PassTimes {
    var times = PassTimes()
    times.elapsed = -elapsed
    times.compute = -compute
    times.recomputed = -recomputed
    times.tensorParallel = -tensorParallel
    times.collective = -collective
    times.hostToDevice = -hostToDevice
    times.deviceToHost = -deviceToHost
    return times
  }
}
