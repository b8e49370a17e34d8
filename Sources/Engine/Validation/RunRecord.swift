/// How far off the prediction of one measured run was: what error bars are made of.
public struct RunRecord: Sendable, Equatable {
  /// Name of the run.
  public var id: String
  /// Its publication.
  public var source: String
  /// What it was.
  public var features: RunFeatures
  /// Measured over predicted seconds; nil where no time was measured.
  public var timeRatio: Double?
  /// Measured over predicted bytes, for each amount that was measured.
  public var memory: [Memory]

  /// One amount of memory.
  public struct Memory: Sendable, Equatable {
    /// What was read.
    public var kind: MeasuredMemory.Kind
    /// Measured over predicted.
    public var ratio: Double
  }
}

extension RunRecord {
  /// The record of a predicted run; nil for a run that was skipped or that is no sure measurement.
  init?(_ row: RowPrediction) {
    guard row.row.isCore, let features = row.features else { return nil }
    var ratio: Double?
    if let measured = row.measuredSeconds, let predicted = row.predictedSeconds { ratio = measured / predicted }
    self.init(
      id: row.row.id, source: row.row.source, features: features, timeRatio: ratio,
      memory: row.memory.map { Memory(kind: $0.kind, ratio: $0.measuredBytes / $0.predictedBytes) })
  }
}

// MARK: File

extension RunRecord {
  /// Columns of `samples/measured/records.csv`.
  static let columns =
    "id,source,gpu,runtime,attention,gpus,parameters,sequence,microBatch,microBatches,tensorParallel,stages,recomputed,"
    + "offloads,time,memory"

  /// The record as a line; ratios are rounded to 1/10,000, which is a hundredth of the smallest error bar.
  var line: String {
    let memory = memory.map { "\($0.kind.rawValue)=\(Self.rounded($0.ratio))" }.joined(separator: " ")
    let f = features
    return [
      id, source, f.gpu, f.runtime, f.attention.rawValue, "\(f.gpus)", "\(Int(f.parameters))", "\(f.sequence)",
      "\(f.microBatch)", "\(f.microBatches)", "\(f.tensorParallel)", "\(f.stages)", "\(Self.rounded(f.recomputed))",
      f.offloads ? "1" : "0", timeRatio.map { "\(Self.rounded($0))" } ?? "", memory,
    ].joined(separator: ",")
  }

  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

  /// Reads a line; nil where it is none of this format (the file is written by this program and held by a test).
  init?(line: Substring) {
    let cells = line.split(separator: ",", omittingEmptySubsequences: false)
    guard cells.count == 16, let attention = AttentionKernel(rawValue: String(cells[4])),
      let gpus = Int(cells[5]), let parameters = Double(cells[6]), let sequence = Int(cells[7]),
      let microBatch = Int(cells[8]), let microBatches = Int(cells[9]), let tensorParallel = Int(cells[10]),
      let stages = Int(cells[11]), let recomputed = Double(cells[12])
    else { return nil }
    id = String(cells[0])
    source = String(cells[1])
    features = RunFeatures(
      gpu: String(cells[2]), runtime: String(cells[3]), attention: attention, gpus: gpus, parameters: parameters,
      sequence: sequence, microBatch: microBatch, microBatches: microBatches, tensorParallel: tensorParallel,
      stages: stages, recomputed: recomputed, offloads: cells[13] == "1")
    timeRatio = Double(cells[14])
    memory = cells[15].split(separator: " ").compactMap { item in
      let parts = item.split(separator: "=")
      guard parts.count == 2, let kind = MeasuredMemory.Kind(rawValue: String(parts[0])),
        let ratio = Double(parts[1])
      else { return nil }
      return Memory(kind: kind, ratio: ratio)
    }
  }
}
