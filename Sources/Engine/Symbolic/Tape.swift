/// A compiled program that evaluates expressions over many configurations at once.
///
/// Common subexpressions are computed once, unused ones not at all. Intermediate results live in as few registers as
/// the order allows, each a block of 128 configurations, so that the working set stays in the first-level cache. A
/// batch, a part of it and a single configuration give the same bits.
///
///     let graph = ExpressionGraph()
///     let x = graph.variable("x"), y = graph.variable("y")
///     let tape = Tape(outputs: [x * y + 1], inputs: [x, y])
///     tape.evaluate([2, 3])  // [7]
///
/// Immutable: any number of threads may evaluate one tape.
public struct Tape: Sendable {
  /// The steps.
  let instructions: [TapeInstruction]
  /// Constants that stand in slots.
  let constants: [Double]
  /// Constants of the overlap kernels, each in both lanes (a load from memory then needs no shuffle).
  let factors: [OverlapKernel.Lane]
  /// Registers needed.
  let registerCount: Int
  /// Number of inputs.
  public let inputCount: Int
  /// Number of outputs.
  public let outputCount: Int

  /// Compiles the outputs as functions of the inputs, which are variables; every variable that an output depends on
  /// must be among them (a programmer's error otherwise). Linear in the size of the expressions.
  public init(outputs: [Expression], inputs: [Expression]) {
    inputCount = inputs.count
    outputCount = outputs.count
    guard let graph = outputs.first?.graph else {
      (instructions, constants, factors, registerCount) = ([], [], [], 0)
      return
    }
    precondition((outputs + inputs).allSatisfy { $0.graph === graph }, "expressions of different graphs do not mix")
    precondition(
      inputs.allSatisfy { graph.nodes[Int($0.id)].kind == .variable }, "the inputs of a tape are variables")
    let compiler = TapeCompiler(graph: graph, outputs: outputs.map(\.id), inputs: inputs.map(\.id))
    instructions = compiler.instructions
    constants = compiler.constants
    factors = compiler.factors.map { OverlapKernel.Lane(repeating: $0) }
    registerCount = compiler.registerCount
  }

  /// Number of steps.
  public var instructionCount: Int { instructions.count }
}
