/// One property of a runtime, as files name it: the reader, the lists and the documentation go by `RuntimeField.all`.
public struct RuntimeField: Sendable {
  /// Where the property is kept, with what a file may say.
  enum Kind: Sendable {
    /// A figure with its unit and range.
    case figure(any WritableKeyPath<RuntimeProfile, Figure> & Sendable, Quantity.Unit, ClosedRange<Double>)
    /// True or false.
    case flag(any WritableKeyPath<RuntimeProfile, Bool> & Sendable)
    /// Beside kernels, or with nothing else at work.
    case placement(any WritableKeyPath<RuntimeProfile, RuntimeProfile.Placement> & Sendable)
  }

  /// What a runtime has of a property.
  public enum Value: Sendable, Equatable {
    /// A figure with its origin.
    case figure(Figure)
    /// True or false.
    case flag(Bool)
    /// When something takes place.
    case placement(RuntimeProfile.Placement)
  }

  /// Key in files: the name of the property.
  public let name: String
  /// Where it is kept.
  let kind: Kind
  /// A runtime of no own figure has the one of `RuntimeProfile.blank`.
  let isOptional: Bool

  private init(_ name: String, _ kind: Kind, isOptional: Bool = false) {
    self.name = name
    self.kind = kind
    self.isOptional = isOptional
  }

  /// Bytes of a memory-bound kernel.
  private static func kernel(_ name: String, _ path: any WritableKeyPath<RuntimeProfile, Figure> & Sendable) -> Self {
    RuntimeField(name, .figure(path, .bytes, each), isOptional: true)
  }

  /// What a runtime has of it.
  public func value(of runtime: RuntimeProfile) -> Value {
    switch kind {
    case .figure(let path, _, _): .figure(runtime[keyPath: path])
    case .flag(let path): .flag(runtime[keyPath: path])
    case .placement(let path): .placement(runtime[keyPath: path])
    }
  }

  /// Bytes per parameter or logit.
  private static let each: ClosedRange<Double> = 0...1000

