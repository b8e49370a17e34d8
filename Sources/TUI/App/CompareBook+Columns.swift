import Engine

extension CompareBook {
  /// The columns of a question, none of them searched yet.
  ///
  /// Complexity: some workloads are made; nothing is scored.
  init(_ question: Question, request: TuneRequest) {
    var request = request
    (request.alternatives, request.certify) = (0, false)
    request.timeLimitSeconds = min(request.timeLimitSeconds ?? .infinity, CompareState.patience)
    self.question = question
    entries =
      Self.spaces(of: question).map { Self.entry($0, question, request) }
      + WhatIf.allCases.map { Self.entry($0, question, request) }
    waiting = entries.filter { $0.asked != nil }.map(\.id)
  }

  /// Spaces that people would train this in otherwise: where a launcher is chosen those of the launchers, else the
  /// paper's, as `brume compare` has them.
  private static func spaces(of question: Question) -> [SearchSpace] {
    let names =
      question.workload.run.launcher == nil
      ? LauncherSpeedups.spaces : [Launcher.mist, .megatronLM, .deepspeed, .accelerate, .torchtitan].map(\.spaceName)
    return names.filter { $0 != question.space.name }.compactMap(SearchSpace.named)
  }

  /// The best of a space on the runtime of its launcher: what somebody would get who has that, so without the pins.
  private static func entry(_ space: SearchSpace, _ question: Question, _ request: TuneRequest) -> Entry {
    var workload = question.workload
    workload.run.runtime = space.runtime
    var asked = request
    asked.space = space
    (asked.pins, asked.constraints) = (PlanPins(), PlanConstraints())
    let pins = question.pins.isEmpty ? "" : ", without the pins"
    return Entry(
      id: .space(space.name), title: space.name,
      meaning: "the best of \(space.name) on the runtime \(space.runtime)\(pins)", asked: (workload, asked))
  }

  private static func entry(_ kind: WhatIf, _ question: Question, _ request: TuneRequest) -> Entry {
    do throws(WhatIfError) {
      let asked = try kind.question(question.workload, request)
      return Entry(
        id: .whatIf(kind), title: kind.columnTitle, meaning: "what if: " + asked.title,
        asked: (asked.workload, asked.request))
    } catch {
      return Entry(
        id: .whatIf(kind), title: kind.columnTitle, meaning: "what if: " + kind.columnTitle, refusal: "\(error)")
    }
  }

  /// Adds the same workload on another kind of node, and asks for it first; false where it stands already.
  mutating func add(cluster workload: Workload, request: TuneRequest) -> Bool {
    let (now, then) = (question.workload.cluster, workload.cluster)
    let id = CompareID.cluster(then.nodeType.name)
    guard self[id] == nil else { return false }
    var asked = request
    (asked.alternatives, asked.certify) = (0, false)
    asked.timeLimitSeconds = min(request.timeLimitSeconds ?? .infinity, CompareState.patience)
    entries.append(
      Entry(
        id: id, title: String(then.nodeType.name.prefix(ComparePane.columnWidth - 1)),
        meaning: "what if: \(then.label) instead of \(now.label)", asked: (workload, asked)))
    return true
  }
}

extension WhatIf {
  /// A title of at most eleven columns.
  var columnTitle: String {
    switch self {
    case .twiceTheGPUs: "2× GPUs"
    case .halfTheGPUs: "half GPUs"
    case .twiceTheBatch: "2× batch"
    case .halfTheBatch: "half batch"
    case .twiceTheSequence: "2× seq"
    case .halfTheSequence: "half seq"
    case .otherPrecision: "precision"
    case .otherGPU: "next GPU"
    case .noOffload: "no offload"
    case .allTheMemory: "all memory"
    }
  }
}
