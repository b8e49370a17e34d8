import Foundation

@testable import Engine

/// The points that the profiler would measure on a machine whose figures are known, with noise.
///
/// It prices each case by hand from the figures, with none of the fit's code.
struct SyntheticPoints {
  private let cluster: Cluster
  private let noise: Double
  private var random: SymbolicRandom

  /// A profile of a cluster; `noise` is the relative standard deviation of each point.
  init(_ cluster: Cluster, noise: Double, seed: UInt64) {
    self.cluster = cluster
    self.noise = noise
    random = SymbolicRandom(seed: seed)
  }

  /// All points.
  mutating func points() -> CalibrationPoints {
    var points = CalibrationPoints()
    points.files = ["synthetic.jsonl"]
    addKernels(&points)
    addTransfers(&points)
    for group in [GroupShape(nodes: 1, gpusPerNode: 8), GroupShape(nodes: 4, gpusPerNode: 8)] {
      addOverlap(&points, group)
    }
    return points
  }

  private mutating func noisy(_ seconds: Double) -> Double {
    let (a, b) = (Double.random(in: 1e-12...1, using: &random), Double.random(in: 0...1, using: &random))
    return seconds * (1 + noise * (-2 * log(a)).squareRoot() * cos(2 * .pi * b))
  }

  private var gpu: GPU { cluster.nodeType.gpu }

  private func productSeconds(_ m: Double, _ n: Double, _ k: Double) -> Double {
    let curve = gpu.gemm
    let arithmetic =
      2 * (m * n + curve.waveElements.value) * (k + curve.halfDepth.value) / (gpu.peakFlops.value * curve.share.value)
    let traffic = 2 * (m * n + (m + n) * k) / (gpu.memoryBandwidth.value * gpu.elementwiseShare.value)
    return max(arithmetic, traffic) + gpu.launchSeconds.value
  }

  private mutating func addKernels(_ points: inout CalibrationPoints) {
    for tokens in [1024.0, 2048, 4096, 8192] {
      for (hidden, wide, slice) in [
        (1024.0, 4096.0, 1.0), (2048, 8192, 1), (4096, 11008, 2), (4096, 16384, 8), (5120, 13824, 4),
      ] {
        let shapes = [
          (tokens, 3 * hidden / slice, hidden), (tokens, hidden, hidden / slice), (tokens, wide / slice, hidden),
          (tokens, hidden, wide / slice), (hidden, wide / slice, tokens),
        ]
        for (m, n, k) in shapes {
          points.products.append(
            ProductPoint(m: m, n: n, k: k, isSustained: false, seconds: noisy(productSeconds(m, n, k))))
        }
      }
    }
    points.products.append(
      ProductPoint(m: 8192, n: 8192, k: 8192, isSustained: true, seconds: noisy(productSeconds(8192, 8192, 8192))))
    for (batch, heads, width, sequence) in [
      (2.0, 32.0, 128, 2048.0), (8, 16, 64, 1024), (1, 32, 128, 8192), (16, 16, 64, 512), (1, 8, 128, 4096),
      (4, 32, 128, 1024), (2, 32, 80, 2048), (8, 32, 128, 512), (1, 16, 64, 8192), (1, 40, 128, 2048),
    ] {
      for isBackward in [false, true] {
        let flops = 2 * batch * sequence * sequence * heads * Double(width) * (isBackward ? 2.5 : 1)
        let share = (isBackward ? gpu.flashBackwardShare : gpu.flashForwardShare).value
        let slowed = (sequence + gpu.flashHalfSequence.value) / sequence / KernelRates.headRate(width: width)
        let seconds = flops * slowed / (gpu.peakFlops.value * share) + gpu.launchSeconds.value
        points.attention.append(
          AttentionPoint(
            batch: batch, heads: heads, headWidth: width, sequence: sequence, isFlash: true, isBackward: isBackward,
            seconds: noisy(seconds)))
      }
    }
    for bytes in [2e7, 1e8, 2.5e8, 5e8] {
      for name in ["gelu", "add", "layer-norm"] {
        let seconds = bytes / (gpu.memoryBandwidth.value * gpu.elementwiseShare.value) + gpu.launchSeconds.value
        points.memoryBound.append(MemoryBoundPoint(name: name, bytes: bytes, seconds: noisy(seconds)))
      }
    }
    points.launches.append(noisy(gpu.launchSeconds.value))
  }

