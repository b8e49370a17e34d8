/// Made-up problems between stages of unlike meshes, the same on every machine, for benchmarks and tests.
public enum SyntheticMeshes {
  /// What a problem is made of.
  public struct Shape: Sendable, Equatable {
    /// Layers to distribute [N].
    public var layers: Int
    /// GPUs of the cluster.
    public var devices: Int
    /// GPUs of each node.
    public var devicesPerNode: Int
    /// GPUs of the meshes; each comes with every power of two up to the node as its tensor-parallel degree.
    public var sizes: [Int]
    /// Micro-batches per iteration [G].
    public var microBatches: Int
    /// Global batch [B]; data-parallel degrees divide B / G.
    public var batch: Int
    /// Most stages.
    public var maximumStages: Int
    /// Frontier points of each place.
    public var points: Int

    /// A shape.
    public init(
      layers: Int, devices: Int, devicesPerNode: Int, sizes: [Int], microBatches: Int, batch: Int, maximumStages: Int,
      points: Int
    ) {
      self.layers = layers
      self.devices = devices
      self.devicesPerNode = devicesPerNode
      self.sizes = sizes
      self.microBatches = microBatches
      self.batch = batch
      self.maximumStages = maximumStages
      self.points = points
    }
  }

  /// A problem shaped as a tuner makes it: times grow with the layers and fall with the GPUs, tensor parallelism costs
  /// time and data parallelism extra, the ends do more, and stages with many behind them lose their fast points, then all
  /// of them, to memory.
  ///
  /// - Parameter seed: another seed, another problem.
  public static func problem(_ shape: Shape, seed: UInt64 = 1) -> MeshPipelineProblem {
    var noise = SyntheticPipelines.Sequence(seed: seed)
    var (kinds, degrees) = ([MeshKind](), [Int]())
    for size in shape.sizes where size <= shape.devices {
      for degree in [1, 2, 4, 8, 16] where degree <= min(size, shape.devicesPerNode) && size.isMultiple(of: degree) {
        guard (shape.batch / shape.microBatches).isMultiple(of: size / degree) else { continue }
        let samples = Double(shape.batch / shape.microBatches * degree / size)
        kinds.append(
          MeshKind(devices: size, insideSeconds: 0.0005 * samples, acrossSeconds: 0.001 + 0.004 * samples))
        degrees.append(degree)
      }
    }
    let load = Double(shape.batch / shape.microBatches) * 0.02
    // Tensor parallelism alone shards the states: all layers fill the memory of so many GPUs.
    let room = 16 / Double(shape.layers)
    let options = MeshOptions(stages: shape.maximumStages, kinds: kinds.count, layers: shape.layers) { place, points in
      let (size, degree) = (Double(kinds[place.kind].devices), degrees[place.kind])
      let slower = 1 + 0.03 * noise.unit()
      let held = 0.5 + 0.5 * Double(min(place.behind, shape.microBatches - 1) + 1) / 8
      let pressure = Double(place.layers) * room / Double(degree) * held
      guard pressure < 1 else { return }
      let ends = (place.isFirst ? 0.3 : 0) + (place.behind == 0 ? 1.2 : 0)
      let layer = load / size * slower * (1 + 0.06 * Double(degree.trailingZeroBitCount))
      let base = layer * (Double(place.layers) + ends)
      let reduction = 0.3 * base + 0.002 * Double(place.layers) * (1 - Double(degree) / size)
      for tag in 0..<shape.points {
        let share = Double(tag) / Double(max(1, shape.points - 1))
        let stable = base * (1 + 0.3 * pressure + 0.25 * share + 0.005 * noise.unit())
        let extra = reduction * (0.2 + 0.8 * (1 - share) * (1 - share) + 0.02 * noise.unit()) - 0.05 * base
        points.append(StagePoint(stable: stable, firstLast: stable + extra, tag: tag))
      }
    }
    return MeshPipelineProblem(
      microBatches: shape.microBatches, layers: shape.layers, devices: shape.devices,
      devicesPerNode: shape.devicesPerNode, kinds: kinds, maximumStages: shape.maximumStages, mayIdle: true,
      options: options)
  }
}
