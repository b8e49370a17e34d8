/// Reads what Hugging Face's Trainer prints, also under DeepSpeed and Accelerate.
///
/// A progress bar, ` 10%|# | 10/100 [00:20<03:00,  2.01s/it]` or `1.50it/s`, counts optimizer steps; at the end
/// `{'train_runtime': 120.5, ..., 'train_steps_per_second': 0.83}`, or the same as JSON.
struct TrainerLog: LogReader {
  let writer = "Hugging Face Trainer"
  let looksLike = "progress with 's/it' or 'train_runtime' (Hugging Face Trainer)"
  let marks: [StaticString] = ["s/it", "it/s", "train_steps_per_second"]

  private var seconds: [Double] = []
  private var last: Int?
  private var mean: Double?

  /// Seconds of steps by the bar, or of the whole run's mean where there is no bar.
  var found: RunLog.Findings {
    var found = RunLog.Findings(seconds: seconds)
    if seconds.isEmpty, let mean { (found.seconds, found.isMean) = ([mean], true) }
    return found
  }

  mutating func take(_ line: LogLine) {
    if let rate = Self.stepsPerSecond(line), rate > 0 { mean = 1 / rate }
    guard let progress = Self.progress(line), progress.step != last else { return }
    last = progress.step
    seconds.append(progress.seconds)
  }

  /// The step of a progress bar with what the bar says a step takes; nil at its start, where it knows nothing.
  private static func progress(_ line: LogLine) -> (step: Int, seconds: Double)? {
    guard let bracket = line.text.lastIndex(of: "["), let slash = line.text[..<bracket].lastIndex(of: "/"),
      let seconds = seconds(line.text[bracket...])
    else { return nil }
    let digits = line.text[..<slash].reversed().prefix { $0.isASCII && $0.isNumber }
    guard let step = Int(String(digits.reversed())), step > 0 else { return nil }
    return (step, seconds)
  }

  /// Seconds of a step from the parts behind the commas of `[00:20<03:00,  2.01s/it, loss=2.3]`.
  private static func seconds(_ bracket: Substring) -> Double? {
    for part in bracket.split(separator: ",").dropFirst() {
      guard let rate = LogLine.number(part), rate.value > 0 else { continue }
      if rate.rest.hasPrefix("s/it") { return rate.value }
      if rate.rest.hasPrefix("it/s") { return 1 / rate.value }
    }
    return nil
  }

  /// The figure of the summary at the end: a Python dictionary, JSON, or `key = value`.
  private static func stepsPerSecond(_ line: LogLine) -> Double? {
    guard let rest = line.rest(behind: "train_steps_per_second") else { return nil }
    return LogLine.number(rest.drop { "'\": =".contains($0) })?.value
  }
}
