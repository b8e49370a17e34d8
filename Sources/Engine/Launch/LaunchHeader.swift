/// The lines at the top of exported files: where they came from, what is predicted, what the prediction leaves out.
public enum LaunchHeader {
  /// The lines, without comment marks.
  public static func lines(_ job: LaunchJob, launcher: Launcher) -> [String] {
    let score = job.score
    let cluster = job.workload.cluster
    var lines = [
      "\(launcher.title) for \(PlainText.line(job.workload.name)), from \(PlainText.line(job.origin)), by brume \(EngineVersion.current)",
      "on \(PlainText.line(cluster.label)), sequence \(job.workload.run.sequenceLength), batch \(job.workload.run.globalBatch)",
      "",
      "Predicted on the runtime \(job.workload.run.runtime):",
      "  \(number(score.iterationSeconds, 4)) s an iteration"
        + (job.errorBar.map { " (by measured runs: \($0))" } ?? "")
        + ", \(number(score.tokensPerSecond, 4)) tokens/s, MFU \(number(score.mfu * 100, 3)) %",
      "  \(number(score.peakReservedBytes / 1_073_741_824, 4)) GiB reserved on the fullest GPU"
        + (score.fits ? "" : ": MORE THAN THERE IS"),
      "Left out: saving checkpoints, evaluation, loading of data, failures and restarts.",
      "Hardware figures: \(HardwareOrigin(cluster).summary.rawValue).",
    ]
    if job.nodes < cluster.nodes { lines.append("Nodes \(job.nodes + 1) to \(cluster.nodes) stay idle.") }
    lines += ["Score it again: brume \(PlainText.line(job.importCommand))", ""]
    return lines
  }

  /// So many significant digits, with a dot, for numbers that are not tiny.
  static func number(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return "no" }
    var places = digits - 1
    var bound = 10.0
    while abs(value) >= bound, places > 0 {
      places -= 1
      bound *= 10
    }
    let scale = (0..<places).reduce(1.0) { scale, _ in scale * 10 }
    let whole = (abs(value) * scale).rounded()
    guard whole < 1e15 else { return "\(value)" }
    let (units, rest) = (Int(whole) / Int(scale), Int(whole) % Int(scale))
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(units)" }
    let fraction = String(rest)
    return "\(sign)\(units)." + String(repeating: "0", count: places - fraction.count) + fraction
  }
}