  private func seconds(_ link: Link, _ bytes: Double, _ group: GroupShape, _ factor: Double = 1) -> Double {
    let ring = Double(group.ranks - 1) / Double(group.ranks)
    return (bytes / 1_073_741_824 / link.gibibytesPerSecond * ring + link.latencySeconds) * factor
  }

  private mutating func addTransfers(_ points: inout CalibrationPoints) {
    let links = cluster.nodeType.links
    for (group, link) in links.measured.sorted(by: { LinkTable.inOrder($0.key, $1.key) }) {
      for mebibytes in [1.0, 4, 16, 64, 256] {
        let bytes = mebibytes * 1_048_576
        points.collectives.append(
          CollectivePoint(
            operation: .allGather, group: group, isAlone: false, bytes: bytes,
            seconds: noisy(seconds(link, bytes, group))))
        if [1, 16, 256].contains(mebibytes) {
          points.collectives.append(
            CollectivePoint(
              operation: .reduceScatter, group: group, isAlone: false, bytes: bytes,
              seconds: noisy(seconds(link, bytes, group, 1.1))))
        }
        guard let reduce = links.allReduce[group] else { continue }
        points.collectives.append(
          CollectivePoint(
            operation: .allReduce, group: group, isAlone: false, bytes: bytes,
            seconds: noisy(seconds(reduce, bytes, group))))
      }
    }
    for (isToDevice, link) in [(true, links.hostToDevice), (false, links.deviceToHost)] {
      for mebibytes in [4.0, 16, 64, 256] {
        let bytes = mebibytes * 1_048_576
        points.copies.append(
          CopyPoint(isToDevice: isToDevice, bytes: bytes, gpusAtOnce: 8, seconds: noisy(link.seconds(bytes: bytes))))
      }
    }
    for (pair, group) in [
      (links.pairs?.inside, GroupShape(nodes: 1, gpusPerNode: 2)),
      (links.pairs?.between, GroupShape(nodes: 2, gpusPerNode: 1)),
    ] {
      guard let pair else { continue }
      for mebibytes in [1.0, 8, 64, 256] {
        let bytes = mebibytes * 1_048_576
        points.collectives.append(
          CollectivePoint(
            operation: .pointToPoint, group: group, isAlone: true, bytes: bytes,
            seconds: noisy(pair.seconds(bytes: bytes))))
      }
    }
  }

  /// Times alone of an amount of work: rows of a product, MiB.
  private func alone(_ work: SIMD4<Double>, _ group: GroupShape) -> SIMD4<Double> {
    let links = cluster.nodeType.links
    var seconds = SIMD4<Double>.zero
    if work[0] > 0 { seconds[0] = productSeconds(work[0], 4096, 4096) }
    if work[1] > 0 { seconds[1] = self.seconds(cluster.collectiveLink(group), work[1] * 1_048_576, group) }
    if work[2] > 0 { seconds[2] = links.hostToDevice.seconds(bytes: work[2] * 1_048_576) }
    if work[3] > 0 { seconds[3] = links.deviceToHost.seconds(bytes: work[3] * 1_048_576) }
    return seconds
  }

  private mutating func addOverlap(_ points: inout CalibrationPoints, _ group: GroupShape) {
    // Each channel takes about as long for the same number of units.
    let unit = group.nodes > 1 ? SIMD4<Double>(32_768, 64, 64, 64) : SIMD4<Double>(16_384, 768, 32, 32)
    func add(_ ratios: SIMD4<Double>, _ random: inout Self) {
      let work = unit * ratios
      let seconds = random.noisy(random.cluster.nodeType.interference.elapsed(random.alone(work, group)))
      points.overlap.append(
        OverlapPoint(work: work, group: group, seconds: seconds, deviation: seconds * 0.03))
    }
    for channel in 0..<4 {
      for ratio in [0.5, 1, 2, 4, 8] {
        var ratios = SIMD4<Double>.zero
        ratios[channel] = ratio
        add(ratios, &self)
      }
    }
    for mask in 1..<16 where mask.nonzeroBitCount > 1 {
      for first in [1.0, 2, 4] {
        for second in [1.0, 2] {
          for slow in 0..<4 where mask & (1 << slow) != 0 {
            var ratios = SIMD4<Double>.zero
            for channel in 0..<4 where mask & (1 << channel) != 0 { ratios[channel] = channel == slow ? first : second }
            add(ratios, &self)
          }
        }
      }
    }
  }
}
