/// What a training runtime adds to the model's own memory (docs/model.md, section 6).
struct RuntimeProfile: Sendable, Equatable {
  /// Name for files and flags.
  var name: String
  /// Reserved beyond allocated, as a share of allocated: fragmentation of the caching allocator.
  var fragmentationShare: Double
  /// Reserved beyond that on the last stage of a pipeline, bytes: blocks sized for logits that layers cannot reuse.
  var lastStageReserveBytes: Double
  /// One-sided 90 % error of predicted reserved memory, bytes: the default headroom.
  var reservedErrorBytes: Double
  /// Where these figures stand.
  var source: String

  /// The paper's runtime.
  ///
  /// Fitted on the 13 stages of the artifact's runs on L4 whose memory was measured (six runs; allocated 13.1-19.3 GiB, reserved 15.7-21.5
  /// GiB): the seven first and inner stages give the share (mean 9.3 %, deviation 1.8 %), the five last stages the
  /// bytes (mean 1,480 MiB, deviation 450 MiB). 90 % one-sided: 1.28 deviations of all residuals (345 MiB).
  static let mist = RuntimeProfile(
    name: "mist", fragmentationShare: 0.093, lastStageReserveBytes: 1480 * Units.mebibyte,
    reservedErrorBytes: 440 * Units.mebibyte, source: "Mist artifact, measured stages on L4")

  /// All runtimes that ship.
  static let all = [mist]

  /// The runtime of that name, or nil.
  static func named(_ name: String) -> RuntimeProfile? { all.first { $0.name == name } }

  /// Reserved bytes of a stage that allocates `allocated` at its peak.
  func reservedBytes(allocated: Double, isLastOfMany: Bool) -> Double {
    allocated * (1 + fragmentationShare) + (isLastOfMany ? lastStageReserveBytes : 0)
  }

  /// Largest allocation whose reserved memory stays within `reserved` bytes.
  func allocationLimit(reserved: Double, isLastOfMany: Bool) -> Double {
    (reserved - (isLastOfMany ? lastStageReserveBytes : 0)) / (1 + fragmentationShare)
  }
}
