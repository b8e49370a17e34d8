/// Arguments of Hugging Face's Trainer as exported files have them: one list for the command line and for JSON.
struct TrainerFile: Sendable {
  /// A value.
  enum Value: Sendable, Equatable {
    case int(Int)
    case double(Double)
    case bool(Bool)
    case text(String)
    /// JSON as it is written.
    case json(String)

    /// On a command line.
    var word: String {
      switch self {
      case .int(let value): "\(value)"
      case .double(let value): "\(value)"
      case .bool(let value): value ? "true" : "false"
      case .text(let text), .json(let text): text
      }
    }

    /// In JSON.
    var json: String {
      switch self {
      case .int, .double, .bool: word
      case .text(let text): JSONText.quoted(text)
      case .json(let text): text
      }
    }
  }

  /// Names and values.
  var arguments: [(name: String, value: Value)]

  /// What both launchers share: batches, precision, clipping.
  ///
  /// Whether layers recompute is the model's own business under DeepSpeed, and FSDP's under Accelerate.
  init(_ job: LaunchJob, recomputes: Bool) {
    let run = job.workload.run
    let stage = job.plan.stages.first
    arguments = [
      ("per_device_train_batch_size", .int(stage?.microBatch ?? 1)),
      ("gradient_accumulation_steps", .int(job.plan.gradientAccumulation)),
      (run.precision == .fp16 ? "fp16" : "bf16", .bool(true)), ("max_grad_norm", .double(1)),
      ("gradient_checkpointing", .bool(recomputes)),
    ]
  }

  /// As a group of a script, an argument a line.
  func group(_ name: String, comment: String, and own: [[ShellWord]] = []) -> LaunchScript.Group {
    LaunchScript.Group(
      name, comment: comment, arguments.map { [.text("--" + $0.name), .text($0.value.word)] } + own)
  }

  /// As a file for `HfArgumentParser.parse_json_file`.
  var json: String {
    "{\n" + arguments.map { "  \(JSONText.quoted($0.name)): \($0.value.json)" }.joined(separator: ",\n") + "\n}\n"
  }
}
