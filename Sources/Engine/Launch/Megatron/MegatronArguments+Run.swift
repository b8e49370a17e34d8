/// Sequence, batches, number format, kernels and the runtime.
extension MegatronArguments {
  /// The run, its batch still open.
  mutating func run() throws(InputError) -> TrainingRun {
    TrainingRun(
      sequenceLength: try sequence(), globalBatch: 1, precision: try precision(), attention: try attention(),
      dropout: try dropout())
  }

  private mutating func sequence() throws(InputError) -> Int {
    let range = 1...100_000_000
    var found = try value(.sequence, range, flag: context.sequence, "--sequence")
    if found == nil { found = try count(.encoderSequence, range) }
    guard let own = found else {
      throw .missing(at: file, key: MegatronOption.sequence.flag, expected: "in the script, or give --sequence")
    }
    return own
  }

  /// A number that a flag may give where the script does not know it; both must agree.
  private mutating func value(
    _ option: MegatronOption, _ range: ClosedRange<Int>, flag: Int?, _ flagName: String
  ) throws(InputError) -> Int? {
    let isOpen = options[option.key]?.values.first.map { !$0.unresolved.isEmpty } ?? true
    if isOpen, let flag {
      assumed.append("\(option.flag) \(flag): \(flagName)")
      return flag
    }
    let own = try count(option, range)
    if let own, let flag, own != flag {
      throw .conflict(
        at: place(of: option), problem: "\(option.flag) is \(own), but \(flagName) \(flag)",
        remedy: "change one of them, or leave \(flagName) out")
    }
    return own
  }

  private mutating func precision() throws(InputError) -> Precision {
    let (half, brain) = (try isOn(.fp16), try isOn(.bf16))
    guard !(half && brain) else {
      throw .conflict(at: place(of: .fp16), problem: "both --fp16 and --bf16", remedy: "remove one of them")
    }
    if try text(.fp8) != nil {
      guard !half else {
        throw .unsupported(
          at: place(of: .fp8), what: "fp8 products over fp16 weights", remedy: "take --bf16 with --fp8-format")
      }
      return .fp8
    }
    guard half || brain else {
      throw .unsupported(
        at: file, what: "training in fp32, which Megatron-LM does without --bf16 or --fp16",
        remedy: "add --bf16 or --fp16: fp32 is not modelled")
    }
    if half, try !isOn(.gradientsInFP32) {
      warnings.append(
        "--fp16 without \(MegatronOption.gradientsInFP32.flag): gradients are kept and reduced in fp16, the prediction "
          + "has them in fp32 (2 B more a parameter)")
    }
    return half ? .fp16 : .bf16
  }

  private mutating func attention() throws(InputError) -> AttentionKernel {
    if try isOn(.flashAttention) { return .flash }
    if try text(.implementation) == "local" { return .unfused }
    guard let backend = try text(.attention) else {
      if options[MegatronOption.attention.key] == nil {
        assumed.append("flash attention: Megatron-LM's default is the fastest that the machine has")
      }
      return .flash
    }
    switch backend {
    case "flash", "fused": return .flash
    case "unfused", "local": return .unfused
    default:
      throw .value(
        at: place(of: .attention), found: "'\(backend)'", expected: "flash, fused, unfused, local or auto")
    }
  }

  private mutating func dropout() throws(InputError) -> Double {
    let probabilities = 0.0...0.999_999
    if options[MegatronOption.attentionDropout.key] == nil || options[MegatronOption.hiddenDropout.key] == nil {
      assumed.append("dropout 0.1 where no option says it: Megatron-LM's default")
    }
    let attention = try options.double(MegatronOption.attentionDropout.key, in: probabilities) ?? 0.1
    let hidden = try options.double(MegatronOption.hiddenDropout.key, in: probabilities) ?? 0.1
    if (attention > 0) != (hidden > 0) {
      warnings.append(
        "dropout \(attention) of attention and \(hidden) elsewhere: the prediction has masks in both places or in none; "
          + "it is made with \(max(attention, hidden))")
    }
    return max(attention, hidden)
  }

