/// What an importer made of a launcher's own files.
public struct LaunchImport: Sendable {
  /// The workload, on the runtime that the options bring about.
  public var workload: Workload
  /// The plan.
  public var plan: Plan
  /// Options that are not known, as they are written: `--some-option 3`.
  public var unknown: [String] = []
  /// Options that change time or memory and are not modelled, each with what that means for the prediction.
  public var warnings: [String] = []
  /// What the files did not say and was taken as given by the launcher's defaults or by the flags.
  public var assumed: [String] = []

  /// A reading without remarks.
  public init(workload: Workload, plan: Plan) {
    self.workload = workload
    self.plan = plan
  }
}

extension LaunchImport {
  /// Throws where a plan file of it could not be read again: what follows from several options, each of which may be
  /// right, can be more than any plan may have.
  func check(file: String) throws(InputError) {
    do throws(InputError) {
      _ = try PlanFile(ConfigNode.parse(PlanFile(workload: workload, plan: plan).text, file: file))
    } catch .value(let place, let found, let expected) {
      throw .value(at: InputPlace(file: file, field: place.field), found: found, expected: expected)
    } catch {
      throw .conflict(
        at: InputPlace(file: file), problem: "the plan that it makes cannot be saved (\(error))",
        remedy: "change what is named")
    }
  }

  /// Cuts remarks to what can be shown: names of options come from files.
  mutating func shortenRemarks() {
    for remarks in [\LaunchImport.unknown, \.warnings, \.assumed] {
      self[keyPath: remarks] = self[keyPath: remarks].map { PlainText.line($0) }
    }
  }
}

/// What a person tells beside the files: launchers do not know their machine, and some not their model.
public struct LaunchContext: Sendable {
  /// Name of the file, for messages and for the workload.
  public var file: String
  /// Folder where relative paths start, nil for the current one; nothing outside of the files that are named is read.
  public var folder: String?
  /// `4x8xl4`; nil where the files must say it.
  public var cluster: String?
  /// Name of a model or path of a `config.json`; nil where the files must say it.
  public var model: String?
  /// Tokens of one sample, where the files do not say it.
  public var sequence: Int?
  /// Samples of one optimizer step, where the files do not say it.
  public var batch: Int?
  /// Samples of one micro-batch on one rank, where the files do not say it.
  public var microBatch: Int?
  /// The question that stands: its machine and its model are meant where neither the files nor a name say another.
  public var known: Workload?

  /// A context.
  public init(
    file: String, folder: String? = nil, cluster: String? = nil, model: String? = nil, sequence: Int? = nil,
    batch: Int? = nil
  ) {
    self.file = file
    self.folder = folder
    self.cluster = cluster
    self.model = model
    self.sequence = sequence
    self.batch = batch
  }
}

/// Reads what one launcher runs; each is a type of its own, found by `Launcher.importer`.
public protocol LaunchImporter: Sendable {
  /// The run that a text describes. It never runs anything, and reads no file but those that the context names.
  ///
  /// Throws where the text cannot be read (with its line), or describes what the model does not know (a mixture of
  /// experts), or lacks what neither it nor the context says (with the flag that would).
  func read(_ text: String, _ context: LaunchContext) throws(InputError) -> LaunchImport
}
