extension ModelShape {
  /// FLOPs of an iteration by the formula with which Megatron-LM's authors report TFLOP/s: products and full attention,
  /// forward, backward and one recomputation (Narayanan, eq. 3): `96*B*s*l*h^2*(1 + s/(6h) + V/(16*l*h))`.
  func megatronHardwareFlops(sequenceLength: Int, globalBatch: Int) -> Double {
    let (h, l, s) = (Double(hidden), Double(layers), Double(sequenceLength))
    return 96 * Double(globalBatch) * s * l * h * h * (1 + s / (6 * h) + Double(vocabulary) / (16 * l * h))
  }

  /// FLOPs of an iteration as `8 * parameters` per token: products alone, with one recomputation.
  func recomputedProductFlops(sequenceLength: Int, globalBatch: Int) -> Double {
    8 * parameterCount(sequenceLength: sequenceLength) * Double(sequenceLength) * Double(globalBatch)
  }
}
