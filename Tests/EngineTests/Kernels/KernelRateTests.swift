import Testing

@testable import Engine

/// Seconds of single kernels, against figures computed by hand (docs/model.md, section 2).
@Suite struct KernelRateTests {
  private static let figure = KernelCase.figure

  /// The test GPU with idle room in its last wave, and fp8 units where `fp8` says so.
  private func gpu(fp8: Bool = false) -> GPU {
    var gpu = TestMachines.gpu
    gpu.gemm.waveElements = Self.figure(200_000)
    if fp8 { gpu.fp8Flops = Self.figure(242e12) }
    return gpu
  }

  private func product(_ m: Double, _ n: Double, depth: Double, _ rates: KernelRates) -> Double {
    KernelCase.seconds { rates.product($0(m), $0(n), depth: $0(depth)) }
  }

  private func batched(_ rates: KernelRates, depth: Double, width: Int) -> Double {
    KernelCase.seconds { rates.batchedProduct($0(1024), $0(1024), depth: $0(depth), batch: $0(16), headWidth: width) }
  }

  @Test("a product takes 2 * (m*n + wave) * (k + half depth) / (peak * share), and its launch")
  func curve() {
    let rates = KernelRates(gpu: gpu())
    // 2 * (2,097,152 + 200,000) * (512 + 100) = 2,811,714,048 FLOPs at 54.45 TFLOP/s.
    #expect(agree(product(2048, 1024, depth: 512, rates), 2_811_714_048 / 54.45e12 + 5e-6))
    // The sum's depth and the output's size do not exchange: 2 * (1,048,576 + 200,000) * (1024 + 100).
    #expect(agree(product(2048, 512, depth: 1024, rates), 2_806_798_848 / 54.45e12 + 5e-6))
  }

  @Test("a product of a short sum is no faster than its inputs and output are moved")
  func productTraffic() {
    // 4096 x 4096 outputs of depth 16 and (4096 + 4096) * 16 inputs, 2 B each, at 240 GB/s: longer than the arithmetic.
    let bytes = 2.0 * (16_777_216 + 131_072)
    #expect(agree(product(4096, 4096, depth: 16, KernelRates(gpu: gpu())), bytes / 240e9 + 5e-6))
  }

  @Test("a batched product's arithmetic and traffic overlap in part: a + m - a*m/(a + m), between maximum and sum")
  func batchedProduct() {
    let found = batched(KernelRates(gpu: gpu()), depth: 64, width: 64) - 5e-6
    let arithmetic = 2.0 * 1024 * 1024 * 64 * 16 / 54.45e12
    let traffic = 2.0 * 16 * (1024 * 1024 + 2048 * 64) / 240e9
    #expect(agree(found, arithmetic + traffic - arithmetic * traffic / (arithmetic + traffic)))
    #expect(found > max(arithmetic, traffic) && found < arithmetic + traffic)
    // Where both take as long: one and a half times.
    var even = gpu()
    even.memoryBandwidth = Self.figure(2.0 * 16 * (1024 * 1024 + 2048 * 64) / arithmetic / 0.8)
    #expect(agree(batched(KernelRates(gpu: even), depth: 64, width: 64) - 5e-6, 1.5 * arithmetic))
  }

  @Test("head widths that fill no 16 bytes leave unfused attention a twentieth of the peak")
  func unaligned() {
    var quick = gpu()
    quick.memoryBandwidth = Self.figure(1e24)
    let rates = KernelRates(gpu: quick)
    let flops = { (width: Double) in 2.0 * 1024 * 1024 * width * 16 }
    #expect(agree(batched(rates, depth: 112, width: 112), flops(112) / 54.45e12 + 5e-6))
    #expect(agree(batched(rates, depth: 108, width: 108), flops(108) / 6.05e12 + 5e-6))
  }

  @Test("flash attention's rate by head width: the softmax costs 15 % of 128's time, and widths are padded to 32")
  func headRate() {
    #expect(agree(KernelRates.headRate(width: 128), 1))
    #expect(agree(KernelRates.headRate(width: 64), 0.5 / (0.15 + 0.85 * 0.5)))
    // 80 is computed as 96.
    #expect(agree(KernelRates.headRate(width: 80), 0.625 / (0.15 + 0.85 * 0.75)))
    #expect(agree(KernelRates.headRate(width: 256), 2 / (0.15 + 0.85 * 2)))
    // Flash attention pads unaligned widths too, and stays on the fast path.
    #expect(agree(KernelRates.headRate(width: 108), 108.0 / 128))
    // Half the rate at the half sequence.
    var gpu = TestMachines.gpu
    gpu.flashHalfSequence = Self.figure(1024)
    let rates = KernelRates(gpu: gpu)
    let seconds = KernelCase.seconds { rates.flash($0(1e12), rows: 1024, headWidth: 64, share: 0.33) }
    #expect(agree(seconds, 2e12 / (121e12 * 0.33 * 0.5 / 0.575) + 5e-6))
  }

  @Test("fp8 doubles the peak and with it the half depth; a GPU without such units multiplies at its 16-bit rate")
  func fp8() {
    let rates = KernelRates(gpu: gpu(fp8: true), precision: .fp8)
    #expect(rates.productHalfDepth == 200)
    // 2 * (2,097,152 + 200,000) * (4096 + 200) at 108.9 TFLOP/s.
    #expect(agree(product(2048, 1024, depth: 4096, rates), 19_737_129_984 / 108.9e12 + 5e-6))
    let without = KernelRates(gpu: gpu(), precision: .fp8)
    #expect(product(2048, 1024, depth: 4096, without) == product(2048, 1024, depth: 4096, KernelRates(gpu: gpu())))
    // Attention stays in 16 bits.
    #expect(batched(rates, depth: 64, width: 64) == batched(KernelRates(gpu: gpu()), depth: 64, width: 64))
  }
}
