import Foundation

/// Products, attention and memory-bound kernels (docs/model.md, section 2).
extension Calibration {
  /// Moves below this many bytes are more launch than traffic.
  private static let largeMove = 64 * Units.mebibyte
  /// A rate above the peak by more cannot be.
  private static let mostOverPeak = 1.05
  /// Share of a derived peak that products reach.
  private static let derivedShare = 0.8

  /// The share of the bandwidth that memory-bound operators reach.
  func fitBandwidth(_ report: inout CalibrationReport) throws(InputError) {
    let large = points.memoryBound.filter { $0.bytes >= Self.largeMove }
    let chosen = large.isEmpty ? points.memoryBound : large
    let gpu = report.cluster.nodeType.gpu
    let launch = gpu.launchSeconds.value
    let rates = chosen.filter { $0.seconds > launch }.map { $0.bytes / ($0.seconds - launch) }
    guard let rate = rates.median else { return }
    let share = rate / gpu.memoryBandwidth.value
    guard share <= Self.mostOverPeak else {
      throw nonsense("memory-bound operators move \(Self.percent(share)) % of the bandwidth of \(gpu.title)")
    }
    let error = report.compare(chosen.count) { index in
      .init(
        name: "\(chosen[index].name) of \(Quantity.text((chosen[index].bytes / Units.mebibyte).rounded())) MiB",
        measured: chosen[index].seconds, fitted: chosen[index].bytes / rate + launch)
    }
    report.add(
      "gpu elementwiseShare", min(1, share), "", before: gpu.elementwiseShare.value, chosen.count, error,
      deviation: error / Double(chosen.count).squareRoot())
    report.cluster.nodeType.gpu.elementwiseShare = Figure(
      min(1, share), .measured, source: origin(chosen.count, error))
  }

  /// The rate curve of matrix products, and what the power limit leaves of it.
  func fitProducts(_ report: inout CalibrationReport) throws(InputError) {
    let short = points.products.filter { !$0.isSustained }
    let gpu = report.cluster.nodeType.gpu
    guard short.count >= 4 else {
      if !short.isEmpty { report.warnings.append("\(short.count) products are too few for a curve: the base's stays") }
      return
    }
    var fit = ProductFit(short, gpu: gpu)
    // A peak that was derived from the same points may be too low.
    if gpu.peakFlops.provenance == .derived, fit.curve.share > Self.derivedShare {
      report.cluster.nodeType.gpu.peakFlops.value *= fit.curve.share / Self.derivedShare
      fit = ProductFit(short, gpu: report.cluster.nodeType.gpu)
    }
    guard fit.curve.share <= Self.mostOverPeak else {
      throw nonsense("products reach \(Self.percent(fit.curve.share)) % of the peak of \(gpu.title)")
    }
    let error = report.compare(short.count) { index in
      .init(name: short[index].label, measured: short[index].seconds, fitted: fit.seconds(short[index]))
    }
    func figure(_ name: String, _ value: Double, _ before: Figure, _ deviation: Double) -> Figure {
      report.add("gpu gemm \(name)", value, "", before: before.value, short.count, error, deviation: deviation)
      guard deviation.isFinite else { return before }
      let verdict = CalibrationReport.Verdict(deviation: deviation)
      return Figure(value, verdict.provenance, source: origin(short.count, error))
    }
    report.cluster.nodeType.gpu.gemm = GEMMCurve(
      share: figure("share", min(1, fit.curve.share), gpu.gemm.share, fit.deviations.share),
      halfDepth: figure("halfDepth", fit.curve.halfDepth, gpu.gemm.halfDepth, fit.deviations.halfDepth),
      waveElements: figure(
        "waveElements", fit.curve.waveElements, gpu.gemm.waveElements, fit.deviations.waveElements))
    fitPower(&report, fit.seconds)
  }

  /// A sustained product that reaches this share of what a short one does is not held back: a point may be off by 3 %
  /// (our choice).
  private static let unlimited = 0.97

