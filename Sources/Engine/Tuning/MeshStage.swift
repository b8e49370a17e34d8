/// The costs of stages on one mesh with its degrees, wherever they stand in a pipeline of unlike stages.
struct MeshStage {
  /// The mesh and its degrees, as a shape of two stages.
  let mesh: PlanShape
  /// The mesh as the problem between the stages has it.
  let kind: MeshKind
  /// Tighter host limit per GPU, where stages that share a node exceeded their sum.
  var hostLimitPerGPU: Double?
  private let model: StageModel
  private let constants: StageConstants

  /// A mesh of a workload; compiles no tape yet.
  init(mesh: PlanShape, model: StageModel) {
    self.mesh = mesh
    self.model = model
    let constants = model.constants(for: mesh.setting())
    self.constants = constants
    let transfer = BoundaryTransfer(
      cluster: model.workload.cluster, runtime: model.runtime,
      tensorParallel: mesh.sequenceParallel ? 1 : mesh.tensorParallel, senders: mesh.gpusPerNode)
    kind = MeshKind(
      devices: mesh.gpusPerStage,
      insideSeconds: 2 * transfer.seconds(bytes: constants.boundaryBytes, sameNode: true),
      acrossSeconds: 2 * transfer.seconds(bytes: constants.boundaryBytes, sameNode: false))
  }

  /// False when even a layer in work alone exceeds the device.
  var mayFit: Bool {
    constants.layerBackwardPeakBytes + constants.scoreBufferBytes <= limits(behind: 1, isFirst: false).allocated
  }

  /// The mesh as the stage of a pipeline with so many stages behind it, and its index there.
  private func shape(behind: Int, isFirst: Bool) -> (shape: PlanShape, stage: Int) {
    var shape = mesh
    shape.stages = behind + (isFirst ? 1 : 2)
    return (shape, isFirst ? 0 : 1)
  }

  private func formula(behind: Int, isFirst: Bool, layers: Int) -> StageFormula {
    let (shape, stage) = shape(behind: behind, isFirst: isFirst)
    return ShapeSolver.formula(shape, model.workload, constants, stage: stage, layers: layers)
  }

  private func limits(behind: Int, isFirst: Bool) -> StageLimits {
    let (shape, stage) = shape(behind: behind, isFirst: isFirst)
    var limits = ShapeSolver.limits(shape, model.workload, model.runtime, stage: stage)
    if let hostLimitPerGPU { limits.host = min(limits.host, hostLimitPerGPU) }
    return limits
  }

  /// Seconds of a micro-batch through a stage at least, whatever its strategy, without point-to-point: its kernels and
  /// serial collectives (`ShapeBounds` says why).
  func kernelSeconds(isFirst: Bool, isLast: Bool, layers: Int) -> Double {
    var seconds = Double(layers) * (constants.layerForwardSeconds + constants.layerBackwardSeconds)
    if isFirst { seconds += constants.embeddingForwardSeconds + constants.embeddingBackwardSeconds }
    if isLast { seconds += constants.headForwardSeconds + constants.headBackwardSeconds }
    return seconds
  }

  /// A stage without points yet; `stage` is the number behind it.
  func place(behind: Int, isFirst: Bool, layers: Int, caps: StageCaps) -> StagePlace {
    let formula = formula(behind: behind, isFirst: isFirst, layers: layers)
    return StagePlace(
      stage: behind, layers: layers,
      sweep: StageSweep(
        formula: formula, limits: limits(behind: behind, isFirst: isFirst),
        fixedSeconds: formula.endForwardSeconds + formula.endBackwardSeconds,
        singleMicroBatch: mesh.microBatches == 1),
      frontier: StageFrontier(caps: caps))
  }
}
