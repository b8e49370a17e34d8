/// What a script has for a training program of the user's own, by the names that Hugging Face's programs give it.
enum TrainerScript {
  /// Lines that a person must fill in.
  static func marked(_ workload: Workload) -> [LaunchScript.Variable] {
    [
      .init("PROGRAM", "train.py", why: "your training program, with the arguments of Hugging Face's Trainer"),
      .init("MODEL", workload.model.name, why: "name or folder of the model with its tokenizer"),
      .init("DATASET", "dataset", why: "name or folder of the data"),
      .init("OUTPUT_DIR", "output", why: "folder of checkpoints"),
      .init("LEARNING_RATE", "1e-4", why: "learning rate"),
    ]
  }

  /// The program's own arguments: model, data, sequence and attention, which Trainer itself does not have.
  static func program(_ workload: Workload) -> LaunchScript.Group {
    LaunchScript.Group(
      "PROGRAM_ARGS", comment: "EDIT: model and data, by the names of your program.",
      [
        ["--model_name_or_path", .code(#""$MODEL""#)], ["--dataset_name", .code(#""$DATASET""#)],
        ["--max_length", .text("\(workload.run.sequenceLength)")],
        ["--attn_implementation", .text(workload.run.attention == .flash ? "flash_attention_2" : "eager")],
      ])
  }

  /// Arguments of Trainer whose values are the user's.
  static let own: [[ShellWord]] = [
    ["--output_dir", .code(#""$OUTPUT_DIR""#)], ["--learning_rate", .code(#""$LEARNING_RATE""#)],
  ]

  /// What of a workload the files of a user's own program cannot say.
  static func refusals(_ workload: Workload) -> [LaunchRefusal] {
    var found: [LaunchRefusal] = []
    if workload.run.dropout > 0 {
      found.append(
        LaunchRefusal(
          what: "dropout \(workload.run.dropout)",
          why: "it stands in the model's own configuration, which the launcher's files do not hold"))
    }
    if workload.run.precision == .fp8 {
      found.append(
        LaunchRefusal(what: "fp8 products", why: "Trainer's arguments have --bf16 and --fp16; fp8 is not exported"))
    }
    return found
  }
}