  /// A sustained product that is slower than the curve says runs at the board's power limit.
  private func fitPower(_ report: inout CalibrationReport, _ alone: (ProductPoint) -> Double) {
    let sustained = points.products.filter(\.isSustained)
    guard let ratio = sustained.map({ alone($0) / $0.seconds }).median else { return }
    let gpu = report.cluster.nodeType.gpu
    guard ratio < Self.unlimited else {
      report.cluster.nodeType.gpu.power = nil
      return
    }
    let share = min(1, gpu.gemm.share.value * ratio)
    report.add("gpu power productShare", share, "", before: gpu.power?.productShare.value, sustained.count, 0)
    report.cluster.nodeType.gpu.power = PowerLimit(
      productShare: Figure(share, .measured, source: origin(sustained.count)),
      memoryPart: gpu.power?.memoryPart
        ?? Figure(0.35, .assumed, source: "memory-bound kernels draw about a third of a board's power above idling"))
  }

  /// The shares of flash attention on long sequences, and the length at which half of them is reached.
  func fitAttention(_ report: inout CalibrationReport) {
    let flash = points.attention.filter(\.isFlash)
    let gpu = report.cluster.nodeType.gpu
    let (forward, backward) = (flash.filter { !$0.isBackward }, flash.filter(\.isBackward))
    guard forward.count >= 2, backward.count >= 2 else {
      if !points.attention.isEmpty {
        report.warnings.append("\(flash.count) passes of flash attention are too few: the base's figures stay")
      }
      return
    }
    func seconds(_ point: AttentionPoint, _ share: Double, _ half: Double) -> Double {
      var gpu = gpu
      gpu.flashHalfSequence.value = half
      return KernelRates(gpu: gpu).flash(
        point.flops, rows: point.sequence, headWidth: point.headWidth, share: share)
    }
    let model = CurveModel(seconds: flash.map(\.seconds)) { parameters, index in
      let share = exp(parameters[flash[index].isBackward ? 1 : 0])
      return seconds(flash[index], share, parameters[2] * Self.sequenceUnit)
    }
    let bound = log(1e-7)...0.0
    let solution = model.fitted(from: [log(0.5), log(0.4), 0.5], [bound, bound, 0...10])
    let (ahead, back) = (exp(solution.parameters[0]), exp(solution.parameters[1]))
    let half = solution.parameters[2] * Self.sequenceUnit
    let error = report.compare(flash.count) { index in
      .init(
        name: flash[index].label, measured: flash[index].seconds,
        fitted: seconds(flash[index], flash[index].isBackward ? back : ahead, half))
    }
    func figure(_ name: String, _ value: Double, _ before: Double, _ deviation: Double) -> Figure {
      report.add("gpu \(name)", value, "", before: before, flash.count, error, deviation: deviation)
      let verdict = CalibrationReport.Verdict(deviation: deviation)
      return Figure(value, verdict.provenance, source: origin(flash.count, error))
    }
    report.cluster.nodeType.gpu.flashForwardShare = figure(
      "flashForwardShare", ahead, gpu.flashForwardShare.value, solution.deviations[0])
    report.cluster.nodeType.gpu.flashBackwardShare = figure(
      "flashBackwardShare", back, gpu.flashBackwardShare.value, solution.deviations[1])
    report.cluster.nodeType.gpu.flashHalfSequence = figure(
      "flashHalfSequence", half, gpu.flashHalfSequence.value, solution.deviations[2] * Self.sequenceUnit / 2_048)
  }

  private static let sequenceUnit = 1_000.0
}

extension ProductPoint {
  /// `gemm 4096 x 4096 x 4096`.
  var label: String { "gemm \([m, n, k].map(Quantity.text).joined(separator: " x "))" }
}

extension AttentionPoint {
  /// FLOPs of the causal half (docs/model.md, section 2): the backward pass recomputes the scores.
  var flops: Double {
    2 * batch * sequence * sequence * heads * Double(headWidth) * (isBackward ? 2.5 : 1)
  }

  /// `attention forward 8 x 16 x 2048 x 128`.
  var label: String {
    let shape = [batch, heads, sequence, Double(headWidth)].map(Quantity.text).joined(separator: " x ")
    return "attention \(isBackward ? "backward" : "forward") \(shape)"
  }
}
