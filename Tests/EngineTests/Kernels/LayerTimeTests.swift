import Testing

@testable import Engine

/// What makes a layer longer than its products: power, the host, conversions and norms, against figures computed by hand
/// (docs/model.md, section 2).
@Suite struct LayerTimeTests {
  private static let figure = KernelCase.figure
  private static let (tokens, hidden) = (KernelCase.tokens, 1024.0)

  /// FLOPs of a layer's products, forward: 24 * T * h^2 of linear layers and the causal half of 8 heads.
  private static let flops = 24 * tokens * hidden * hidden + 16 * 2 * 1024 * 1024 * 128

  /// A memory-bound kernel over the hidden state of so many bytes an element.
  private func kernel(_ bytes: Double, width: Double = 1) -> Double {
    Self.tokens * Self.hidden * width * bytes * KernelCase.perByte + KernelCase.launch
  }

  @Test("a power limit leaves a layer FLOPs / (peak * share) and its part of the memory-bound kernels, at the least")
  func powerLimit() {
    var test = KernelCase()
    test.gpu.power = PowerLimit(productShare: Self.figure(0.15), memoryPart: Self.figure(0.5))
    // Two norms of 4 B, two adds of 6, the activation of 4 over the MLP's width; backward 6, 6 and 6.
    let forward = 2 * kernel(4) + 2 * kernel(6) + kernel(4, width: 4)
    let backward = 4 * kernel(6) + kernel(6, width: 4)
    let linear = 24 * Self.tokens * Self.hidden * Self.hidden
    let attention = Self.flops - linear
    let found = test.layer()
    #expect(agree(found.forward, Self.flops / (121e12 * 0.15) + 0.5 * forward))
    #expect(agree(found.backward, (2 * linear + 2.5 * attention) / (121e12 * 0.15) + 0.5 * backward))
    // The kernels themselves keep their rates.
    #expect(agree(found.kernels, KernelCase().layer().kernels))
  }

  @Test("a limit that kernels do not reach changes nothing, and no layer is shorter than without it")
  func powerLimitBound() {
    let free = KernelCase().layer()
    #expect(agree(free.forward, free.kernels))
    for share in stride(from: 0.1, through: 1, by: 0.1) {
      var test = KernelCase()
      test.gpu.power = PowerLimit(productShare: Self.figure(share), memoryPart: Self.figure(0.3))
      let limited = test.layer()
      #expect(limited.forward >= free.forward && limited.backward >= free.backward)
      if share > 0.95 { #expect(limited.forward == free.forward && limited.backward == free.backward) }
    }
  }

  @Test("no pass is shorter than the host needs to launch it, collectives among its work")
  func hostFloor() {
    var test = KernelCase()
    test.runtime.hostForwardSeconds = Self.figure(0.25)
    test.runtime.hostBackwardSeconds = Self.figure(0.75)
    let alone = test.layer()
    #expect(alone.forward == 0.25 && alone.backward == 0.75)
    // The host launches while the all-reduces run: kernels and collectives together take its time.
    let split = test.layer(tensorParallel: 2)
    #expect(split.tensorForward > 0)
    #expect(agree(split.forward + split.tensorForward, 0.25))
    test.runtime.hostForwardSeconds = Self.figure(1e-9)
    #expect(test.layer().forward == KernelCase().layer().forward)
  }

  @Test("fp8 numbers are made of 7 h a token forward and of 9 h backward, 6 B each; the head multiplies in 16 bits")
  func casts() throws {
    var test = KernelCase()
    test.gpu.fp8Flops = Self.figure(242e12)
    let sixteen = test.layer()
    #expect(try #require(sixteen.parts[.casts]) == (0, 0))
    test.run.precision = .fp8
    let eight = test.layer()
    let found = try #require(eight.parts[.casts])
    // Inputs h (q, k, v), h (output), h (up), 4 h (down); outputs 3 h, h, 4 h, h.
    #expect(agree(found.forward, kernel(6, width: 7)))
    #expect(agree(found.backward, kernel(6, width: 9)))
    #expect(eight.headForward == sixteen.headForward)
    let (up, before) = (try #require(eight.parts[.feedForwardUp]), try #require(sixteen.parts[.feedForwardUp]))
    // Half depth 200 instead of 100, at twice the rate.
    #expect(agree((up.forward - 5e-6) / (before.forward - 5e-6), 0.5 * 1224 / 1124))
  }

  @Test("an RMSNorm moves what the runtime's RMSNorm moves, a LayerNorm what its LayerNorm does; two of each a layer")
  func norms() throws {
    var test = KernelCase()
    test.runtime.traffic.rmsNormForwardBytes = Self.figure(34)
    test.runtime.traffic.rmsNormBackwardBytes = Self.figure(50)
    let layerNorm = try #require(test.layer().parts[.norms])
    #expect(agree(layerNorm.forward, 2 * kernel(4)) && agree(layerNorm.backward, 2 * kernel(6)))
    let head = test.layer().headForward
    test.model.normalization = .rmsNorm
    let rmsNorm = try #require(test.layer().parts[.norms])
    #expect(agree(rmsNorm.forward, 2 * kernel(34)) && agree(rmsNorm.backward, 2 * kernel(50)))
    // The last norm, before the head, too.
    #expect(agree(test.layer().headForward - head, kernel(34) - kernel(4)))
  }
}