  /// Samples of a micro-batch and of a step.
  mutating func batches(dataParallel: Int) throws(InputError) -> (microBatch: Int, batch: Int) {
    guard let micro = try value(.microBatch, 1...1_000_000, flag: context.microBatch, "--micro-batch") else {
      throw .missing(at: file, key: MegatronOption.microBatch.flag, expected: "in the script, or give --micro-batch")
    }
    let range = 1...1_000_000_000
    var batch = try value(.batch, range, flag: context.batch, "--batch")
    if batch == nil { batch = try scheduledBatch() }
    let step = micro * dataParallel
    if batch == nil {
      assumed.append("\(MegatronOption.batch.flag) \(step): one micro-batch a step, Megatron-LM's default")
    }
    let total = batch ?? step
    guard total.isMultiple(of: step) else {
      throw .conflict(
        at: place(of: .batch),
        problem: "the batch \(total) is no multiple of micro-batch \(micro) x \(dataParallel) data-parallel ranks",
        remedy: "change one of them")
    }
    return (micro, total)
  }

  /// The last size of `--step-batch-size-schedule "0:16 2.4B:320"`; nil without one.
  private mutating func scheduledBatch() throws(InputError) -> Int? {
    guard let schedule = try text(.batchSchedule) else { return nil }
    guard let last = schedule.split(separator: " ").last?.split(separator: ":").last.flatMap({ Int($0) }),
      (1...1_000_000_000).contains(last)
    else {
      throw .value(
        at: place(of: .batchSchedule), found: "'\(schedule.prefix(60))'",
        expected: "when:size pairs, such as 0:16 2.4B:320")
    }
    assumed.append("batch \(last): the last of \(MegatronOption.batchSchedule.flag)")
    return last
  }

  /// Tokens of the whole training; nil where the script leaves it to its caller.
  func trainingTokens(_ run: TrainingRun) throws(InputError) -> Double? {
    func given(_ option: MegatronOption) throws(InputError) -> Double? {
      guard let value = options[option.key]?.values.first, value.unresolved.isEmpty, value.defaults.isEmpty else {
        return nil
      }
      return try options.double(option.key, in: 0...1e15)
    }
    let perSample = Double(run.sequenceLength)
    var tokens = try given(.samples).map { $0 * perSample }
    if tokens == nil { tokens = try given(.steps).map { $0 * perSample * Double(run.globalBatch) } }
    return tokens.flatMap { $0 > 0 && $0 < 1e18 ? $0 : nil }
  }

  /// The runtime whose overlap the options bring about.
  mutating func runtime(_ degrees: MegatronDegrees) throws(InputError) -> String {
    let (reduces, gathers) = (try isOn(.overlapReduction), try isOn(.overlapGather))
    let isSharded = try isOn(.distributedOptimizer)
    if gathers, !reduces {
      throw .conflict(
        at: place(of: .overlapGather), problem: "--overlap-param-gather without --overlap-grad-reduce",
        remedy: "Megatron-LM asks for both")
    }
    if reduces, isSharded, !gathers {
      warnings.append(
        "--overlap-grad-reduce without --overlap-param-gather: updated weights are gathered after the step, the prediction "
          + "has that beside the next forward")
    }
    if try isOn(.overlapTensor), degrees.tensor > 1 {
      guard try isOn(.sequenceParallel) else {
        throw .conflict(
          at: place(of: .overlapTensor), problem: "--tp-comm-overlap without --sequence-parallel",
          remedy: "Megatron-LM asks for both")
      }
      if !reduces {
        warnings.append(
          "--tp-comm-overlap without --overlap-grad-reduce: gradients are reduced after the last backward, the prediction "
            + "has that beside it")
      }
      return "nemo"
    }
    return reduces ? "megatron-core" : "megatron-core-exposed"
  }
}
