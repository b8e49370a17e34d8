/// Turns expressions into the parts of a `Tape`: selects instructions, orders them, and assigns slots.
///
/// Linear in the size of the expressions. Variables are often fixed and the rest compiled anew, so this avoids
/// allocation per node.
struct TapeCompiler {
  /// The finished program.
  let instructions: [TapeInstruction]
  /// Values of the constants that stand in slots.
  let constants: [Double]
  /// Constants of the overlap kernels.
  let factors: [Double]
  /// Registers that it needs.
  let registerCount: Int

  /// Compiles. All outputs and inputs are of one graph, inputs are variables, and all free variables are among them.
  init(graph: ExpressionGraph, outputs: [Int32], inputs: [Int32]) {
    let form = graph.linearForm(of: outputs)
    let selection = TapeSelection(form, interferences: graph.interferences)
    var inputNumbers = [Int32](repeating: -1, count: graph.variableNames.count)
    for (number, id) in inputs.enumerated() { inputNumbers[Int(graph.nodes[Int(id)].payload)] = Int32(number) }
    if let missing = form.nodes.first(where: { $0.kind == .variable && inputNumbers[Int($0.payload)] < 0 }) {
      preconditionFailure("\(graph.variableNames[Int(missing.payload)]) is not among the inputs of the tape")
    }
    var allocation = TapeAllocation(form, inputNumbers: inputNumbers, inputCount: inputs.count)
    allocation.run(selection, order: TapeSchedule.order(selection, outputs: form.roots))
    instructions = allocation.instructions
    constants = allocation.constants
    registerCount = allocation.registerCount
    factors = selection.factors
  }
}
