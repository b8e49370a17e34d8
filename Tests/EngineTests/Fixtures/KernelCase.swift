@testable import Engine

/// The kernels and collectives of a small GPT on one test machine, for figures computed by hand: its GPU, runtime and
/// machine may be changed. Hidden 1024, MLP 4096, 8 heads of 128, sequences of 1024, two of them in a micro-batch.
struct KernelCase {
  /// The GPU, apart from the machine's.
  var gpu = TestMachines.gpu
  /// No overlap, no further work, the least traffic.
  var runtime = RuntimeProfile.blank
  /// Of 4 GPUs a node.
  var cluster = TestMachines.cluster(nodes: 2, gpusPerNode: 4)
  /// The model.
  var model = TestMachines.gpt(hidden: 1024, layers: 8, heads: 8)
  /// The run.
  var run = TrainingRun(sequenceLength: 1024, globalBatch: 16, attention: .flash)
  /// Tokens of a micro-batch.
  static let tokens = 2048.0
  /// FLOP/s of long products on the test GPU.
  static let productRate = 121e12 * 0.45
  /// Seconds per byte of its memory-bound kernels.
  static let perByte = 1 / (300e9 * 0.8)
  /// Seconds of a launch.
  static let launch = 5e-6

  /// A machine's figure.
  static func figure(_ value: Double) -> Figure { Figure(value, .assumed, source: "test") }

  /// A layer as a stage of one node runs it.
  func layer(tensorParallel: Int = 1, sequenceParallel: Bool = false) -> LayerSeconds {
    let graph = ExpressionGraph()
    let variables = StrategyVariables(graph)
    let operators = ModelOperators(model: model, run: run, gpu: gpu, runtime: runtime, variables: variables)
    let shape = TracedShape(model: model, run: run, variables: variables)
    let rates = KernelRates(gpu: gpu, precision: run.precision)
    let trace = LayerTrace(
      model: model, run: run, runtime: runtime, rates: rates, shape: shape, variables: variables)
    var setting = StageSetting(
      microBatch: 2, tensorParallel: tensorParallel, dataParallel: 4 / tensorParallel, microBatches: 1, nodes: 1,
      gpusPerNode: 4)
    setting.sequenceParallel = sequenceParallel
    let values = setting.values(variables, on: cluster)
    var parts: [LayerOperator.Kind: (forward: Double, backward: Double)] = [:]
    for part in trace.operators { parts[part.kind] = (part.forward.evaluate(values), part.backward.evaluate(values)) }
    let layer = operators.layer
    return LayerSeconds(
      forward: layer.forward.evaluate(values), backward: layer.backward.evaluate(values),
      tensorForward: layer.tensorForward.evaluate(values), tensorBackward: layer.tensorBackward.evaluate(values),
      headForward: operators.head.forward.evaluate(values), parts: parts)
  }

  /// What `body` makes of constants.
  static func seconds(_ body: (_ constant: (Double) -> Expression) -> Expression) -> Double {
    let graph = ExpressionGraph()
    return body(graph.constant).evaluate([:])
  }
}

/// Seconds of a layer's passes and of its kernels by kind.
struct LayerSeconds {
  let forward: Double
  let backward: Double
  let tensorForward: Double
  let tensorBackward: Double
  let headForward: Double
  let parts: [LayerOperator.Kind: (forward: Double, backward: Double)]

  /// Forward seconds of all kernels, one after the other.
  var kernels: Double { parts.values.reduce(0) { $0 + $1.forward } }
}

/// True where two figures agree but for rounding.
func agree(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(abs(a), abs(b)) }
