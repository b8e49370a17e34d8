extension MistExporter {
  func refusals(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    model(workload.model) + run(workload.run) + degrees(plan, of: workload)
  }

  private func model(_ model: ModelShape) -> [LaunchRefusal] {
    var found: [LaunchRefusal] = []
    func refuse(_ what: String, _ why: String) { found.append(LaunchRefusal(what: what, why: why)) }
    if model.tiedEmbeddings {
      refuse("tied embeddings", "Mist's runner gives embedding and head matrices of their own")
    }
    if model.headWidth * model.heads != model.hidden {
      refuse("heads of width \(model.headWidth)", "Mist's are the hidden width over the number of heads")
    }
    if model.positions == .none {
      refuse("a model without positions", "Mist's models have learned or rotary ones")
    }
    if model.normsPerLayer != (model.parallelBlock ? 1 : 2) {
      refuse(
        "\(model.normsPerLayer) norms a layer",
        "Mist's layers have 1 with attention and MLP side by side, else 2")
    }
    if model.parallelBlock, !MistFamily.falcon.holds(model) {
      refuse(
        "attention and MLP side by side in a model that is no Falcon",
        "Mist's parallel block has rotary positions, an MLP without a gate and no biases")
    }
    return found
  }

  private func run(_ run: TrainingRun) -> [LaunchRefusal] {
    run.precision == .fp8 ? [LaunchRefusal(what: "precision fp8", why: "Mist trains in fp16 or bf16")] : []
  }

  private func degrees(_ plan: Plan, of workload: Workload) -> [LaunchRefusal] {
    let groups = workload.model.keyValueHeads
    guard let stage = plan.stages.first(where: { $0.tensorParallel > groups }) else { return [] }
    return [
      .unreplicatedHeads("Mist", degree: stage.tensorParallel, heads: groups, rule: "a rank has at least one")
    ]
  }
}