  /// All properties, in the order of the documentation; names, titles and what a runtime can run stand apart.
  public static let all: [RuntimeField] = [
    RuntimeField("weightBytes", .figure(\.weightBytes, .bytes, each)),
    RuntimeField("gradientBytes", .figure(\.gradientBytes, .bytes, each)),
    RuntimeField("passGradientBytes", .figure(\.passGradientBytes, .bytes, each), isOptional: true),
    RuntimeField("hasSeparateGradients", .flag(\.hasSeparateGradients)),
    RuntimeField("accumulatesShards", .flag(\.accumulatesShards)),
    RuntimeField("fusesAccumulation", .flag(\.fusesAccumulation), isOptional: true),
    RuntimeField("reductionBytes", .figure(\.reductionBytes, .bytes, each)),
    RuntimeField("allReducesShards", .flag(\.allReducesShards), isOptional: true),
    RuntimeField("gathersEveryForward", .flag(\.gathersEveryForward), isOptional: true),
    RuntimeField("weightBufferBytes", .figure(\.weightBufferBytes, .bytes, each), isOptional: true),
    RuntimeField("gradientBufferBytes", .figure(\.gradientBufferBytes, .bytes, each), isOptional: true),
    RuntimeField("liveWeightBytes", .figure(\.liveWeightBytes, .bytes, 0...1e13), isOptional: true),
    RuntimeField("gradientBucketBytes", .figure(\.gradientBucketBytes, .bytes, 0...1e13), isOptional: true),
    RuntimeField("reduction", .placement(\.reduction)),
    RuntimeField("weightGather", .placement(\.weightGather)),
    RuntimeField("step", .placement(\.step)),
    RuntimeField("stepBytes", .figure(\.stepBytes, .bytes, each)),
    RuntimeField("stepCopyBytes", .figure(\.stepCopyBytes, .bytes, each), isOptional: true),
    RuntimeField("gradientCheckBytes", .figure(\.gradientCheckBytes, .bytes, each)),
    RuntimeField("lossForwardBytes", .figure(\.lossForwardBytes, .bytes, each)),
    RuntimeField("lossBackwardBytes", .figure(\.lossBackwardBytes, .bytes, each)),
    RuntimeField("logitBytes", .figure(\.logitBytes, .bytes, each)),
    RuntimeField("gradientCopyBytes", .figure(\.gradientCopyBytes, .bytes, each), isOptional: true),
    RuntimeField("reductionCopyBytes", .figure(\.reductionCopyBytes, .bytes, each), isOptional: true),
    RuntimeField("stagedWeightBytes", .figure(\.stagedWeightBytes, .bytes, each), isOptional: true),
    RuntimeField("stagedGradientBytes", .figure(\.stagedGradientBytes, .bytes, each), isOptional: true),
    RuntimeField("flattensStep", .flag(\.flattensStep), isOptional: true),
    RuntimeField("endBucketBytes", .figure(\.endBucketBytes, .bytes, 0...1e12), isOptional: true),
    kernel("normForwardBytes", \.traffic.normForwardBytes),
    kernel("normBackwardBytes", \.traffic.normBackwardBytes),
    kernel("rmsNormForwardBytes", \.traffic.rmsNormForwardBytes),
    kernel("rmsNormBackwardBytes", \.traffic.rmsNormBackwardBytes),
    kernel("residualForwardBytes", \.traffic.residualForwardBytes),
    kernel("residualBackwardBytes", \.traffic.residualBackwardBytes),
    kernel("activationForwardBytes", \.traffic.activationForwardBytes),
    kernel("activationBackwardBytes", \.traffic.activationBackwardBytes),
    kernel("gatedForwardBytes", \.traffic.gatedForwardBytes),
    kernel("gatedBackwardBytes", \.traffic.gatedBackwardBytes),
    kernel("rotaryBytes", \.traffic.rotaryBytes),
    kernel("softmaxForwardBytes", \.traffic.softmaxForwardBytes),
    kernel("softmaxBackwardBytes", \.traffic.softmaxBackwardBytes),
    kernel("biasForwardBytes", \.traffic.biasForwardBytes),
    kernel("biasBackwardBytes", \.traffic.biasBackwardBytes),
    kernel("layoutForwardBytes", \.traffic.layoutForwardBytes),
    kernel("layoutBackwardBytes", \.traffic.layoutBackwardBytes),
    kernel("castBytes", \.traffic.castBytes),
    RuntimeField("splitsPointToPoint", .flag(\.splitsPointToPoint), isOptional: true),
    RuntimeField("flashForwardRate", .figure(\.flashForwardRate, .none, 0.01...10), isOptional: true),
    RuntimeField("flashBackwardRate", .figure(\.flashBackwardRate, .none, 0.01...10), isOptional: true),
    RuntimeField("hostForwardSeconds", .figure(\.hostForwardSeconds, .seconds, 0...1), isOptional: true),
    RuntimeField("hostBackwardSeconds", .figure(\.hostBackwardSeconds, .seconds, 0...1), isOptional: true),
    RuntimeField("gathersContext", .flag(\.gathersContext), isOptional: true),
    RuntimeField("balancesContext", .flag(\.balancesContext), isOptional: true),
    RuntimeField("gathersInputsAgain", .flag(\.gathersInputsAgain), isOptional: true),
    RuntimeField("overlapsCollectives", .flag(\.overlapsCollectives), isOptional: true),
    RuntimeField("overlapsTensorCollectives", .flag(\.overlapsTensorCollectives), isOptional: true),
    RuntimeField("stopsRecomputeEarly", .flag(\.stopsRecomputeEarly), isOptional: true),
    RuntimeField("offloads", .flag(\.offloads)),
    RuntimeField("stepsOnHost", .flag(\.stepsOnHost), isOptional: true),
    RuntimeField("sendsGradientsAtStep", .flag(\.sendsGradientsAtStep), isOptional: true),
    RuntimeField("hostStepSeconds", .figure(\.hostStepSeconds, .seconds, 0...1), isOptional: true),
    RuntimeField("fragmentation", .figure(\.fragmentation, .none, 0...10)),
    RuntimeField("lastStageReserve", .figure(\.lastStageReserve, .bytes, 0...1e13)),
    RuntimeField("reservedError", .figure(\.reservedError, .bytes, 0...1e13)),
  ]
}
