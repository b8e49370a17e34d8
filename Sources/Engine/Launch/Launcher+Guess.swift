extension Launcher {
  /// Launchers whose own words stand in a text, the likeliest first: of several that fit, the one that starts the
  /// program comes before the program's own.
  ///
  /// Complexity: O(length).
  public static func guesses(_ text: String, file: String) -> [Launcher] {
    func has(_ marks: String...) -> Bool { marks.contains(where: text.contains) }
    var found: [Launcher] = []
    if has("torchtitan", "[parallelism]", "[activation_checkpoint]", "TorchTitan") { found.append(.torchtitan) }
    if has("accelerate launch", "accelerate.commands.launch", "distributed_type", "fsdp_config") {
      found.append(.accelerate)
    }
    if has("\"zero_optimization\"", "\"train_micro_batch_size_per_gpu\"", "\"train_batch_size\"", "--deepspeed")
      || text.split(whereSeparator: \.isWhitespace).contains("deepspeed")
    {
      found.append(.deepspeed)
    }
    if has("pretrain_gpt.py", "--tensor-model-parallel-size", "--num-layers") { found.append(.megatronLM) }
    if has("gradient_accumulation_steps:", "strategy:"), !file.hasSuffix(".json") { found.append(.mist) }
    if file.hasSuffix(".toml"), !found.contains(.torchtitan) { found.append(.torchtitan) }
    return found
  }

  /// Reads a text as what this launcher runs, or, where none is named, as what the likeliest one does that can read it.
  ///
  /// Throws what the likeliest one says; where none is likely, that the launcher must be named.
  public static func read(
    _ text: String, as named: Launcher?, _ context: LaunchContext
  ) throws(InputError) -> (launcher: Launcher, found: LaunchImport) {
    if let named { return (named, try named.completed(text, context)) }
    var first: InputError?
    for launcher in guesses(text, file: context.file) {
      do throws(InputError) {
        return (launcher, try launcher.completed(text, context))
      } catch {
        first = first ?? error
      }
    }
    throw first
      ?? .unsupported(
        at: InputPlace(file: context.file), what: "nothing in it tells the launcher",
        remedy: "choose one: \(allCases.map(\.title).joined(separator: ", "))")
  }

  /// What a text describes, on this launcher.
  private func completed(_ text: String, _ context: LaunchContext) throws(InputError) -> LaunchImport {
    var found = try importer.read(text, context)
    found.workload.run.launcher = self
    if let known = context.known {
      // What no launcher's file says stays as it was asked.
      found.workload.limits = known.limits
      found.workload.run.trainingTokens = known.run.trainingTokens
      if found.workload.model == known.model, found.workload.cluster == known.cluster {
        found.workload.name = known.name
      }
    }
    try found.check(file: context.file)
    found.shortenRemarks()
    return found
  }
}
