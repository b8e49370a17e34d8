extension MeasuredTime {
  /// Seconds of an iteration, from whatever the table tells, the most direct first; nil where it tells nothing that its
  /// own definition turns into seconds.
  func seconds(model: ModelShape, gpus: Int, sequenceLength: Int, globalBatch: Int) -> Double? {
    let tokens = Double(sequenceLength) * Double(globalBatch)
    if let iterationSeconds { return iterationSeconds }
    if let tokensPerSecond { return tokens / tokensPerSecond }
    if let tokensPerSecondPerGPU { return tokens / (tokensPerSecondPerGPU * Double(gpus)) }
    guard let teraflopsPerGPU, let definition = flopsDefinition else { return nil }
    let rate = teraflopsPerGPU * 1e12 * Double(gpus)
    if definition.hasPrefix("8*params") {
      return model.recomputedProductFlops(sequenceLength: sequenceLength, globalBatch: globalBatch) / rate
    }
    guard definition.contains("96*B*s*l*h^2") || definition.contains("4x forward factor") else { return nil }
    let flops = model.megatronHardwareFlops(sequenceLength: sequenceLength, globalBatch: globalBatch)
    // The table says of its older estimator that it reports about 3 % less than the formula.
    return flops / (definition.contains("~3% low") ? rate / 0.97 : rate)
  }
}
