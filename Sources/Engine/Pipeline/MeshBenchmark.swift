/// Times the solver between stages of unlike meshes, its cut and its certifier, on made-up problems (`brume bench`).
///
/// The caller gives the clock: the engine reads none.
public enum MeshBenchmark {
  /// A size of problem.
  public struct Size: Sendable, Equatable {
    /// What such a problem stands for: `22B on 32 GPUs`.
    public var name: String
    /// What it is made of.
    public var shape: SyntheticMeshes.Shape
  }

  /// What one size took: all numbers of stages together.
  public struct Timing: Sendable, Equatable {
    /// The size.
    public var size: Size
    /// Kinds of meshes.
    public var kinds: Int
    /// Stages of the optimum; 0 where no plan exists.
    public var stages: Int
    /// Seconds of a solve without a bound.
    public var coldSeconds: Double
    /// Seconds of a solve with a bound 3 % above the optimum.
    public var warmSeconds: Double
    /// Seconds of a cut at that bound, and the places that it leaves.
    public var cutSeconds: Double
    /// Places that the cut leaves.
    public var survivors: Int
    /// Seconds of one certificate; nil where it was not asked for.
    public var certifySeconds: Double?
    /// Gap that it left.
    public var certifyGap: Double?
  }

  /// The sizes: each with few micro-batches and with many.
  public static let sizes: [Size] = [4, 64].flatMap { microBatches in
    [
      Size(
        name: "22B on 32 GPUs",
        shape: SyntheticMeshes.Shape(
          layers: 48, devices: 32, devicesPerNode: 8, sizes: powers(5), microBatches: microBatches, batch: 256,
          maximumStages: 32, points: 6)),
      Size(
        name: "70B on 512 GPUs",
        shape: SyntheticMeshes.Shape(
          layers: 80, devices: 512, devicesPerNode: 8, sizes: powers(9) + [24, 48, 96], microBatches: microBatches,
          batch: 768, maximumStages: 80, points: 6)),
      Size(
        name: "405B on 16,384 GPUs",
        shape: SyntheticMeshes.Shape(
          layers: 126, devices: 16_384, devicesPerNode: 8,
          sizes: powers(11) + [24, 40, 48, 56, 96, 192, 384, 768, 1536, 3072], microBatches: microBatches,
          batch: 6144, maximumStages: 126, points: 6)),
    ]
  }

  private static func powers(_ most: Int) -> [Int] { (0...most).map { 1 << $0 } }

  /// Solves, cuts and certifies one problem of each size.
  /// - Parameters:
  ///   - certifyLimitSeconds: time limit of each certificate; 0 for none.
  ///   - now: seconds from any fixed moment.
  public static func run(
    sizes: [Size] = sizes, certifyLimitSeconds: Double = 1, now: () -> Double
  ) -> [Timing] {
    sizes.map { size in
      let problem = SyntheticMeshes.problem(size.shape)
      var timing = Timing(
        size: size, kinds: problem.kinds.count, stages: 0, coldSeconds: 0, warmSeconds: 0, cutSeconds: 0, survivors: 0)
      var begin = now()
      let optimum = MeshPipelineSolver.solve(problem)
      timing.coldSeconds = now() - begin
      guard let optimum else { return timing }
      timing.stages = optimum.stages.count
      begin = now()
      _ = MeshPipelineSolver.solve(problem, upperBound: optimum.objective * 1.03)
      timing.warmSeconds = now() - begin
      begin = now()
      timing.survivors = MeshCut(problem, upperBound: optimum.objective * 1.03)?.survivors.count ?? 0
      timing.cutSeconds = now() - begin
      guard certifyLimitSeconds > 0 else { return timing }
      begin = now()
      let certificate = try? GLPKMeshCertifier.certify(
        problem, incumbent: optimum, timeLimitSeconds: certifyLimitSeconds)
      timing.certifySeconds = now() - begin
      timing.certifyGap = certificate?.gap
      return timing
    }
  }
}
