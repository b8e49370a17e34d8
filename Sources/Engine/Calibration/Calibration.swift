import Foundation

/// Fits the figures of a cluster to what was measured on it (docs/clusters.md, "Calibrate").
///
/// `try Calibration(points, base: cluster).report()`. Figures that no point tells stay those of the base, with its origin.
public struct Calibration {
  let points: CalibrationPoints
  let base: Cluster
  let baseLabel: String

  /// A calibration of `base`.
  ///
  /// - Parameter label: what the base is, for people.
  public init(_ points: CalibrationPoints, base: Cluster, label: String) {
    self.points = points.withSingleChannels
    self.base = base
    baseLabel = label
  }

  /// Fits all that the points tell; throws where they cannot be of such hardware.
  ///
  /// Complexity: seconds for thousands of points of overlap.
  public func report() throws(InputError) -> CalibrationReport {
    var report = CalibrationReport(cluster: base, base: baseLabel)
    describeMachine(&report)
    fitLaunch(&report)
    try fitBandwidth(&report)
    try fitProducts(&report)
    fitAttention(&report)
    fitMemory(&report)
    fitLinks(&report)
    fitCopies(&report)
    fitOverlap(&report)
    try check(report.cluster)
    if !points.failed.isEmpty {
      report.warnings.append("\(points.failed.count) cases failed where they were measured: \(points.failed[0])")
    }
    return report
  }

  /// Throws where a file of the fitted cluster could not be read again: a figure is beyond any hardware.
  private func check(_ cluster: Cluster) throws(InputError) {
    do throws(InputError) {
      let root = try ConfigNode.parse(ClusterFile.text(of: cluster), file: "").mapping(ClusterFile.keys)
      _ = try ClusterReader.cluster(try root.required("cluster", "a cluster"))
    } catch .value(let place, let found, let expected) {
      throw nonsense("\(place.field) would be \(PlainText.line(found, most: 200)), which is not \(expected)")
    } catch {
      throw nonsense("the cluster that they give cannot be saved (\(error))")
    }
  }

  /// The origin of a fitted figure.
  func origin(_ count: Int, _ meanError: Double? = nil) -> String {
    let machine =
      points.machine.map { " on \($0.gpu)\($0.isDryRun ? ", a dry run without a GPU" : "") (\($0.software))" } ?? ""
    let error = meanError.map { ", mean error \(Self.percent($0)) %" } ?? ""
    let files = PlainText.line(points.files.joined(separator: ", "), most: 400)
    return "brume calibrate: \(count) points of \(files)\(machine)\(error)"
  }

  /// A share in percent with one decimal, for sources.
  static func percent(_ share: Double) -> String { Quantity.text((share * 1_000).rounded() / 10) }

  /// The error of points that cannot be.
  func nonsense(_ problem: String) -> InputError {
    .conflict(
      at: InputPlace(file: points.files.first ?? "the points"), problem: problem,
      remedy: "these points are not of \(baseLabel), or were timed wrongly; name the hardware with --cluster")
  }

  private func describeMachine(_ report: inout CalibrationReport) {
    guard let machine = points.machine else { return }
    if let bytes = machine.memoryBytes {
      report.cluster.nodeType.gpu.memoryBytes = Figure(bytes, .measured, source: origin(1))
    }
    if let bytes = machine.hostMemoryBytes {
      report.cluster.nodeType.hostMemoryBytes = Figure(bytes, .measured, source: origin(1))
    }
    if machine.isDryRun {
      report.warnings.append("these points are of a dry run without a GPU: they say nothing about training")
    }
    let gpu = base.nodeType.gpu
    let match = machine.isDryRun ? nil : GPUMatch(machine.gpu, memoryBytes: machine.memoryBytes)?.name
    if let match, match != gpu.name, !gpu.name.hasPrefix(match + "-") {
      report.warnings.append("the points are of \(machine.gpu), and what they are laid over is of \(gpu.title)")
    }
    if machine.gpusPerNode != base.gpusPerNode {
      report.warnings.append(
        "\(machine.gpusPerNode) GPUs a node were measured, the cluster has \(base.gpusPerNode): larger groups, and copies by "
          + "all GPUs at once, follow from what was")
    }
    if points.isCut {
      report.warnings.append("the points end before the script did: kinds that come late are missing, or are few")
    }
  }

  private func fitLaunch(_ report: inout CalibrationReport) {
    guard let seconds = points.launches.median else { return }
    report.add(
      "gpu launchSeconds", seconds, "s", before: base.nodeType.gpu.launchSeconds.value, points.launches.count, 0)
    report.cluster.nodeType.gpu.launchSeconds = Figure(
      seconds, .measured, source: origin(points.launches.count))
  }

  private func fitMemory(_ report: inout CalibrationReport) {
    let context = points.memory.filter { !$0.isCommunicator }.map(\.bytes)
    if let bytes = context.median {
      report.add("gpu contextBytes", bytes, "B", before: base.nodeType.gpu.contextBytes.value, context.count, 0)
      report.cluster.nodeType.gpu.contextBytes = Figure(bytes, .measured, source: origin(context.count))
    }
    let communicators = points.memory.filter { $0.isCommunicator && $0.ranks > 1 }.map(\.bytes)
    if let bytes = communicators.max() {
      report.add(
        "gpu communicatorBytes", bytes, "B", before: base.nodeType.gpu.communicatorBytes.value, communicators.count, 0)
      report.cluster.nodeType.gpu.communicatorBytes = Figure(bytes, .measured, source: origin(communicators.count))
    }
  }

  private func fitOverlap(_ report: inout CalibrationReport) {
    guard !points.overlap.isEmpty else { return }
    guard
      let overlap = OverlapReport(
        points.overlap, base: base.nodeType.interference, cluster: report.cluster)
    else {
      report.warnings.append(
        "of \(points.overlap.count) points of overlap too few are steady, with all parts measured alone, for 28 interference "
          + "factors: those of \(baseLabel) stay")
      return
    }
    report.overlap = overlap
    guard let interference = overlap.fit.interference else { return }
    report.cluster.nodeType.interference = interference
    report.cluster.nodeType.interferenceOrigin = Figure(
      28, .measured, source: origin(overlap.total.count, overlap.total.fit))
  }

}

extension CalibrationReport {
  /// Notes a fitted figure.
  mutating func add(
    _ name: String, _ value: Double, _ unit: String, before: Double?, _ points: Int, _ meanError: Double,
    deviation: Double = 0
  ) {
    figures.append(
      Fitted(
        name: name, value: value, unit: unit, before: before, points: points, meanError: meanError,
        verdict: Verdict(deviation: deviation)))
  }

  /// Notes fitted beside measured times, and gives their mean absolute error.
  mutating func compare(_ count: Int, _ row: (Int) -> Beside) -> Double {
    let rows = (0..<count).map(row)
    points += rows
    return rows.reduce(0) { $0 + abs($1.error) } / Double(max(1, count))
  }
}
